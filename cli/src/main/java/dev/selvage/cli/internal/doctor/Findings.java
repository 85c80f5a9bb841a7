package dev.selvage.cli.internal.doctor;

import dev.selvage.cli.internal.doctor.Finding.Level;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Collects what the checks find, and tells each finding at once. One thread. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private final Consumer<Finding> told;

    Findings(Consumer<Finding> told) {
        this.told = told;
    }

    /** A check: what it gives when all is well, else a fault. */
    interface Check<T> {
        T run();
    }

    void ok(String subject, String check, String sentence) {
        add(Level.OK, subject, check, null, sentence);
    }

    void skip(String subject, String check, String sentence) {
        add(Level.SKIP, subject, check, null, sentence);
    }

    void warn(String subject, String check, ErrorCode code, String sentence) {
        add(Level.WARN, subject, check, code, sentence);
    }

    void fail(String subject, String check, ErrorCode code, String sentence) {
        add(Level.FAIL, subject, check, code, sentence);
    }

    void fail(String subject, String check, SelvageException fault) {
        fail(subject, check, fault.code(), fault.sentence());
    }

    /** Runs a check; its fault is a finding, its answer is for the next check. */
    <T> Optional<T> tried(String subject, String check, Check<T> work) {
        try {
            return Optional.of(work.run());
        } catch (SelvageException fault) {
            fail(subject, check, fault);
            return Optional.empty();
        }
    }

    private void add(Level level, String subject, String check, ErrorCode code, String sentence) {
        var finding = new Finding(level, subject, check, code, sentence.strip());
        all.add(finding);
        told.accept(finding);
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}
