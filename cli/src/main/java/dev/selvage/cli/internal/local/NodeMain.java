package dev.selvage.cli.internal.local;

import dev.selvage.agent.Agent;
import dev.selvage.cli.internal.process.LogKeeper;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.NodeFile;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's daemon as a process: {@code NodeMain CONFIG LOGS...}, which keeps the logs in these folders within their bound. */
public final class NodeMain {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMain.class);

    private NodeMain() {}

    /** Runs until the process is asked to end, or the agent finds that it must not go on. */
    public static void main(String[] args) throws InterruptedException {
        LogKeeper.start(Arrays.stream(args).skip(1).map(Path::of).toList());
        int status;
        try {
            status = run(NodeFile.read(Path.of(args[0]), System.getenv()));
        } catch (SelvageException e) {
            LOG.error("{}", e.getMessage());
            status = status(e);
        }
        System.exit(status);
    }

    /**
     * The same in a process that has read the configuration.
     *
     * @return the exit status: 1 where another try may help, else 2
     * @throws SelvageException where the agent cannot start
     */
    public static int run(NodeConfig config) throws InterruptedException {
        var agent = Agent.start(config, new EngineFolder(config, System::getenv));
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "node-stop"));
        return status(agent.stopped().join());
    }

    private static int status(SelvageException fault) {
        return fault.code().retryable() ? 1 : 2;
    }
}
