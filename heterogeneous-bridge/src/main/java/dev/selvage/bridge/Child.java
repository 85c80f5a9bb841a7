package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.StdioConnect;
import dev.selvage.engine.EngineFailure;
import dev.selvage.engine.EnvelopeJson;
import dev.selvage.engine.EnvelopeJson.NotAMessageException;
import dev.selvage.engine.v1.FromEngine;
import dev.selvage.engine.v1.ToEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A child process that speaks the envelopes. It has a clean environment and the engine's working directory. Whatever it does wrong
 * ends it, with everything that it started.
 */
final class Child {
    /** The longest message; larger outputs go into files. */
    static final int LONGEST_LINE = 8 << 20;
    /** Bytes of messages that one run may take. */
    static final long MOST_BYTES = 64L << 20;

    private static final String PATH = "/usr/local/bin:/usr/bin:/bin";

    /** What a child does, told on its own thread, one after another. */
    interface Events {
        void message(FromEngine message);

        /** It is gone, with what it started; nothing comes after. */
        void ended(EngineFailure why);
    }

    private final String engine;
    private final Process process;
    private final ChildLog log;
    private final ChildListener listener;
    private final LineReader lines;
    private volatile EngineFailure reason;
    private volatile long countedFrom;

    private Child(String engine, Process process, ChildLog log, ChildListener listener) {
        this.engine = engine;
        this.process = process;
        this.log = log;
        this.listener = listener;
        this.lines = new LineReader(process.getInputStream(), LONGEST_LINE);
    }

    /**
     * Starts a process.
     *
     * @throws SelvageException TOOL_MISSING when its program or directory is not there
     */
    static Child start(String engine, StdioConnect connect, ChildLog log, ChildListener listener) {
        var builder = new ProcessBuilder(connect.command())
                .directory(connect.directory().toFile());
        var environment = builder.environment();
        var path = environment.getOrDefault("PATH", PATH);
        environment.clear();
        environment.put("PATH", path);
        environment.put("LANG", "C.UTF-8");
        connect.environment().forEach((name, value) -> environment.put(name, value.reveal()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new SelvageException(
                    ErrorCode.TOOL_MISSING,
                    engine + " cannot be started: \"" + connect.command().get(0) + "\" in " + connect.directory()
                            + " does not run.",
                    e);
        }
        var child = new Child(engine, process, log, listener);
        try {
            listener.started(
                    engine, process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
        } catch (RuntimeException e) {
            ChildProcesses.endTree(process.toHandle());
            throw e;
        }
        return child;
    }

    /** Begins to read what it writes. */
    void listen(Events events) {
        Daemons.named("engine-" + engine + "-log")
                .newThread(() -> log.drain(process.getErrorStream()))
                .start();
        Daemons.named("engine-" + engine + "-out").newThread(() -> read(events)).start();
    }

    /**
     * Writes a message, and waits for as long as the process does not read it; {@link #end} ends the wait. A process that is gone is
     * told of by {@link Events#ended}, not here.
     */
    void send(ToEngine message) {
        var line = (EnvelopeJson.line(message) + "\n").getBytes(StandardCharsets.UTF_8);
        OutputStream in = process.getOutputStream();
        synchronized (this) {
            try {
                in.write(line);
                in.flush();
            } catch (IOException e) {
                end(EngineFailure.of(ErrorCode.ENGINE_DIED, engine + " does not read its messages any more."));
            }
        }
    }

    /** Says that no message will come, upon which a worker ends by itself. */
    void finish() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            end(EngineFailure.of(ErrorCode.ENGINE_DIED, engine + " does not read its messages any more."));
        }
    }

    /** Says that no message will come, and ends what is still there after a while, even if it has not read all that it was sent. */
    void finish(long millis) {
        Daemons.named("engine-" + engine + "-in").newThread(this::finish).start();
        try {
            process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(EngineFailure.of(ErrorCode.CANCELLED, engine + " was ended."));
    }

    /** Ends it, and everything that it started, for this reason; the first reason holds. */
    void end(EngineFailure why) {
        synchronized (log) {
            if (reason == null) {
                reason = why;
            }
        }
        ChildProcesses.endTree(process.toHandle());
    }

    /** A run has begun or ended: its messages are counted from here. */
    void countAnew() {
        countedFrom = lines.bytes();
    }

    boolean isAlive() {
        return reason == null && process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    private void read(Events events) {
        try {
            for (String line = lines.next(); line != null && reason == null; line = lines.next()) {
                if (lines.bytes() - countedFrom > MOST_BYTES) {
                    flood();
                    break;
                }
                events.message(EnvelopeJson.fromEngine(line));
            }
        } catch (NotAMessageException e) {
            end(EngineFailure.of(
                    ErrorCode.ENGINE_PROTOCOL,
                    engine + " wrote to stdout what is not a message: \"" + e.getMessage() + "\" (line "
                            + lines.number() + "). Stdout is for messages only: print to stderr."));
        } catch (LineReader.TooLongException e) {
            flood();
        } catch (IOException e) {
            end(EngineFailure.of(ErrorCode.ENGINE_DIED, engine + " closed its stdout.", e.toString()));
        } catch (RuntimeException e) {
            end(EngineFailure.of(e, ErrorCode.INTERNAL, "A message of " + engine + " could not be handled."));
        }
        ended(events);
    }

    private void flood() {
        end(EngineFailure.of(
                ErrorCode.ENGINE_FLOOD,
                engine + " wrote a message of more than " + Texts.size(LONGEST_LINE) + ", or more than "
                        + Texts.size(MOST_BYTES) + " in one run."));
    }

    private void ended(Events events) {
        String exit;
        try {
            exit = process.waitFor(1, TimeUnit.SECONDS) ? "exit status " + process.exitValue() : "stdout closed";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exit = "interrupted";
        }
        var said = log.lastWords();
        end(EngineFailure.of(
                ErrorCode.ENGINE_DIED,
                engine + " ended before its outcome (" + exit + ").",
                said.isEmpty() ? "" : "The last it wrote to stderr: " + said));
        listener.ended(engine, process.pid());
        events.ended(reason);
    }
}
