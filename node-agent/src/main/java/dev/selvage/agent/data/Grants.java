package dev.selvage.agent.data;

import dev.selvage.agent.data.GrantDecision.Granted;
import dev.selvage.agent.data.GrantDecision.Missing;
import dev.selvage.agent.store.Database;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/** What the node's owner allows its data sets to be used for. Nothing is allowed that no grant names. Thread-safe. */
public final class Grants {
    private static final Pattern CREATOR = Pattern.compile("[A-Za-z0-9._-]{1,64}(/[A-Za-z0-9._@-]{1,128})?");

    private final Database database;
    private final DataCatalogue catalogue;
    private final Clock clock;
    private final Remembered<List<Grant>> remembered = new Remembered<>();

    Grants(Database database, DataCatalogue catalogue, Clock clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /**
     * Allows an operation on a data set in tasks of these creators. The same grant again is answered with the one that is there.
     *
     * @param operation the operation's id
     * @param digest of the operation that is meant
     * @param creators {@code JfkMSP}, or {@code JfkMSP/User1@jfk.example}
     * @param until empty: until revoked
     * @throws SelvageException DATA_UNKNOWN, REQUEST_INVALID
     */
    public Grant grant(
            String data, String operation, Digest digest, Collection<String> creators, Optional<Instant> until) {
        return grant(data, operation, digest, creators, until, Grant.OPENS);
    }

    /**
     * As above; a grant that differs only in the share of blocks is replaced.
     *
     * @param opens which share of the blocks of an anchored version audits may show to an organisation, in percent
     */
    public Grant grant(
            String data,
            String operation,
            Digest digest,
            Collection<String> creators,
            Optional<Instant> until,
            int opens) {
        catalogue.find(data);
        if (opens < 1 || opens > 100) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "A grant opens from 1 to 100 percent, not " + opens + ".");
        }
        if (!Names.isOperation(operation)) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "An operation is written like flights.delays/1, not \"" + operation + "\".");
        }
        if (creators.isEmpty()) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "A grant names at least one creator.");
        }
        creators.forEach(Grants::requireCreator);
        List<String> sorted = List.copyOf(new TreeSet<>(creators));
        Grant granted = database.write(c -> {
            var known = of(data).stream()
                    .filter(one -> one.digest().equals(digest)
                            && one.operation().equals(operation)
                            && one.creators().equals(sorted)
                            && one.until().equals(until))
                    .findFirst();
            if (known.isPresent() && known.get().opens() == opens) {
                return known.get();
            }
            known.ifPresent(one -> delete(one.id()));
            String id = known.map(Grant::id)
                    .orElseGet(() -> UUID.randomUUID().toString().substring(0, 8));
            return put(new Grant(id, data, operation, digest, sorted, until, clock.instant(), opens));
        });
        changed();
        return granted;
    }

    private static void requireCreator(String creator) {
        if (!CREATOR.matcher(creator).matches()) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "A creator is written JfkMSP or JfkMSP/User1@jfk.example, not \"" + creator + "\".");
        }
    }

    /**
     * Takes grants of a data set back; a run that has begun goes on.
     *
     * @param operation empty: of every operation
     * @param creator empty: of every creator; else only this one is taken out of grants that name several
     * @return the grants as they were
     * @throws SelvageException DATA_UNKNOWN
     */
    public List<Grant> revoke(String data, Optional<String> operation, Optional<String> creator) {
        catalogue.find(data);
        List<Grant> revoked = database.write(c -> {
            List<Grant> hit = of(data).stream()
                    .filter(grant -> operation.isEmpty() || grant.operation().equals(operation.get()))
                    .filter(grant -> creator.isEmpty() || grant.creators().contains(creator.get()))
                    .toList();
            for (Grant grant : hit) {
                delete(grant.id());
                var left = new TreeSet<>(grant.creators());
                if (creator.isPresent() && left.remove(creator.get()) && !left.isEmpty()) {
                    put(new Grant(
                            grant.id(),
                            data,
                            grant.operation(),
                            grant.digest(),
                            List.copyOf(left),
                            grant.until(),
                            grant.granted(),
                            grant.opens()));
                }
            }
            return hit;
        });
        changed();
        return revoked;
    }

    /** All grants, by data set. */
    public List<Grant> list() {
        return query("SELECT * FROM data_grant ORDER BY data, operation, id");
    }

    /** The grants of one data set. */
    public List<Grant> of(String data) {
        return query("SELECT * FROM data_grant WHERE data = ? ORDER BY operation, id", data);
    }

    /**
     * Whether the data set serves the operation in a task of this creator, now.
     *
     * @param operation its id, for the reason's words
     */
    public GrantDecision decide(String data, String operation, Digest digest, Facts.Party creator) {
        Instant now = clock.instant();
        List<Grant> all = remembered.get(data, () -> of(data));
        var same = all.stream().filter(grant -> grant.digest().equals(digest)).toList();
        var forCreator = same.stream().filter(grant -> names(grant, creator)).toList();
        return forCreator.stream()
                .filter(grant -> !ended(grant, now))
                .max(Comparator.comparingInt(Grant::opens))
                .map(grant -> (GrantDecision) new Granted(grant))
                .orElseGet(() -> new Missing(reason(data, operation, digest, creator, all, same, forCreator)
                        + command(data, operation, creator)));
    }

    private String reason(
            String data,
            String operation,
            Digest digest,
            Facts.Party creator,
            List<Grant> all,
            List<Grant> same,
            List<Grant> forCreator) {
        String what = "The data set \"" + data + "\" of " + catalogue.self() + " is not granted to " + operation
                + " in tasks of " + creator;
        if (!forCreator.isEmpty()) {
            return what + ": the grant ended at " + forCreator.get(0).until().orElseThrow() + ".";
        }
        if (!same.isEmpty()) {
            return what + ": " + operation + " is granted to "
                    + String.join(", ", same.get(0).creators()) + ".";
        }
        return all.stream()
                .filter(grant -> grant.operation().equals(operation))
                .findFirst()
                .map(other -> what + ": the grant is for another text of the operation ("
                        + other.digest().shortForm() + "..., not " + digest.shortForm() + "...).")
                .orElse(what + ".");
    }

    private static String command(String data, String operation, Facts.Party creator) {
        return " Its owner decides: selvage data grant " + data + " --operation " + operation + " --creator "
                + creator.msp();
    }

    private static boolean names(Grant grant, Facts.Party creator) {
        return grant.creators().contains(creator.msp())
                || grant.creators().contains(creator.msp() + "/" + creator.id());
    }

    private static boolean ended(Grant grant, Instant now) {
        return grant.until().map(until -> !now.isBefore(until)).orElse(false);
    }

    /** Grants changed, and the change is committed. */
    void changed() {
        remembered.forget();
    }

    private Grant put(Grant grant) {
        database.write(c -> c.update(
                "INSERT INTO data_grant (id, data, operation, digest, creators, until, granted, opens) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                grant.id(),
                grant.data(),
                grant.operation(),
                grant.digest().hex(),
                String.join(" ", grant.creators()),
                grant.until().map(Instant::toEpochMilli).orElse(null),
                grant.granted().toEpochMilli(),
                grant.opens()));
        return grant;
    }

    private void delete(String id) {
        database.write(c -> c.update("DELETE FROM data_grant WHERE id = ?", id));
    }

    private List<Grant> query(String sql, Object... values) {
        return database.read(c -> c.rows(Grants::grant, sql, values));
    }

    private static Grant grant(ResultSet row) throws SQLException {
        long until = row.getLong("until");
        return new Grant(
                row.getString("id"),
                row.getString("data"),
                row.getString("operation"),
                new Digest(row.getString("digest")),
                List.of(row.getString("creators").split(" ")),
                row.getObject("until") == null ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until)),
                Instant.ofEpochMilli(row.getLong("granted")),
                row.getInt("opens"));
    }
}
