package org.example.delays;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * The service. {@code POST /jobs} with {@code {"file": "/data/flights.csv", "month": 7, "reference": "optional"}} takes a job and
 * answers 202 with its id; {@code GET /jobs/ID} tells its state and, when it is DONE, its rows; {@code GET /jobs/by-reference/NAME}
 * finds it again; {@code DELETE /jobs/ID} cancels it.
 */
public final class DelayService implements AutoCloseable {
    private static final int MAX_BODY = 16 * 1024;

    private final HttpServer server;
    private final Path root;
    private final Jobs jobs = new Jobs();

    /**
     * Starts serving on the loopback address.
     *
     * @param port 0 for any free one
     * @param root the folder outside of which it reads nothing
     */
    public DelayService(int port, Path root) throws IOException {
        this.root = root.toRealPath();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newFixedThreadPool(4, task -> {
            var thread = new Thread(task, "http");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Starts the service: {@code [--port PORT] [--root FOLDER]}. */
    public static void main(String[] args) throws IOException {
        int port = 7082;
        var root = Path.of("");
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--port" -> port = Integer.parseInt(args[i + 1]);
                case "--root" -> root = Path.of(args[i + 1]);
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        var service = new DelayService(port, root);
        System.err.println("delay service on 127.0.0.1:" + service.port());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var method = exchange.getRequestMethod();
            if (path.equals("/health")) {
                send(exchange, 200, "{\"status\":\"UP\"}");
            } else if (path.equals("/jobs") && method.equals("POST")) {
                submit(exchange);
            } else if (path.startsWith("/jobs/by-reference/") && method.equals("GET")) {
                send(exchange, jobs.findByReference(path.substring("/jobs/by-reference/".length())));
            } else if (path.startsWith("/jobs/") && method.equals("GET")) {
                send(exchange, jobs.find(path.substring("/jobs/".length())));
            } else if (path.startsWith("/jobs/") && method.equals("DELETE")) {
                send(exchange, jobs.cancel(path.substring("/jobs/".length())));
            } else {
                problem(exchange, 404, "no such address");
            }
        } catch (RuntimeException e) {
            problem(exchange, 500, "the service failed");
        }
    }

    private void submit(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            problem(exchange, 413, "the request is too large");
            return;
        }
        Path file;
        long month;
        String reference;
        try {
            var request = FlatJson.read(new String(body, StandardCharsets.UTF_8));
            file = file(request.get("file"));
            month = (Long) request.get("month");
            reference = (String) request.getOrDefault("reference", "");
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            problem(exchange, 400, "expected {\"file\": \"PATH\", \"month\": 1 to 12}");
            return;
        }
        if (file == null) {
            problem(exchange, 404, "no such file");
            return;
        }
        var job = jobs.submit(reference, file, month);
        if (job == null) {
            problem(exchange, 503, "too many jobs wait");
        } else {
            send(exchange, 202, job.json());
        }
    }

    /** The file of a request, null when there is none inside the root. */
    private Path file(Object name) {
        try {
            var file = root.resolve((String) name).toRealPath();
            return file.startsWith(root) && Files.isRegularFile(file) ? file : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static void send(HttpExchange exchange, Jobs.Job job) throws IOException {
        if (job == null) {
            problem(exchange, 404, "no such job");
        } else {
            send(exchange, 200, job.json());
        }
    }

    private static void problem(HttpExchange exchange, int status, String words) throws IOException {
        send(exchange, status, "{\"error\":" + FlatJson.quote(words) + "}");
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
