package dev.selvage.network.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.org.Organisation;
import dev.selvage.network.org.SignaturePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.hyperledger.fabric.protos.peer.ApplicationPolicy;

/**
 * Fabric's chaincode lifecycle: install, approve, commit. Each step asks first what is there, since Fabric refuses a step that was taken
 * before, and half a deployment must not hinder the next one.
 */
final class FabricDeployment {
    private static final String INSTALLED_BEFORE = "already successfully installed";
    private static final String APPROVED_BEFORE = "with unchanged content";

    private final FabricPlan plan;
    private final FabricCommands commands;
    private final List<PeerPlace> peers;

    /** @param peers all of the network's, those of one organisation together */
    FabricDeployment(FabricPlan plan, FabricCommands commands, List<PeerPlace> peers) {
        this.plan = plan;
        this.commands = commands;
        this.peers = peers;
    }

    List<NativeFabric.Definition> definitions(PeerPlace asked) {
        String answer = commands.peer(
                asked,
                List.of("lifecycle", "chaincode", "querycommitted", "--channelID", plan.channel(), "--output", "json"));
        List<NativeFabric.Definition> definitions = new ArrayList<>();
        for (JsonNode one : CanonicalJson.parse(answer).path("chaincode_definitions")) {
            definitions.add(new NativeFabric.Definition(
                    one.path("name").asText(),
                    one.path("version").asText(),
                    one.path("sequence").asLong(),
                    policy(one.path("validation_parameter").asText())));
        }
        return definitions;
    }

    /** @param parameter Fabric's ApplicationPolicy, base64 */
    static String policy(String parameter) {
        try {
            ApplicationPolicy policy =
                    ApplicationPolicy.parseFrom(Base64.getDecoder().decode(parameter));
            return policy.hasSignaturePolicy()
                    ? SignaturePolicy.fromProto(policy.getSignaturePolicy().toByteString())
                            .toString()
                    : policy.getChannelConfigPolicyReference();
        } catch (InvalidProtocolBufferException | IllegalArgumentException | SelvageException notTold) {
            return "";
        }
    }

    void deploy(String name, String version, long sequence, Map<String, ChaincodePackage> packages, String policy) {
        List<String> definition = new ArrayList<>(List.of(
                "--channelID",
                plan.channel(),
                "--name",
                name,
                "--version",
                version,
                "--sequence",
                Long.toString(sequence)));
        if (!policy.isEmpty()) {
            definition.addAll(List.of("--signature-policy", policy));
        }
        List<String> everyOrganisation = new ArrayList<>();
        for (PeerPlace peer : peers) {
            ChaincodePackage pack = packages.get(peer.organisation().msp());
            install(peer, name, pack);
            if (peer.index() == 0) {
                approve(peer, definition, pack);
                everyOrganisation.addAll(
                        List.of("--peerAddresses", peer.address().toString()));
                everyOrganisation.addAll(List.of(
                        "--tlsRootCertFiles", peer.identity().tls().roots().toString()));
            }
        }
        commands.peer(peers.get(0), lifecycle("commit", definition, everyOrganisation));
    }

    Path packageFile(String name, Organisation organisation) {
        return plan.folder().resolve("packages").resolve(name + "-" + organisation.domain() + ".tar.gz");
    }

    private void install(PeerPlace peer, String name, ChaincodePackage pack) {
        Path file = packageFile(name, peer.organisation());
        write(pack, file);
        String installed = commands.peer(peer, List.of("lifecycle", "chaincode", "queryinstalled", "--output", "json"));
        if (!installed.contains("\"" + pack.id() + "\"")) {
            orElse(
                    INSTALLED_BEFORE,
                    () -> commands.peer(peer, List.of("lifecycle", "chaincode", "install", file.toString())));
        }
    }

    private void approve(PeerPlace peer, List<String> definition, ChaincodePackage pack) {
        orElse(
                APPROVED_BEFORE,
                () -> commands.peer(
                        peer, lifecycle("approveformyorg", definition, List.of("--package-id", pack.id()))));
    }

    /** Takes a step; that it was taken before is as good. */
    private static void orElse(String before, Runnable step) {
        try {
            step.run();
        } catch (SelvageException refused) {
            if (!String.valueOf(refused.getMessage()).contains(before)) {
                throw refused;
            }
        }
    }

    /** A package for mutual TLS holds a key: its file is its owner's alone. */
    private static void write(ChaincodePackage pack, Path file) {
        try {
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, pack.bytes());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write " + file, e);
        }
    }

    private List<String> lifecycle(String command, List<String> definition, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of("lifecycle", "chaincode", command));
        arguments.addAll(commands.orderer());
        arguments.addAll(definition);
        arguments.addAll(more);
        return arguments;
    }
}
