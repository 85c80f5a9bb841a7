package dev.selvage.agent;

import dev.selvage.formats.config.NodeConfig;
import dev.selvage.formats.config.NodeFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An agent in a process of its own, which can be killed. Its engine takes some milliseconds for a text. */
final class AgentProcess {
    private final Process process;

    private AgentProcess(Process process) {
        this.process = process;
    }

    static AgentProcess start(NodeConfig config, int engineMs) throws IOException {
        Files.writeString(config.file(), NodeFile.write(config));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentProcess.class.getName(),
                        config.file().toString(),
                        Integer.toString(engineMs))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        Path.of(config.file() + ".log").toFile()))
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (!"READY".equals(line)) {
            throw new IOException(
                    "the agent did not start: " + line + "\n" + Files.readString(Path.of(config.file() + ".log")));
        }
        return new AgentProcess(process);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    public static void main(String[] args) throws Exception {
        var config = NodeFile.read(Path.of(args[0]), Map.of());
        int millis = Integer.parseInt(args[1]);
        var agent = Agent.start(config, EngineSource.of(Flow.engine(4, context -> {
            TimeUnit.MILLISECONDS.sleep(millis);
            var params = context.params();
            context.output(
                    "text",
                    (params.get("text").asText() + " " + params.get("number").asInt())
                            .getBytes(StandardCharsets.UTF_8));
        })));
        agent.ready().get(60, TimeUnit.SECONDS);
        System.out.println("READY");
        agent.stopped().join();
        System.exit(1);
    }
}
