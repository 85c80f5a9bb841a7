package dev.selvage.cli.internal.doctor;

import dev.selvage.cli.internal.doctor.ChannelConfig.OrdererPlace;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The orderers that the channel's configuration names, as far as they can be tried from here. Peers talk to them, clients of a gateway never do: a
 * name that only peers resolve, a firewall, or orderers that want a client's certificate are no fault. So a link that fails is only warned of
 * while enough others answer or the ledger grows (decision 0182). Of BFT orderers those that are too few answer as ever.
 */
final class OrdererChecks {
    /** Said by the orderer itself, or true wherever one stands. */
    private static final Set<ErrorCode> CERTAIN = Set.of(ErrorCode.CERTIFICATE_EXPIRED);

    private static final Pattern WANTS_CERTIFICATE =
            Pattern.compile("certificate_required|bad_certificate|handshake_failure");
    private static final int DEEPEST = 20;
    private static final long TURN_MS = 100;

    private final Findings findings;
    private final Asking asking;
    private final Duration patience;

    /** Asks an orderer how many blocks it has. */
    interface Asking {
        /**
         * Gives its height.
         *
         * @throws SelvageException ORDERER_UNREACHABLE, and the codes of a link that fails
         */
        long height(OrdererPlace place);
    }

    /** @param patience how long the ledger may take to show that it grows */
    OrdererChecks(Findings findings, Asking asking, Duration patience) {
        this.findings = findings;
        this.asking = asking;
        this.patience = patience;
    }

    /**
     * Tries each.
     *
     * @param needed how many it takes to order anything
     * @param before the ledger's height a while ago
     * @param now the ledger's height
     * @return the most blocks that one has; 0 when none told
     */
    long examine(String subject, List<OrdererPlace> places, int needed, long before, LongSupplier now) {
        long most = 0;
        Map<String, SelvageException> faults = new LinkedHashMap<>();
        for (var place : places) {
            String check = "orderer " + place.address();
            try {
                long blocks = asking.height(place);
                findings.ok(subject, check, blocks + " blocks");
                most = Math.max(most, blocks);
            } catch (SelvageException fault) {
                faults.put(check, fault);
            }
        }
        if (!faults.isEmpty()) {
            int away = (int) faults.values().stream()
                    .filter(fault -> !isOutOfReach(fault))
                    .count();
            boolean enough = places.size() - away >= needed;
            String orders = enough && most > 0 ? "enough others answer" : grows(before, now) ? "the ledger grows" : "";
            faults.forEach((check, fault) -> tell(subject, check, fault, orders));
        }
        return most;
    }

    private void tell(String subject, String check, SelvageException fault, String orders) {
        boolean certain = CERTAIN.contains(fault.code()) || OrdererLink.saysThatItHasNoLeader(fault);
        if (certain || (orders.isEmpty() && !isOutOfReach(fault))) {
            findings.fail(subject, check, fault);
        } else {
            String why = orders.isEmpty()
                    ? ". Whether anything is ordered is not seen: see that a task goes on."
                    : ", but " + orders + ": nothing has to be done while peers reach it.";
            findings.warn(subject, check, fault.code(), "It cannot be tried from here" + why + " " + fault.sentence());
        }
    }

    /** Whether it was not asked at all: nobody knows the name here, or it wants a certificate that clients have not. */
    private static boolean isOutOfReach(SelvageException fault) {
        Throwable cause = fault;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
            String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof UnknownHostException
                    || WANTS_CERTIFICATE.matcher(words).find()) {
                return true;
            }
        }
        return false;
    }

    private boolean grows(long before, LongSupplier now) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                if (now.getAsLong() > before) {
                    return true;
                } else if (System.nanoTime() > end) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(TURN_MS);
            }
        } catch (SelvageException notTold) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SelvageException(ErrorCode.INTERRUPTED, "Stopped.", e);
        }
    }
}
