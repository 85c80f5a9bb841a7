package dev.selvage.agent.audit;

import dev.selvage.engine.BuiltinEngine;
import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.EngineProvider;
import dev.selvage.engine.HandlerEngine;
import dev.selvage.engine.OperationHandler;
import dev.selvage.engine.RunContext;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.DataName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The engine of {@code data.check/1}, named {@value #NAME}: a sub-task audits a seller's data, and what depends on it begins only when the audit
 * accepts. An audit that rejects is the failure AUDIT_REJECTED.
 */
public final class AuditEngine implements EngineProvider {
    public static final String NAME = "audit";

    private static final int RUNS = 4;
    private static final Duration LONGEST = Duration.ofHours(4);
    private static final long LARGEST = 1L << 20;

    private final Supplier<Audits> audits;

    private AuditEngine(Supplier<Audits> audits) {
        this.audits = audits;
    }

    /**
     * The engine, ready to run.
     *
     * @param audits asked at each run; null until the node has reached the ledger
     */
    public static StandardEngine open(Supplier<Audits> audits) {
        return new HandlerEngine(
                NAME,
                new AuditEngine(audits),
                new EngineDescription.Capacity(RUNS, LONGEST, LARGEST, 0, 0),
                BuiltinEngine.builtinOperations());
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public boolean deterministic() {
        return false;
    }

    @Override
    public Map<String, OperationHandler> operations() {
        return Map.of(BuiltinEngine.CHECK, this::check);
    }

    private void check(RunContext context) {
        Audits here = audits.get();
        if (here == null) {
            throw new SelvageException(ErrorCode.NOT_READY, "The node has not reached the ledger yet.");
        }
        var params = context.params();
        String holder = params.path("holder").asText();
        String mode = params.path("mode").asText();
        AuditReport report = here.audit(
                new Auditor.Order(
                        new DataName(
                                params.path("of").asText(), params.path("data").asText()),
                        holder.isEmpty() ? Optional.empty() : Optional.of(NodeId.parse(holder)),
                        Detection.parse(params.path("detect").asText()),
                        mode.isEmpty() ? Optional.empty() : Optional.of(Audits.mode(mode)),
                        Optional.of(context.key().task())),
                new Progress() {
                    @Override
                    public void phase(String what, long total) {
                        context.progress(0, what);
                    }

                    @Override
                    public void done(long bytes) {}
                });
        if (!report.accepted()) {
            throw new SelvageException(
                    ErrorCode.AUDIT_REJECTED,
                    Map.of("audit", report.audit()),
                    report.sentence() + " (audit " + report.audit() + " on the contract metadata).");
        }
        context.output("verdict", CanonicalJson.bytes(report));
    }
}
