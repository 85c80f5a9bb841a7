package dev.selvage.cli.internal;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.local.NodeLink;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.formats.config.Profile;
import dev.selvage.formats.config.ProfileFile;
import dev.selvage.model.Digest;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes of this machine, as far as the user may ask them: those of the own organisation, and on a local network those whose
 * organisation's user has a profile beside the own one. A node that does not answer is as good as one that is not here.
 */
final class LocalNodes {
    /** Others wait for the answer, so a node that hangs is given up soon. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Session session;
    private final Map<String, List<ControlApi.Wait>> waits = new HashMap<>();

    LocalNodes(Session session) {
        this.session = session;
    }

    /**
     * What a node says about a part.
     *
     * @param part how the part begins: {@code subTask/index/attempt/}
     */
    Optional<ControlApi.Wait> standing(NodeId node, String task, String part) {
        return waits
                .computeIfAbsent(
                        node + " " + task,
                        key -> ask(
                                        node,
                                        control -> control.askList(
                                                ControlApi.WHY,
                                                new ControlApi.TaskArgument(task),
                                                ControlApi.Wait.class))
                                .orElse(List.of()))
                .stream()
                .filter(wait -> wait.part().startsWith(part))
                .findFirst();
    }

    /** The bytes of a digest, from a node of the user's own organisation; checked against the digest as they come. */
    Optional<byte[]> bytes(String task, Digest digest) {
        var profile = session.profile();
        return profile.nodes().keySet().stream()
                .filter(node -> node.msp().equals(profile.msp()))
                .findFirst()
                .flatMap(node -> ask(node, control -> {
                    var bytes = new ByteArrayOutputStream();
                    control.result(task, digest, bytes);
                    return bytes.toByteArray();
                }));
    }

    private interface Question<T> {
        T ask(ControlClient control) throws IOException;
    }

    private <T> Optional<T> ask(NodeId node, Question<T> question) {
        try {
            var file = session.profile().nodes().get(node);
            if (file == null || !Files.exists(file)) {
                return Optional.empty();
            }
            var config = NodeFile.read(file, session.environment());
            try (var control = NodeLink.open(config, member(config)).within(PATIENCE)) {
                return Optional.of(question.ask(control));
            }
        } catch (SelvageException | IOException silent) {
            session.detail(node + ": " + silent.getMessage());
            return Optional.empty();
        }
    }

    private Profile member(NodeConfig config) {
        var own = session.profile();
        if (own.msp().equals(config.node().msp())) {
            return own;
        }
        Path beside = Nodes.userProfile(session, config.node().msp());
        return Files.exists(beside) ? ProfileFile.read(beside, session.environment()) : own;
    }
}
