package dev.selvage.cli.internal.local;

import dev.selvage.agent.control.ControlClient;
import dev.selvage.agent.peer.MemberSigner;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.Profile;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.time.Clock;
import java.util.Optional;

/** The way from a member of an organisation to a node of it. */
public final class NodeLink {
    private NodeLink() {}

    /**
     * A client of the node's control service; to be closed.
     *
     * @param profile whose identity asks; of the node's own organisation
     * @throws SelvageException NOT_PERMITTED when it is of another one; IDENTITY_INVALID, FILE_UNREADABLE
     */
    public static ControlClient open(NodeConfig node, Profile profile) {
        if (!node.node().msp().equals(profile.msp())) {
            throw new SelvageException(
                    ErrorCode.NOT_PERMITTED,
                    "The profile \"" + profile.name() + "\" is of " + profile.msp() + ", and only members of "
                            + node.node().msp() + " may ask " + node.node() + ": use --profile FILE.");
        }
        var tlsRoot = profile.ledger()
                .tlsRoot()
                .orElseThrow(() -> new SelvageException(
                        ErrorCode.CONFIG_INVALID,
                        "The profile \"" + profile.name() + "\" has no ledger.tlsRoot, by which the node is known."));
        var identity = profile.identity();
        var signer = MemberSigner.read(profile.msp(), identity.certificate(), identity.key());
        return new ControlClient(
                node.node(), node.advertise().toString(), tlsRoot, Optional.empty(), signer, Clock.systemUTC());
    }
}
