package dev.selvage.agent.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.List;
import java.util.Optional;

/** What was looked at, and what of it is not well. */
public record Readiness(List<Check> checks) {
    public Readiness {
        checks = List.copyOf(checks);
    }

    /**
     * One thing that was looked at.
     *
     * @param fault why it is not well; empty when it is
     */
    public record Check(String name, Optional<SelvageException> fault) {
        public static Check ok(String name) {
            return new Check(name, Optional.empty());
        }

        public static Check fails(String name, ErrorCode code, String sentence) {
            return new Check(name, Optional.of(new SelvageException(code, sentence)));
        }
    }

    public static Readiness of(Check... checks) {
        return new Readiness(List.of(checks));
    }

    public boolean ok() {
        return checks.stream().allMatch(check -> check.fault().isEmpty());
    }

    /** {@code {"ok":false,"checks":[{"check":"ledger","ok":false,"code":"...","sentence":"...","next":"..."}]}}. */
    ObjectNode json() {
        var json = CanonicalJson.object().put("ok", ok());
        var list = json.putArray("checks");
        checks.forEach(check -> {
            var item = list.addObject()
                    .put("check", check.name())
                    .put("ok", check.fault().isEmpty());
            check.fault()
                    .ifPresent(fault -> item.put("code", fault.code().name())
                            .put("sentence", fault.sentence())
                            .put("next", fault.code().nextStep()));
        });
        return json;
    }
}
