package dev.selvage.agent.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics}, {@code /healthz} and {@code /readyz} over plain HTTP, to anybody who reaches its address: what it tells holds no
 * secret and no data. Requests have no body that is read.
 */
public final class MonitorServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorServer.class);
    private static final int THREADS = 8;
    private static final int BACKLOG = 32;
    /** A request must have come within this time: a server of the JDK waits for ever otherwise. Seconds. */
    private static final String PATIENCE = "2";

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String JSON = "application/json";

    private final HttpServer server;
    private final ExecutorService threads;
    private final Vitals vitals;

    private MonitorServer(HttpServer server, ExecutorService threads, Vitals vitals) {
        this.server = server;
        this.threads = threads;
        this.vitals = vitals;
    }

    /**
     * Starts to listen.
     *
     * @param listen port 0 takes a free one
     * @throws SelvageException PORT_TAKEN
     */
    public static MonitorServer start(InetSocketAddress listen, Vitals vitals) {
        if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
            System.setProperty("sun.net.httpserver.maxReqTime", PATIENCE);
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "monitor");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var monitor = new MonitorServer(HttpServer.create(listen, BACKLOG), threads, vitals);
            monitor.server.createContext("/", monitor::answer);
            monitor.server.setExecutor(threads);
            monitor.server.start();
            return monitor;
        } catch (IOException e) {
            threads.shutdownNow();
            throw new SelvageException(
                    ErrorCode.PORT_TAKEN,
                    "Cannot serve metrics and health on " + listen + " (\"monitor\"): " + e.getMessage() + ".",
                    e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "text/plain", "only GET and HEAD\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/metrics" -> send(exchange, 200, PROMETHEUS, vitals.metrics());
                case "/healthz" -> send(exchange, vitals.live());
                case "/readyz" -> send(exchange, vitals.ready());
                default -> send(exchange, 404, "text/plain", "only /metrics, /healthz and /readyz\n");
            }
        } catch (RuntimeException e) {
            LOG.warn("a question about health could not be answered", e);
        }
    }

    private static void send(HttpExchange exchange, Readiness readiness) throws IOException {
        send(exchange, readiness.ok() ? 200 : 503, JSON, readiness.json() + "\n");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        boolean body = exchange.getRequestMethod().equals("GET");
        exchange.sendResponseHeaders(status, body ? bytes.length : -1);
        if (body) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
