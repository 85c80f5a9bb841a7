package dev.selvage.cli.internal.doctor;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.agent.peer.IdentityCheck;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.formats.config.HostPort;
import dev.selvage.formats.config.LedgerAccess;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.peer.lifecycle.QueryChaincodeDefinitionArgs;
import org.hyperledger.fabric.protos.peer.lifecycle.QueryChaincodeDefinitionResult;

/** The way of one profile to the ledger: identity, links, channel, chaincode, blocks. */
final class LedgerChecks {
    private static final Duration BLOCK = Duration.ofSeconds(5);

    private final Findings findings;
    private final DoctorSettings settings;

    LedgerChecks(Findings findings, DoctorSettings settings) {
        this.findings = findings;
        this.settings = settings;
    }

    /** Whether the identity is of use at all. */
    Optional<MemberSigner> identity(Profile profile) {
        String msp = profile.msp();
        var signer = findings.tried(msp, "identity", () -> {
            var read = MemberSigner.read(
                    msp, profile.identity().certificate(), profile.identity().key());
            IdentityCheck.requireCurrent(read.certificate(), Instant.now());
            return read;
        });
        signer.ifPresent(read -> {
            findings.ok(msp, "identity", read.party() + ", key and certificate belong together");
            term(msp, "identity", read.certificate());
        });
        return signer;
    }

    /** Warns of a certificate that expires soon. */
    void term(String subject, String check, X509Certificate certificate) {
        term(subject, check, certificate.getNotAfter().toInstant());
    }

    void term(String subject, String check, Instant until) {
        var left = Duration.between(Instant.now(), until);
        if (left.isNegative()) {
            findings.fail(
                    subject, check, ErrorCode.CERTIFICATE_EXPIRED, "The certificate has expired at " + until + ".");
        } else if (left.compareTo(settings.term()) < 0) {
            findings.warn(
                    subject,
                    check,
                    ErrorCode.CERTIFICATE_EXPIRING,
                    "The certificate expires at " + until + ", in " + left.toDays() + " days.");
        }
    }

    /** The peers of the profile to which a secure link comes about. */
    List<HostPort> links(Profile profile) {
        var access = profile.ledger();
        List<HostPort> reached = new ArrayList<>();
        for (HostPort endpoint : access.endpoints()) {
            String check = "link to " + endpoint;
            if (access.tlsRoot().isEmpty()) {
                findings.warn(
                        profile.msp(),
                        check,
                        ErrorCode.TLS_UNTRUSTED,
                        "The profile has no ledger.tlsRoot: no TLS is used.");
                reached.add(endpoint);
                continue;
            }
            findings.tried(
                            profile.msp(),
                            check,
                            () -> SecureLinks.handshake(
                                    endpoint.host(),
                                    endpoint.port(),
                                    Pems.certificates(access.tlsRoot().get()),
                                    access.serverName(endpoint).orElse(endpoint.host()),
                                    ErrorCode.LEDGER_UNREACHABLE))
                    .ifPresent(certificate -> {
                        findings.ok(
                                profile.msp(),
                                check,
                                "TLS, " + access.serverName(endpoint).orElse(endpoint.host()));
                        term(profile.msp(), check, certificate);
                        reached.add(endpoint);
                    });
        }
        return reached;
    }

    /** The same profile with one peer. */
    static Profile at(Profile profile, HostPort endpoint) {
        var access = profile.ledger();
        return new Profile(
                profile.name(),
                new LedgerAccess(List.of(endpoint), access.tlsRoot(), access.serverName(endpoint)),
                profile.msp(),
                profile.identity(),
                profile.channel(),
                profile.chaincode(),
                profile.nodes());
    }

    /** The channel as a peer of the profile has it; empty when it does not answer. */
    Optional<Long> channel(ContractClient client, HostPort endpoint) {
        var profile = client.profile();
        String check = "channel " + profile.channel() + " at " + endpoint;
        var height = findings.tried(
                profile.msp(), check, () -> height(client.evaluate("qscc", "GetChainInfo", profile.channel())));
        height.ifPresent(blocks -> findings.ok(profile.msp(), check, blocks + " blocks"));
        return height;
    }

    static long height(byte[] chainInfo) {
        try {
            return BlockchainInfo.parseFrom(chainInfo).getHeight();
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.LEDGER_REFUSED, "The peer's answer cannot be read.", e);
        }
    }

    Optional<ChannelConfig> config(ContractClient client) {
        var profile = client.profile();
        return findings.tried(
                profile.msp(),
                "configuration",
                () -> ChannelConfig.of(client.evaluate("cscc", "GetConfigBlock", profile.channel())));
    }

    /** Whether blocks are streamed, as agents need it. */
    void blocks(ContractClient client, long height) {
        String msp = client.profile().msp();
        findings.tried(msp, "block events", () -> {
            client.takeBlock(height - 1, BLOCK);
            findings.ok(msp, "block events", "block " + (height - 1) + " came");
            return true;
        });
    }

    /** What is committed under the chaincode's name; whether anything is. */
    boolean definition(ContractClient client, ChannelConfig config) {
        var profile = client.profile();
        String check = "chaincode " + profile.chaincode();
        var found = findings.tried(profile.msp(), check, () -> definition(client));
        found.ifPresent(definition -> compare(profile.msp(), check, definition, config));
        return found.isPresent();
    }

    private static QueryChaincodeDefinitionResult definition(ContractClient client) {
        byte[] argument = QueryChaincodeDefinitionArgs.newBuilder()
                .setName(client.profile().chaincode())
                .build()
                .toByteArray();
        try {
            return QueryChaincodeDefinitionResult.parseFrom(
                    client.evaluate("_lifecycle", "QueryChaincodeDefinition", new byte[][] {argument}));
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.LEDGER_REFUSED, "The chaincode's definition cannot be read.", e);
        }
    }

    private void compare(String msp, String check, QueryChaincodeDefinitionResult definition, ChannelConfig config) {
        String is = "version " + definition.getVersion() + ", sequence " + definition.getSequence();
        var missing = new TreeSet<>(config.msps());
        definition.getApprovalsMap().forEach((who, approved) -> {
            if (approved) {
                missing.remove(who);
            }
        });
        boolean otherVersion =
                settings.version().isPresent() && !settings.version().get().equals(definition.getVersion());
        boolean otherSequence =
                settings.sequence().isPresent() && settings.sequence().getAsLong() != definition.getSequence();
        if (otherVersion || otherSequence) {
            findings.fail(
                    msp,
                    check,
                    ErrorCode.CHAINCODE_VERSION,
                    "Committed is " + is + ", wanted"
                            + settings.version().map(text -> " version " + text).orElse("")
                            + (settings.sequence().isPresent()
                                    ? " sequence " + settings.sequence().getAsLong()
                                    : "")
                            + ".");
        } else if (!missing.isEmpty()) {
            findings.warn(
                    msp,
                    check,
                    ErrorCode.CHAINCODE_VERSION,
                    "Committed is " + is + "; not approved by " + String.join(", ", missing)
                            + ", whose peers cannot endorse.");
        } else if (settings.version().isEmpty() && !settings.build().equals(definition.getVersion())) {
            findings.warn(
                    msp,
                    check,
                    ErrorCode.CHAINCODE_VERSION,
                    "Committed is " + is + "; this command is " + settings.build()
                            + ". If that is meant: --chaincode-version " + definition.getVersion() + ".");
        } else {
            findings.ok(msp, check, is + ", approved by all");
        }
    }

    /** Whether the contract's process answers at the organisation's own peer. */
    void contract(ContractClient client) {
        String msp = client.profile().msp();
        findings.tried(msp, "contract's process", () -> {
            client.evaluateAt(msp, client.profile().chaincode(), ContractApi.LIST_NODES, "{\"size\":1}");
            findings.ok(msp, "contract's process", "answers");
            return true;
        });
    }
}
