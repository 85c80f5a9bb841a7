package dev.selvage.network.internal.commit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.network.internal.store.BlockHashes;
import dev.selvage.network.org.ChannelOrganisations;
import dev.selvage.network.org.Identification.Known;
import dev.selvage.network.org.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/**
 * The checks of a transaction that need no state, in the order of Fabric's validator and with its codes: form, creator's signature,
 * transaction id, the chain from proposal to response, and each endorser's signature. Thread-safe.
 */
public final class TransactionChecks {
    private final String channel;
    private final ChannelOrganisations organisations;
    private final SignatureCache signatures;

    public TransactionChecks(String channel, ChannelOrganisations organisations, SignatureCache signatures) {
        this.channel = channel;
        this.organisations = organisations;
        this.signatures = signatures;
    }

    /** Stops the checks with the code that the block will show. */
    private static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;
        private final TxValidationCode code;

        Invalid(TxValidationCode code) {
            super(code.name(), null, false, false);
            this.code = code;
        }
    }

    /** The message's parser, with a code for bytes that it refuses. */
    @FunctionalInterface
    private interface Parser<T> {
        T parse(ByteString bytes) throws InvalidProtocolBufferException;
    }

    public CheckedTransaction check(Envelope envelope) {
        ByteString bytes = envelope.toByteString();
        String txId = "";
        Optional<Member> creator = Optional.empty();
        try {
            Payload payload = parse(Payload::parseFrom, envelope.getPayload(), TxValidationCode.BAD_PAYLOAD);
            Header header = payload.getHeader();
            ChannelHeader channelHeader =
                    parse(ChannelHeader::parseFrom, header.getChannelHeader(), TxValidationCode.BAD_COMMON_HEADER);
            txId = channelHeader.getTxId();
            SignatureHeader signer =
                    parse(SignatureHeader::parseFrom, header.getSignatureHeader(), TxValidationCode.BAD_COMMON_HEADER);
            requireHeaders(channelHeader, signer);
            creator = signedBy(signer.getCreator(), envelope);
            require(creator.isPresent(), TxValidationCode.BAD_CREATOR_SIGNATURE);
            require(
                    channelHeader.getType() == HeaderType.ENDORSER_TRANSACTION_VALUE,
                    TxValidationCode.UNSUPPORTED_TX_PAYLOAD);
            require(
                    txId.equals(transactionId(signer.getNonce(), signer.getCreator())),
                    TxValidationCode.BAD_PROPOSAL_TXID);
            return endorsed(bytes, creator, channelHeader, header, payload.getData());
        } catch (Invalid invalid) {
            return CheckedTransaction.invalid(bytes, txId, invalid.code, creator);
        }
    }

    /** Hex SHA-256 of nonce and creator. */
    public static String transactionId(ByteString nonce, ByteString creator) {
        return HexFormat.of().formatHex(BlockHashes.sha256(nonce.concat(creator).toByteArray()));
    }

    private static void requireHeaders(ChannelHeader channelHeader, SignatureHeader signer) throws Invalid {
        boolean knownType = channelHeader.getType() == HeaderType.ENDORSER_TRANSACTION_VALUE
                || channelHeader.getType() == HeaderType.CONFIG_UPDATE_VALUE
                || channelHeader.getType() == HeaderType.CONFIG_VALUE;
        require(
                knownType
                        && channelHeader.getEpoch() == 0
                        && !signer.getNonce().isEmpty()
                        && !signer.getCreator().isEmpty(),
                TxValidationCode.BAD_COMMON_HEADER);
    }

    private Optional<Member> signedBy(ByteString creator, Envelope envelope) {
        return organisations.identify(creator) instanceof Known known
                        && signatures.verify(
                                known.member(),
                                envelope.getPayload().toByteArray(),
                                envelope.getSignature().toByteArray())
                ? Optional.of(known.member())
                : Optional.empty();
    }

    private CheckedTransaction endorsed(
            ByteString bytes, Optional<Member> creator, ChannelHeader channelHeader, Header header, ByteString data)
            throws Invalid {
        TxValidationCode malformed = TxValidationCode.INVALID_ENDORSER_TRANSACTION;
        Transaction transaction = parse(Transaction::parseFrom, data, malformed);
        require(transaction.getActionsCount() == 1, malformed);
        TransactionAction action = transaction.getActions(0);
        SignatureHeader actionHeader = parse(SignatureHeader::parseFrom, action.getHeader(), malformed);
        require(!actionHeader.getNonce().isEmpty() && !actionHeader.getCreator().isEmpty(), malformed);
        ChaincodeActionPayload content = parse(ChaincodeActionPayload::parseFrom, action.getPayload(), malformed);
        ByteString response = content.getAction().getProposalResponsePayload();
        ProposalResponsePayload parsed = parse(ProposalResponsePayload::parseFrom, response, malformed);
        byte[] hash = BlockHashes.sha256(header.getChannelHeader()
                .concat(action.getHeader())
                .concat(content.getChaincodeProposalPayload())
                .toByteArray());
        require(parsed.getProposalHash().equals(ByteString.copyFrom(hash)), malformed);
        require(channelHeader.getChannelId().equals(channel), TxValidationCode.TARGET_CHAIN_NOT_FOUND);

        ChaincodeAction result =
                parse(ChaincodeAction::parseFrom, parsed.getExtension(), TxValidationCode.BAD_RESPONSE_PAYLOAD);
        String chaincode = chaincodeOf(channelHeader, result);
        requireOwnEvent(chaincode, channelHeader.getTxId(), result.getEvents());
        return new CheckedTransaction(
                bytes,
                channelHeader.getTxId(),
                TxValidationCode.VALID,
                creator,
                chaincode,
                endorsers(response, content.getAction().getEndorsementsList()),
                sets(result.getResults()));
    }

    private static String chaincodeOf(ChannelHeader channelHeader, ChaincodeAction result) throws Invalid {
        ChaincodeHeaderExtension extension = parse(
                ChaincodeHeaderExtension::parseFrom,
                channelHeader.getExtension(),
                TxValidationCode.BAD_HEADER_EXTENSION);
        String name = extension.getChaincodeId().getName();
        require(!name.isEmpty() && name.equals(result.getChaincodeId().getName()), TxValidationCode.INVALID_CHAINCODE);
        return name;
    }

    private static void requireOwnEvent(String chaincode, String txId, ByteString bytes) throws Invalid {
        if (bytes.isEmpty()) {
            return;
        }
        ChaincodeEvent event = parse(ChaincodeEvent::parseFrom, bytes, TxValidationCode.INVALID_OTHER_REASON);
        require(
                event.getChaincodeId().equals(chaincode)
                        && (event.getTxId().isEmpty() || event.getTxId().equals(txId)),
                TxValidationCode.INVALID_OTHER_REASON);
    }

    private List<Member> endorsers(ByteString response, List<Endorsement> endorsements) {
        List<Member> good = new ArrayList<>();
        for (Endorsement endorsement : endorsements) {
            byte[] signed = response.concat(endorsement.getEndorser()).toByteArray();
            if (organisations.identify(endorsement.getEndorser()) instanceof Known known
                    && signatures.verify(
                            known.member(), signed, endorsement.getSignature().toByteArray())) {
                good.add(known.member());
            }
        }
        return good;
    }

    private static Map<String, KVRWSet> sets(ByteString results) throws Invalid {
        Map<String, KVRWSet> sets = new HashMap<>();
        TxReadWriteSet all = parse(TxReadWriteSet::parseFrom, results, TxValidationCode.BAD_RWSET);
        for (NsReadWriteSet set : all.getNsRwsetList()) {
            require(set.getCollectionHashedRwsetCount() == 0, TxValidationCode.BAD_RWSET);
            KVRWSet parsed = parse(KVRWSet::parseFrom, set.getRwset(), TxValidationCode.BAD_RWSET);
            require(sets.put(set.getNamespace(), parsed) == null, TxValidationCode.ILLEGAL_WRITESET);
        }
        return sets;
    }

    private static <T> T parse(Parser<T> parser, ByteString bytes, TxValidationCode otherwise) throws Invalid {
        try {
            return parser.parse(bytes);
        } catch (InvalidProtocolBufferException malformed) {
            throw new Invalid(otherwise);
        }
    }

    private static void require(boolean holds, TxValidationCode otherwise) throws Invalid {
        if (!holds) {
            throw new Invalid(otherwise);
        }
    }
}
