package dev.selvage.contract;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ResponseUtils;

/**
 * A contract as the shim sees it. Every fault leaves as the message {@code SELVAGE/<CODE> {...} sentence}, since that is all that a
 * gateway's client gets to see (LEDGER.md, rule 9). Invocations run side by side; nothing is shared between them.
 *
 * @param <C> the contract's own view of an invocation
 */
public class JsonChaincode<C extends Invocation> extends ChaincodeBase {
    private static final Logger LOG = Logger.getLogger(JsonChaincode.class.getName());

    private final FunctionTable<C> functions;
    private final Function<ChaincodeStub, C> call;
    private volatile PeerStream stream;

    protected JsonChaincode(FunctionTable<C> functions, Function<ChaincodeStub, C> call) {
        this.functions = functions;
        this.call = call;
    }

    /** How the one peer that this process serves is reached. */
    final void serves(PeerStream peer) {
        stream = peer;
    }

    @Override
    public Response init(ChaincodeStub stub) {
        return ResponseUtils.newSuccessResponse();
    }

    @Override
    public Response invoke(ChaincodeStub stub) {
        try {
            List<String> words = stub.getStringArgs();
            if (words.isEmpty()) {
                throw new SelvageException(ErrorCode.REQUEST_INVALID, "Name the function to call.");
            }
            C invocation = call.apply(stub);
            var peer = stream;
            if (peer != null && peer.readsTogether()) {
                invocation.state().readBy(keys -> peer.read(stub.getChannelId(), stub.getTxId(), keys));
            }
            Object answer = functions.run(invocation, words.get(0), words.subList(1, words.size()));
            byte[] payload = CanonicalJson.bytes(answer);
            invocation.finish();
            return ResponseUtils.newSuccessResponse(payload);
        } catch (SelvageException refused) {
            return ResponseUtils.newErrorResponse(refused.toWire());
        } catch (RuntimeException defect) {
            LOG.log(Level.SEVERE, defect, () -> "transaction " + stub.getTxId());
            var fault = new SelvageException(
                    ErrorCode.INTERNAL,
                    "The contract failed on this request (" + defect.getClass().getSimpleName()
                            + "); its log has the rest.",
                    defect);
            return ResponseUtils.newErrorResponse(fault.toWire());
        }
    }
}
