package dev.selvage.cli.internal.local;

import dev.selvage.agent.Agent;
import dev.selvage.cli.internal.process.LogKeeper;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's daemon as a process: {@code NodeMain CONFIG LOGS}. */
public final class NodeMain {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMain.class);

    private NodeMain() {}

    /** Runs until the process is asked to end, or the agent finds that it must not go on. */
    public static void main(String[] args) throws InterruptedException {
        Agent agent;
        try {
            var config = NodeFile.read(Path.of(args[0]), System.getenv());
            agent = Agent.start(config, new EngineFolder(config, System::getenv));
        } catch (SelvageException e) {
            LOG.error("{}", e.getMessage());
            System.exit(e.code().retryable() ? 1 : 2);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "node-stop"));
        if (args.length > 1) {
            LogKeeper.start(Path.of(args[1]));
        }
        var fault = agent.stopped().join();
        System.exit(fault.code().retryable() ? 1 : 2);
    }
}
