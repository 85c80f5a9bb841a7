package dev.selvage.network.fabric;

import dev.selvage.network.org.IdentityFiles;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.Organisations;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Configuration of a network: the files, and what differs from node to node as environment variables. */
final class FabricSettings {
    /** Fabric's own without its colours. */
    private static final String LOG_FORMAT =
            "%{time:2006-01-02 15:04:05.000 MST} %{level:.4s} [%{module}] %{shortfunc} -> %{message}";

    private final FabricPlan plan;
    private final Organisations organisations;

    FabricSettings(FabricPlan plan, Organisations organisations) {
        this.plan = plan;
        this.organisations = organisations;
    }

    Path folder() {
        return plan.folder().resolve("config");
    }

    void write(List<PeerPlace> peers, FabricBinaries binaries) {
        Path builder = plan.folder().resolve("builder");
        for (String script : new String[] {"detect", "build", "release"}) {
            Templates.writeScript(
                    "fabric/builder/bin/" + script, builder.resolve("bin").resolve(script));
        }
        Templates.write(
                "fabric/core.yaml",
                Map.of("builder", builder.toString(), "gatewayLimit", Integer.toString(plan.gatewayLimit())),
                folder().resolve("core.yaml"));
        Templates.write("fabric/orderer.yaml", Map.of(), folder().resolve("orderer.yaml"));
        Templates.write(
                "fabric/" + (plan.profile() == FabricPlan.Profile.BFT ? "configtx-bft.yaml" : "configtx.yaml"),
                Map.of(
                        "organisations", organisationEntries(),
                        "members", members(),
                        "consenters", consenters(),
                        "batchTimeout", plan.batchTimeout().toMillis() + "ms"),
                folder().resolve("configtx.yaml"));
        new StepFiles(plan, organisations, this).write(peers, binaries);
    }

    Map<String, String> peerEnvironment(PeerPlace peer) {
        FabricPlan.PeerPorts ports = peer.ports();
        IdentityFiles.TlsFiles tls = peer.identity().tls();
        Path data = plan.folder().resolve("data").resolve(peer.name());
        String first =
                plan.peers().get(peer.organisation().msp()).get(0).address().toString();
        Map<String, String> environment = new TreeMap<>();
        environment.put("FABRIC_CFG_PATH", folder().toString());
        environment.put("FABRIC_LOGGING_SPEC", "warning");
        environment.put("FABRIC_LOGGING_FORMAT", LOG_FORMAT);
        environment.put("CORE_PEER_ID", peer.name());
        environment.put("CORE_PEER_ADDRESS", ports.address().toString());
        environment.put("CORE_PEER_LISTENADDRESS", ports.address().toString());
        environment.put(
                "CORE_PEER_CHAINCODEADDRESS",
                FabricPlan.local(ports.chaincode()).toString());
        environment.put(
                "CORE_PEER_CHAINCODELISTENADDRESS",
                FabricPlan.local(ports.chaincode()).toString());
        environment.put("CORE_PEER_GOSSIP_BOOTSTRAP", first);
        environment.put("CORE_PEER_GOSSIP_EXTERNALENDPOINT", ports.address().toString());
        environment.put("CORE_PEER_LOCALMSPID", peer.organisation().msp());
        environment.put("CORE_PEER_MSPCONFIGPATH", peer.identity().mspFolder().toString());
        environment.put("CORE_PEER_FILESYSTEMPATH", data.toString());
        environment.put(
                "CORE_LEDGER_SNAPSHOTS_ROOTDIR", data.resolve("snapshots").toString());
        environment.put("CORE_PEER_TLS_CERT_FILE", tls.certificate().toString());
        environment.put("CORE_PEER_TLS_KEY_FILE", tls.key().toString());
        environment.put("CORE_PEER_TLS_ROOTCERT_FILE", tls.roots().toString());
        environment.put(
                "CORE_OPERATIONS_LISTENADDRESS",
                FabricPlan.local(ports.operations()).toString());
        environment.put("CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG", services(ports));
        return environment;
    }

    /** What fills the places {@code {{.chaincode0}}} and so on in packages: one package serves all peers of an organisation. */
    private static String services(FabricPlan.PeerPorts ports) {
        return IntStream.range(0, FabricPlan.SERVICES)
                .mapToObj(place -> "\"chaincode" + place + "\":\"" + ports.service(place) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** For the command {@code peer}, run by the administrator of the peer's organisation. */
    Map<String, String> adminEnvironment(PeerPlace peer) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("FABRIC_CFG_PATH", folder().toString());
        environment.put("FABRIC_LOGGING_SPEC", "error");
        environment.put("CORE_PEER_TLS_ENABLED", "true");
        environment.put("CORE_PEER_ADDRESS", peer.address().toString());
        environment.put("CORE_PEER_LOCALMSPID", peer.organisation().msp());
        environment.put(
                "CORE_PEER_MSPCONFIGPATH",
                peer.organisation().identity("Admin").mspFolder().toString());
        environment.put(
                "CORE_PEER_TLS_ROOTCERT_FILE", peer.identity().tls().roots().toString());
        return environment;
    }

    Map<String, String> ordererEnvironment(int index) {
        FabricPlan.OrdererPorts ports = plan.orderers().get(index);
        IdentityFiles identity = organisations.orderer().identity("orderer" + index);
        IdentityFiles.TlsFiles tls = identity.tls();
        Path data = plan.folder().resolve("data").resolve("orderer" + index);
        String roots = "[" + tls.roots() + "]";
        Map<String, String> environment = new TreeMap<>();
        environment.put("FABRIC_CFG_PATH", folder().toString());
        environment.put("FABRIC_LOGGING_SPEC", "warning");
        environment.put("FABRIC_LOGGING_FORMAT", LOG_FORMAT);
        environment.put("ORDERER_GENERAL_LISTENPORT", Integer.toString(ports.orderer()));
        environment.put("ORDERER_GENERAL_LOCALMSPID", organisations.orderer().msp());
        environment.put("ORDERER_GENERAL_LOCALMSPDIR", identity.mspFolder().toString());
        environment.put("ORDERER_GENERAL_TLS_CERTIFICATE", tls.certificate().toString());
        environment.put("ORDERER_GENERAL_TLS_PRIVATEKEY", tls.key().toString());
        environment.put("ORDERER_GENERAL_TLS_ROOTCAS", roots);
        environment.put(
                "ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE", tls.certificate().toString());
        environment.put("ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY", tls.key().toString());
        environment.put("ORDERER_FILELEDGER_LOCATION", data.toString());
        environment.put("ORDERER_CONSENSUS_WALDIR", data.resolve("wal").toString());
        environment.put(
                "ORDERER_CONSENSUS_SNAPDIR", data.resolve("raft-snapshots").toString());
        environment.put(
                "ORDERER_OPERATIONS_LISTENADDRESS",
                FabricPlan.local(ports.operations()).toString());
        environment.put(
                "ORDERER_ADMIN_LISTENADDRESS", FabricPlan.local(ports.admin()).toString());
        environment.put("ORDERER_ADMIN_TLS_CERTIFICATE", tls.certificate().toString());
        environment.put("ORDERER_ADMIN_TLS_PRIVATEKEY", tls.key().toString());
        environment.put("ORDERER_ADMIN_TLS_ROOTCAS", roots);
        environment.put("ORDERER_ADMIN_TLS_CLIENTROOTCAS", roots);
        return environment;
    }

    private String organisationEntries() {
        StringBuilder yaml = new StringBuilder();
        Organisation orderer = organisations.orderer();
        String anyOrderer = "OR('" + orderer.msp() + ".member')";
        yaml.append(head("orderer", orderer))
                .append(policies(anyOrderer, anyOrderer, "OR('" + orderer.msp() + ".admin')"))
                .append("    OrdererEndpoints: [");
        yaml.append(String.join(
                ", ",
                plan.orderers().stream()
                        .map(ports -> "\"" + ports.address() + "\"")
                        .toList()));
        yaml.append("]\n");
        for (Organisation peer : organisations.peers()) {
            String msp = peer.msp();
            yaml.append(head(msp, peer))
                    .append(policies(
                            "OR('" + msp + ".admin', '" + msp + ".peer', '" + msp + ".client')",
                            "OR('" + msp + ".admin', '" + msp + ".client')",
                            "OR('" + msp + ".admin')"))
                    .append("      Endorsement: {Type: Signature, Rule: \"OR('" + msp + ".peer')\"}\n")
                    .append("    AnchorPeers: [{Host: 127.0.0.1, Port: ")
                    .append(plan.peers().get(msp).get(0).peer())
                    .append("}]\n");
        }
        return yaml.toString().stripTrailing();
    }

    private static String head(String anchor, Organisation organisation) {
        return "  - &" + anchor + "\n    Name: " + organisation.msp() + "\n    ID: " + organisation.msp()
                + "\n    MSPDir: \"" + organisation.mspFolder() + "\"\n";
    }

    private static String policies(String readers, String writers, String admins) {
        return "    Policies:\n      Readers: {Type: Signature, Rule: \"" + readers
                + "\"}\n      Writers: {Type: Signature, Rule: \"" + writers
                + "\"}\n      Admins: {Type: Signature, Rule: \"" + admins + "\"}\n";
    }

    private String members() {
        StringBuilder yaml = new StringBuilder();
        organisations
                .peers()
                .forEach(peer -> yaml.append("        - *").append(peer.msp()).append('\n'));
        return yaml.toString().stripTrailing();
    }

    /** Each consenter as one line, with what both profiles ask for or one of them ignores. */
    private String consenters() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < plan.orderers().size(); i++) {
            IdentityFiles identity = organisations.orderer().identity("orderer" + i);
            Path certificate = identity.tls().certificate();
            yaml.append("          - {");
            if (plan.profile() == FabricPlan.Profile.BFT) {
                yaml.append("ID: ")
                        .append(i + 1)
                        .append(", MSPID: ")
                        .append(organisations.orderer().msp())
                        .append(", Identity: \"")
                        .append(identity.certificate())
                        .append("\", ");
            }
            yaml.append("Host: 127.0.0.1, Port: ")
                    .append(plan.orderers().get(i).orderer())
                    .append(", ClientTLSCert: \"")
                    .append(certificate)
                    .append("\", ServerTLSCert: \"")
                    .append(certificate)
                    .append("\"}\n");
        }
        return yaml.toString().stripTrailing();
    }
}
