package dev.selvage.agent;

import dev.selvage.agent.control.ControlApi.CertificateTerm;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the node's own certificates: takes a renewed one from its files, warns of one that ends soon, and says what to do about one that
 * has ended. Thread-safe.
 */
final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration SOON = Duration.ofDays(30);
    private static final Duration TOLD_AGAIN = Duration.ofDays(1);

    private final List<Kept> all;
    private final Clock clock;
    private final AtomicBoolean looking = new AtomicBoolean();

    CertificateWatch(Clock clock, Kept... all) {
        this.clock = clock;
        this.all = List.of(all);
    }

    /** A certificate that is in use, and where a renewed one would be. */
    static final class Kept {
        private final String use;
        private final Supplier<X509Certificate> inUse;
        private final Supplier<X509Certificate> inFile;
        private final Consumer<Instant> renew;
        private volatile Optional<SelvageException> refused = Optional.empty();
        private ErrorCode told;
        private Instant toldAt = Instant.MIN;

        /**
         * Names a certificate.
         *
         * @param use {@code signing} or {@code TLS}
         * @param renew takes what the files hold; throws and changes nothing where that is not good
         */
        Kept(String use, Supplier<X509Certificate> inUse, Supplier<X509Certificate> inFile, Consumer<Instant> renew) {
            this.use = use;
            this.inUse = inUse;
            this.inFile = inFile;
            this.renew = renew;
        }

        private Instant until() {
            return inUse.get().getNotAfter().toInstant();
        }

        private void look(Instant now) {
            try {
                if (!inFile.get().equals(inUse.get())) {
                    renew.accept(now);
                    LOG.info("the {} certificate was renewed, it is good until {}", use, until());
                }
                refused = Optional.empty();
            } catch (SelvageException e) {
                refused = Optional.of(e);
            }
        }

        /** What is wrong, the worst; empty when all is well. */
        private Optional<SelvageException> fault(Instant now) {
            Instant until = until();
            String found = refused.map(fault -> " What its files hold now is not taken: " + fault.getMessage())
                    .orElse("");
            if (now.isAfter(until)) {
                return Optional.of(new SelvageException(
                        ErrorCode.CERTIFICATE_EXPIRED, "The " + use + " certificate ended at " + until + "." + found));
            }
            if (refused.isPresent()) {
                return refused;
            }
            return now.plus(SOON).isAfter(until)
                    ? Optional.of(new SelvageException(
                            ErrorCode.CERTIFICATE_EXPIRING, "The " + use + " certificate ends at " + until + "."))
                    : Optional.empty();
        }

        private void tell(Instant now) {
            var fault = fault(now);
            var code = fault.map(SelvageException::code).orElse(null);
            if (code == told && now.isBefore(toldAt.plus(TOLD_AGAIN))) {
                return;
            }
            told = code;
            toldAt = now;
            fault.ifPresent(it -> {
                if (it.code() == ErrorCode.CERTIFICATE_EXPIRED) {
                    LOG.error("{} {}", it.getMessage(), it.code().nextStep());
                } else {
                    LOG.warn("{} {}", it.getMessage(), it.code().nextStep());
                }
            });
        }
    }

    /** Looks at the files and at the time. Reads files and may ask the ledger; does nothing while another thread does it. */
    void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            Instant now = clock.instant();
            for (Kept kept : all) {
                kept.look(now);
                kept.tell(now);
            }
        } finally {
            looking.set(false);
        }
    }

    /** What is wrong with them now: ended, refused, or ending soon. */
    List<SelvageException> faults() {
        Instant now = clock.instant();
        return all.stream().flatMap(kept -> kept.fault(now).stream()).toList();
    }

    /** One that has ended. */
    Optional<SelvageException> ended() {
        return faults().stream()
                .filter(fault -> fault.code() == ErrorCode.CERTIFICATE_EXPIRED)
                .findFirst();
    }

    List<CertificateTerm> terms() {
        return all.stream()
                .map(kept -> new CertificateTerm(
                        kept.use,
                        kept.until().toEpochMilli(),
                        kept.refused.map(fault -> fault.code().name()).orElse(""),
                        kept.refused.map(SelvageException::sentence).orElse("")))
                .toList();
    }

    void register(MeterRegistry registry) {
        for (Kept kept : all) {
            Gauge.builder(
                            "selvage.certificate.end.seconds",
                            kept,
                            it -> it.until().getEpochSecond())
                    .description("when the certificate ends, seconds since 1970 UTC")
                    .tag("use", kept.use)
                    .register(registry);
        }
    }
}
