package dev.selvage.agent.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.agent.ledger.LedgerBlock.Transaction;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.Facts.TaskFact;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads Fabric's blocks. What cannot be read of one transaction is left out and logged: a stranger's bytes must not stop the stream. */
final class BlockDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(BlockDecoder.class);

    private final String chaincode;

    BlockDecoder(String chaincode) {
        this.chaincode = chaincode;
    }

    LedgerBlock decode(Block block) {
        List<Transaction> transactions = new ArrayList<>();
        var codes = codes(block);
        for (int i = 0; i < block.getData().getDataCount(); i++) {
            int code = i < codes.size() ? codes.byteAt(i) & 0xff : TxValidationCode.NOT_VALIDATED_VALUE;
            try {
                transaction(block.getData().getData(i), code).ifPresent(transactions::add);
            } catch (InvalidProtocolBufferException e) {
                LOG.warn(
                        "transaction {} of block {} cannot be read",
                        i,
                        block.getHeader().getNumber(),
                        e);
            }
        }
        return new LedgerBlock(block.getHeader().getNumber(), hash(block.getHeader()), transactions);
    }

    private static ByteString codes(Block block) {
        int index = BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE;
        return block.getMetadata().getMetadataCount() > index
                ? block.getMetadata().getMetadata(index)
                : ByteString.EMPTY;
    }

    private Optional<Transaction> transaction(ByteString bytes, int code) throws InvalidProtocolBufferException {
        Payload payload = Payload.parseFrom(Envelope.parseFrom(bytes).getPayload());
        ChannelHeader header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
        if (header.getType() != HeaderType.ENDORSER_TRANSACTION_VALUE) {
            return Optional.empty();
        }
        var creator = SerializedIdentity.parseFrom(
                SignatureHeader.parseFrom(payload.getHeader().getSignatureHeader())
                        .getCreator());
        var name = TxValidationCode.forNumber(code);
        String codeName = name == null ? "CODE_" + code : name.name();
        var call = Call.NONE;
        Optional<LedgerEvent> event = Optional.empty();
        Optional<TaskFact> task = Optional.empty();
        var transaction = org.hyperledger.fabric.protos.peer.Transaction.parseFrom(payload.getData());
        if (transaction.getActionsCount() > 0) {
            var action =
                    ChaincodeActionPayload.parseFrom(transaction.getActions(0).getPayload());
            call = call(action);
            if (code == TxValidationCode.VALID_VALUE) {
                event = event(action, header.getTxId());
                task = call.function().equals(ContractApi.CREATE_TASK) ? task(action, event) : task;
            }
        }
        long at = header.getTimestamp().getSeconds() * 1000
                + header.getTimestamp().getNanos() / 1_000_000;
        return Optional.of(new Transaction(
                header.getTxId(),
                codeName,
                at,
                creator.getMspid(),
                Digest.of(creator.getIdBytes().toByteArray()),
                call.function(),
                call.argument(),
                task,
                event));
    }

    private record Call(String function, String argument) {
        static final Call NONE = new Call("", "");
    }

    private Call call(ChaincodeActionPayload action) throws InvalidProtocolBufferException {
        var proposal = ChaincodeProposalPayload.parseFrom(action.getChaincodeProposalPayload());
        var spec = ChaincodeInvocationSpec.parseFrom(proposal.getInput()).getChaincodeSpec();
        var args = spec.getInput().getArgsList();
        if (!spec.getChaincodeId().getName().equals(chaincode) || args.isEmpty()) {
            return Call.NONE;
        }
        return new Call(
                args.get(0).toStringUtf8(), args.size() > 1 ? args.get(1).toStringUtf8() : "");
    }

    private Optional<LedgerEvent> event(ChaincodeActionPayload payload, String txid)
            throws InvalidProtocolBufferException {
        var response = ProposalResponsePayload.parseFrom(payload.getAction().getProposalResponsePayload());
        var event = ChaincodeEvent.parseFrom(
                ChaincodeAction.parseFrom(response.getExtension()).getEvents());
        if (!event.getChaincodeId().equals(chaincode) || !event.getEventName().equals(LedgerEvent.NAME)) {
            return Optional.empty();
        }
        if (event.getPayload().size() > Limits.EVENT) {
            LOG.warn(
                    "the event of transaction {} has {} bytes and is not read",
                    txid,
                    event.getPayload().size());
            return Optional.empty();
        }
        try {
            return Optional.of(CanonicalJson.read(event.getPayload().toByteArray(), LedgerEvent.class));
        } catch (SelvageException e) {
            LOG.error("the event of transaction {} is not one that this version knows: {}", txid, e.sentence());
            return Optional.empty();
        }
    }

    /** The fact of the task as the contract wrote it, so that nobody has to ask for it. */
    private Optional<TaskFact> task(ChaincodeActionPayload payload, Optional<LedgerEvent> event)
            throws InvalidProtocolBufferException {
        var created = event.stream()
                .flatMap(some -> some.facts().stream())
                .filter(LedgerEvent.Created.class::isInstance)
                .findFirst();
        if (created.isEmpty()) {
            return Optional.empty();
        }
        try {
            return WriteSet.of(chaincode, payload.getAction().getProposalResponsePayload())
                    .value(Keys.task(created.get().task()))
                    .map(bytes -> CanonicalJson.read(bytes, TaskFact.class));
        } catch (SelvageException e) {
            LOG.warn(
                    "task={} its fact cannot be read from its block: {}",
                    created.get().task(),
                    e.sentence());
            return Optional.empty();
        }
    }

    /** SHA-256 of the ASN.1 form SEQUENCE {INTEGER number, OCTET STRING previous hash, OCTET STRING data hash}. */
    static Digest hash(BlockHeader header) {
        var body = new ByteArrayOutputStream();
        element(body, 0x02, BigInteger.valueOf(header.getNumber()).toByteArray());
        element(body, 0x04, header.getPreviousHash().toByteArray());
        element(body, 0x04, header.getDataHash().toByteArray());
        var all = new ByteArrayOutputStream();
        element(all, 0x30, body.toByteArray());
        return Digest.of(all.toByteArray());
    }

    private static void element(ByteArrayOutputStream out, int tag, byte[] value) {
        out.write(tag);
        if (value.length < 0x80) {
            out.write(value.length);
        } else if (value.length < 0x100) {
            out.write(0x81);
            out.write(value.length);
        } else {
            throw new IllegalArgumentException("no part of a block's header is that long");
        }
        out.writeBytes(value);
    }
}
