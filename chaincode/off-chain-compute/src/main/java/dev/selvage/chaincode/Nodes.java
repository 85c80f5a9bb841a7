package dev.selvage.chaincode;

import dev.selvage.contract.Caller;
import dev.selvage.model.ContractApi;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Keys;
import dev.selvage.model.Names;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes: the keys by which they sign, and what they say of themselves. */
final class Nodes {
    private static final int ENDPOINT = 255;
    private static final int CERTIFICATE = 16 * 1024;
    private static final int OPERATIONS = 100;

    private Nodes() {}

    /** Registers a key of a node. The same key again changes nothing. */
    static Map<String, String> register(Call call, ContractApi.NodeRegistration registration) {
        NodeId node = ownNode(call, registration.node());
        if (registration.certificate() == null || registration.certificate().length() > CERTIFICATE) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A registration has a certificate in PEM.");
        }
        var certificate = Caller.certificate(registration.certificate().getBytes(StandardCharsets.UTF_8));
        var admin = call.caller().certificate();
        if (!certificate.getIssuerX500Principal().equals(admin.getIssuerX500Principal())) {
            throw new SelvageException(
                    ErrorCode.IDENTITY_INVALID,
                    "The node's certificate was not issued by the authority of " + node.msp() + "'s admin.");
        }
        Digest spki = Caller.spki(certificate);
        if (call.state().has(Keys.revoked(node, spki))) {
            throw new SelvageException(
                    ErrorCode.NODE_REVOKED, "This key of " + node + " was revoked; a revoked key never returns.");
        }
        String key = Keys.nodeKey(node, spki);
        if (!call.state().has(key)) {
            String publicKey = Base64.getEncoder()
                    .encodeToString(certificate.getPublicKey().getEncoded());
            call.state()
                    .put(
                            key,
                            new Facts.NodeKeyFact(
                                    node, spki, publicKey, call.caller().party().id(), call.at(), call.txid()));
        }
        return Map.of();
    }

    /** Revokes a key of a node, for good. */
    static Map<String, String> revoke(Call call, ContractApi.NodeRevocation revocation) {
        NodeId node = ownNode(call, revocation.node());
        if (revocation.spki() == null || !call.state().has(Keys.nodeKey(node, revocation.spki()))) {
            throw new SelvageException(ErrorCode.NODE_UNKNOWN, "No such key of " + node + " is registered.");
        }
        String key = Keys.revoked(node, revocation.spki());
        if (!call.state().has(key)) {
            call.state()
                    .put(
                            key,
                            new Facts.RevocationFact(
                                    node, revocation.spki(), call.caller().party(), call.at(), call.txid()));
        }
        return Map.of();
    }

    private static NodeId ownNode(Call call, String name) {
        NodeId node = new NodeId(call.caller().msp(), Names.component("The node", name));
        if (!call.caller().isAdmin()) {
            throw call.notPermitted("may not register or revoke nodes: an admin of " + node.msp() + " does that.");
        }
        return node;
    }

    /** What a node says of itself replaces what it said before. */
    static Map<String, String> update(Call call, ContractApi.NodeInfo info) {
        NodeId node = signer(call, info.node());
        if (info.endpoint() == null
                || info.endpoint().isEmpty()
                || info.endpoint().length() > ENDPOINT) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A node names its endpoint, host:port.");
        }
        if (info.operations().size() > OPERATIONS
                || !info.operations().keySet().stream().allMatch(Names::isOperation)) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "A node offers up to " + OPERATIONS + " operations by their ids.");
        }
        call.state()
                .put(
                        Keys.nodeInfo(node),
                        new Facts.NodeInfoFact(
                                node, info.endpoint(), info.operations(), info.capacity(), call.at(), call.txid()));
        return Map.of();
    }

    /** What {@link #signer} reads. */
    static List<String> signerKeys(Call call, String name) {
        NodeId node = new NodeId(call.caller().msp(), Names.component("The node", name));
        return List.of(
                Keys.nodeKey(node, call.caller().spki()),
                Keys.revoked(node, call.caller().spki()));
    }

    /**
     * The node of the caller's organisation with that name, by whose registered key the transaction is signed.
     *
     * @throws SelvageException NODE_UNKNOWN or NODE_REVOKED
     */
    static NodeId signer(Call call, String name) {
        NodeId node = new NodeId(call.caller().msp(), Names.component("The node", name));
        requireKey(call, node, call.caller().spki());
        return node;
    }

    /**
     * Holds that a key is registered for the node and not revoked.
     *
     * @throws SelvageException NODE_UNKNOWN or NODE_REVOKED
     */
    static void requireKey(Call call, NodeId node, Digest spki) {
        if (!call.state().has(Keys.nodeKey(node, spki))) {
            throw new SelvageException(
                    ErrorCode.NODE_UNKNOWN,
                    Map.of("node", node.toString()),
                    "The key " + spki.shortForm() + "... is not registered for " + node + ".");
        }
        if (call.state().has(Keys.revoked(node, spki))) {
            throw new SelvageException(
                    ErrorCode.NODE_REVOKED,
                    Map.of("node", node.toString()),
                    "The key " + spki.shortForm() + "... of " + node + " was revoked.");
        }
    }

    /** The newest key of a node that is not revoked. */
    static Optional<Digest> currentKey(Call call, NodeId node) {
        return call.state().range(Keys.nodeKeys(node)).stream()
                .map(row -> row.as(Facts.NodeKeyFact.class))
                .sorted(Comparator.comparingLong(Facts.NodeKeyFact::at)
                        .thenComparing(Facts.NodeKeyFact::spki)
                        .reversed())
                .map(Facts.NodeKeyFact::spki)
                .filter(spki -> !call.state().has(Keys.revoked(node, spki)))
                .findFirst();
    }
}
