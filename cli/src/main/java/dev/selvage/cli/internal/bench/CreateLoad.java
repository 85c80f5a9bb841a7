package dev.selvage.cli.internal.bench;

import dev.selvage.cli.internal.client.ContractClient;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bare transactions, a get and a put each, as a plain client makes them: endorse, submit, wait for the commit. */
final class CreateLoad implements Load {
    private static final String VALUE = "x".repeat(100);
    private static final long PAUSE_MILLIS = 100;

    private final List<ContractClient> clients;
    private final int inFlight;
    private final String run = UUID.randomUUID().toString();
    private final AtomicLong next = new AtomicLong();
    private final AtomicInteger committed = new AtomicInteger();

    /** @param clients over which the load is spread, so that no peer is the only gateway */
    CreateLoad(List<ContractClient> clients, int inFlight) {
        this.clients = clients;
        this.inFlight = inFlight;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public int allItems() {
        return committed.get();
    }

    @Override
    public void run(Recorder recorder) throws InterruptedException {
        Crew.run(inFlight, number -> {
            var client = clients.get(number % clients.size());
            while (System.nanoTime() < recorder.until()) {
                long began = System.nanoTime();
                try {
                    client.submit(LocalNetwork.BARE, "create", run + "-" + next.incrementAndGet(), VALUE);
                    committed.incrementAndGet();
                    recorder.ended(began, System.nanoTime());
                } catch (SelvageException e) {
                    if (e.code() == ErrorCode.INTERRUPTED) {
                        throw e;
                    }
                    recorder.failed();
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // what fails at once would fail a thousand times
                }
            }
        });
    }
}
