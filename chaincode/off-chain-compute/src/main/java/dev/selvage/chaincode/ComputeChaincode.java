package dev.selvage.chaincode;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ResponseUtils;

/**
 * The contract as the shim sees it. Every fault leaves as the message {@code SELVAGE/<CODE> {...} sentence}, since that is all that a
 * gateway's client gets to see (LEDGER.md, rule 9). Invocations run side by side; nothing is shared between them.
 */
public final class ComputeChaincode extends ChaincodeBase {
    private static final Logger LOG = Logger.getLogger(ComputeChaincode.class.getName());

    private final Settings settings;

    public ComputeChaincode(Settings settings) {
        this.settings = settings;
    }

    /** As {@link #ComputeChaincode(Settings)}, registering at the peer under the chaincode's package id. */
    ComputeChaincode(Settings settings, String id) {
        this(settings);
        processCommandLineOptions(new String[] {"-i", id});
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
            var call = new Call(stub, settings);
            Object answer = Functions.run(call, words.get(0), words.subList(1, words.size()));
            byte[] payload = CanonicalJson.bytes(answer);
            call.finish();
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
