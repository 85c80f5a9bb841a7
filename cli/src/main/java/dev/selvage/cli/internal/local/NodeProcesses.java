package dev.selvage.cli.internal.local;

import dev.selvage.agent.control.ControlApi;
import dev.selvage.agent.control.ControlClient;
import dev.selvage.cli.internal.process.JavaProgram;
import dev.selvage.cli.internal.process.Launcher;
import dev.selvage.cli.internal.process.ProcessBook;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.NodeId;
import dev.selvage.network.process.Ports;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The nodes' daemons. */
final class NodeProcesses {
    private static final Duration START = Duration.ofSeconds(60);
    private static final int MEGABYTES = 192;

    private final DataFolder data;
    private final Distribution distribution;
    private final ProcessBook book;
    private final Launcher launcher;

    NodeProcesses(DataFolder data, Distribution distribution, ProcessBook book, Launcher launcher) {
        this.data = data;
        this.distribution = distribution;
        this.book = book;
        this.launcher = launcher;
    }

    static String process(NodeId node) {
        return "node-" + node.msp() + "-" + node.node();
    }

    boolean start(NodeConfig config, List<Path> engines) {
        var process = process(config.node());
        if (book.running(process).isPresent()) {
            return false;
        }
        Map<Integer, String> wanted = new LinkedHashMap<>();
        wanted.put(config.listen().port(), "the node " + config.node());
        config.monitor()
                .filter(address -> address.port() != 0)
                .ifPresent(address -> wanted.put(address.port(), "metrics and health of " + config.node()));
        Ports.requireFree(wanted);
        List<Path> classPath = new ArrayList<>(distribution.library());
        classPath.addAll(engines);
        var worker = classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        launcher.start(new JavaProgram(
                process,
                ProcessRecord.Kind.NODE,
                classPath,
                NodeMain.class.getName(),
                List.of(
                        config.file().toString(),
                        data.logs().toString(),
                        data.fabricLogs().toString()),
                Map.of(),
                Map.of("SELVAGE_WORKER_CLASSPATH", worker),
                MEGABYTES,
                "node",
                List.copyOf(wanted.keySet())));
        return true;
    }

    void awaitPort(String process, int port) {
        Waiting.until(
                () -> Ports.answers(port),
                () -> book.running(process).isPresent() ? null : launcher.ended(process),
                START,
                () -> Waiting.late(process, START, launcher.log(process)));
    }

    void awaitCaughtUp(NodeConfig config, ControlClient control) {
        var process = process(config.node());
        Waiting.until(
                () -> control.ask(ControlApi.STATUS, new ControlApi.Nothing(), ControlApi.NodeStatus.class)
                        .caughtUp(),
                () -> book.running(process).isPresent() ? null : launcher.ended(process),
                START,
                () -> Waiting.late(config.node().toString(), START, launcher.log(process)));
    }
}
