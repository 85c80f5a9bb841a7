package dev.selvage.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A service of the usual kind, which knows nothing of Selvage: it takes a job over a CSV file, says how far it is, and writes a file
 * or gives the rows.
 */
final class JobService implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Job(JsonNode asked, AtomicInteger polls) {}

    final List<String> requests = new CopyOnWriteArrayList<>();
    final Map<String, String> headers = new ConcurrentHashMap<>();
    /** How many polls a job takes. */
    volatile int steps = 2;
    /** Answers of this status instead of real ones, for so many requests. */
    volatile int brokenStatus = 503;

    final AtomicInteger broken = new AtomicInteger();
    volatile String finalState = "FINISHED";

    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private final String scheme;
    private final HttpServer server;

    JobService() throws IOException {
        this("http", HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** With TLS, by the key of a store. */
    JobService(Path keys, String password) throws IOException, GeneralSecurityException {
        this("https", secure(keys, password));
    }

    private JobService(String scheme, HttpServer server) {
        this.scheme = scheme;
        this.server = server;
        server.setExecutor(Executors.newCachedThreadPool(Daemons.named("job-service")));
        server.createContext("/", this::handle);
        server.start();
    }

    private static HttpServer secure(Path keys, String password) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(keys.toFile(), password.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, password.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }

    String url() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().toString();
            requests.add(exchange.getRequestMethod() + " " + path);
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
            var body = exchange.getRequestBody().readAllBytes();
            if (broken.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                answer(exchange, brokenStatus, "{\"error\": \"overloaded\"}");
                return;
            }
            switch (exchange.getRequestMethod() + " " + path.replaceAll("/jobs/[^/?]+", "/jobs/ID")) {
                case "POST /jobs" -> submit(exchange, body);
                case "GET /jobs/ID" -> poll(exchange, path.substring(6));
                case "PATCH /jobs/ID?mode=cancel" -> {
                    jobs.remove(path.substring(6, path.indexOf('?')));
                    answer(exchange, 202, "{}");
                }
                case "POST /delays?month=7" -> answer(exchange, 200, rows(summary(text(body), 7)));
                case "POST /flood" -> answer(exchange, 200, "x".repeat(100_000));
                case "POST /hang" -> hang();
                default -> answer(exchange, 404, "{\"error\": \"no such thing\"}");
            }
        }
    }

    private void submit(HttpExchange exchange, byte[] body) throws IOException {
        var asked = JSON.readTree(body);
        var id = asked.has("jobId") ? asked.get("jobId").asText() : "job-" + (jobs.size() + 1);
        jobs.putIfAbsent(id, new Job(asked, new AtomicInteger()));
        answer(exchange, 202, "{\"jobid\": \"" + id + "\"}");
    }

    private void poll(HttpExchange exchange, String id) throws IOException {
        var job = jobs.get(id);
        if (job == null) {
            answer(exchange, 404, "{}");
            return;
        }
        if (job.polls().incrementAndGet() < steps) {
            answer(exchange, 200, "{\"state\": \"RUNNING\", \"done\": 500}");
            return;
        }
        var directory = Path.of(job.asked().get("dir").asText());
        var month = job.asked().get("month").asInt();
        var flights = Files.readString(directory.resolve("flights.csv"));
        var out = new StringBuilder("flights,carrier,\"known\",minutes,extra\r\n");
        summary(flights, month)
                .forEach((carrier, sums) ->
                        out.append(sums[0] + "," + carrier + "," + sums[1] + "," + sums[2] + ",x\r\n"));
        Files.writeString(directory.resolve("table.csv"), out);
        answer(exchange, 200, "{\"state\": \"" + finalState + "\", \"done\": 1000}");
    }

    private static Map<String, long[]> summary(String csv, int month) {
        Map<String, long[]> sums = new TreeMap<>(Comparator.reverseOrder());
        csv.lines().skip(1).map(line -> line.split(",", -1)).forEach(cells -> {
            if (Integer.parseInt(cells[0]) == month) {
                var sum = sums.computeIfAbsent(cells[5], carrier -> new long[3]);
                sum[0]++;
                sum[1] += cells[3].isEmpty() ? 0 : 1;
                sum[2] += cells[3].isEmpty() ? 0 : Long.parseLong(cells[3]);
            }
        });
        return sums;
    }

    private static String rows(Map<String, long[]> summary) {
        List<String> rows = new ArrayList<>();
        summary.forEach((carrier, sums) -> rows.add("{\"code\": \"" + carrier + "\", \"n\": " + sums[0]
                + ", \"known\": " + sums[1] + ", \"minutes\": " + sums[2] + "}"));
        return "{\"rows\": [" + String.join(",", rows) + "]}";
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    long count(String request) {
        return requests.stream().filter(request::equals).count();
    }

    @Override
    public void close() {
        server.stop(0);
        ((ExecutorService) server.getExecutor()).shutdownNow();
    }
}
