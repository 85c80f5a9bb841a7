package dev.selvage.bridge;

import dev.selvage.engine.EnvelopeJson;
import dev.selvage.engine.Envelopes;
import dev.selvage.engine.RunContext;
import dev.selvage.engine.StdioWorker;
import dev.selvage.engine.v1.Description;
import dev.selvage.engine.v1.FromEngine;
import dev.selvage.engine.v1.OfferedOperation;
import dev.selvage.engine.v1.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** A worker process in Java, honest or bad in the way that its argument says. */
public final class TestWorker {
    private TestWorker() {}

    public static void main(String[] args) throws Exception {
        var stdout = System.out;
        switch (args[0]) {
            case "rubbish-at-once" -> System.out.println("loading model...");
            case "silent" -> new CountDownLatch(1).await();
            case "dies-at-once" -> {
                System.err.println("no licence");
                System.exit(3);
            }
            case "deaf-once" -> {
                if (Path.of("deaf").toFile().createNewFile()) {
                    sayHello(stdout);
                    new CountDownLatch(1).await();
                }
            }
            default -> {}
        }
        StdioWorker.serve("worker", "7.1", Map.of("flights.delays/1", context -> run(args[0], context, stdout)));
    }

    private static void sayHello(PrintStream stdout) {
        stdout.println(EnvelopeJson.line(FromEngine.newBuilder()
                .setDescription(Description.newBuilder()
                        .setEngine("worker")
                        .setVersion("7.1")
                        .setInstance("deaf")
                        .addOperations(OfferedOperation.newBuilder().setId("flights.delays/1")))));
        stdout.flush();
    }

    private static void run(String how, RunContext context, PrintStream stdout) throws Exception {
        switch (how) {
            case "rubbish" -> stdout.println("half done");
            case "hangs" -> {
                new ProcessBuilder("sleep", "1000").start();
                while (true) {
                    hang();
                }
            }
            case "dies" -> {
                System.err.println("out of luck");
                Runtime.getRuntime().halt(9);
            }
            case "floods" -> flood(context, stdout, false);
            case "floods-lines" -> flood(context, stdout, true);
            case "keyless" -> stdout.println("{\"progress\": {}}");
            case "wrong" -> context.output("table", "nonsense\n".getBytes(StandardCharsets.UTF_8));
            default -> {
                System.out.println("a stray print goes to stderr");
                System.err.println("environment: " + new TreeMap<>(System.getenv()).keySet());
                summary(context);
            }
        }
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            System.err.println("I do not care");
        }
    }

    private static void flood(RunContext context, PrintStream stdout, boolean lines) {
        var line = EnvelopeJson.line(FromEngine.newBuilder()
                .setKey(Envelopes.key(context.key()))
                .setProgress(Progress.newBuilder().setMessage("x".repeat(1000))));
        while (!stdout.checkError()) {
            stdout.print(lines ? line + "\n" : line);
        }
    }

    private static void summary(RunContext context) throws IOException {
        var month = context.params().get("month").asText();
        Map<String, long[]> sums = new TreeMap<>();
        for (var line :
                new String(context.bytes(context.input("flights"), 1 << 24), StandardCharsets.UTF_8).split("\n", 0)) {
            var cells = line.split(",", -1);
            if (cells[0].equals(month)) {
                var sum = sums.computeIfAbsent(cells[5], carrier -> new long[3]);
                sum[0]++;
                sum[1] += cells[3].isEmpty() ? 0 : 1;
                sum[2] += cells[3].isEmpty() ? 0 : Long.parseLong(cells[3]);
            }
        }
        context.output(
                "table",
                sums.entrySet().stream()
                        .map(entry -> List.of(
                                entry.getKey(),
                                "" + entry.getValue()[0],
                                "" + entry.getValue()[1],
                                "" + entry.getValue()[2]))
                        .toList());
    }
}
