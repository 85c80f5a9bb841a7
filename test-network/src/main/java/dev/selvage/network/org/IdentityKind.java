package dev.selvage.network.org;

import java.util.List;

/** The kinds of identity that cryptogen's layout knows, with their folders and names, and an agent's node beside them. */
enum IdentityKind {
    PEER(Role.PEER, "peers", true),
    ORDERER(Role.ORDERER, "orderers", true),
    ADMIN(Role.ADMIN, "users", false),
    CLIENT(Role.CLIENT, "users", false),
    /** An agent: to Fabric a client; its TLS certificate is a server's as well, for links between nodes. */
    NODE(Role.CLIENT, "users", true);

    private final Role role;
    private final String folder;
    private final boolean server;

    IdentityKind(Role role, String folder, boolean server) {
        this.role = role;
        this.folder = folder;
        this.server = server;
    }

    Role role() {
        return role;
    }

    String folder() {
        return folder;
    }

    /** Name of the TLS files: {@code server.crt} or {@code client.crt}. */
    String tlsName() {
        return server ? "server" : "client";
    }

    /** {@code peer0.ewr.example} or {@code User1@ewr.example}: folder and common name. */
    String fullName(String name, String domain) {
        return name + (folder.equals("users") ? "@" : ".") + domain;
    }

    List<String> hostNames(String name, String domain) {
        return List.of(name + "." + domain, name);
    }
}
