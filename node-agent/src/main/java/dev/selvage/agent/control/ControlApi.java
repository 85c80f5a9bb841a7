package dev.selvage.agent.control;

import dev.selvage.model.Digest;
import dev.selvage.model.NodeId;
import java.util.List;

/**
 * The functions of a node's control service with the records of their arguments and answers. Members of the node's organisation may ask;
 * what changes something is for its admins. Arguments and answers are JSON.
 */
public final class ControlApi {
    /** {@link Nothing} -> {@link NodeStatus}. */
    public static final String STATUS = "Status";
    /** {@link TaskArgument} -> list of {@link Wait}: what this node's parts of a task are waiting for. */
    public static final String WHY = "Why";
    /** {@link Most} -> list of {@link dev.selvage.agent.read.ReadModel.ListedTask}, newest first. */
    public static final String TASKS = "Tasks";
    /** {@link TaskArgument} -> list of {@link dev.selvage.agent.read.ReadModel.Traced}. */
    public static final String TRACE = "Trace";
    /** {@link Nothing} -> list of {@link EngineView}. */
    public static final String ENGINES = "Engines";
    /** {@link Nothing} -> list of {@link DataView}. */
    public static final String DATA = "Data";
    /** {@link Nothing} -> list of {@link GrantView}. */
    public static final String GRANTS = "Grants";
    /** {@link Nothing} -> {@link Text}: the metrics in Prometheus' form. */
    public static final String METRICS = "Metrics";
    /** {@link OtherNode} -> {@link Probe}: whether the links to another node work, both ways. Takes up to half a minute. */
    public static final String PROBE = "Probe";
    /** {@link Nothing} -> {@link Moment}: what time it is for the node. */
    public static final String TIME = "Time";
    /** {@link Nothing} -> {@link Health}. */
    public static final String HEALTH = "Health";

    // for admins
    /** {@link Nothing} -> list of {@link EngineView}: loads the engine files anew. */
    public static final String RELOAD = "Reload";
    /** {@link Drain} -> {@link NodeStatus}: whether the node starts new runs. */
    public static final String DRAIN = "Drain";
    /** {@link DataFile} -> {@link DataView}. */
    public static final String ADD_FILE = "AddFile";
    /** {@link DataTable} -> {@link DataView}. */
    public static final String ADD_TABLE = "AddTable";
    /** {@link DataName} -> {@link Nothing}. */
    public static final String REMOVE_DATA = "RemoveData";
    /** {@link NewGrant} -> {@link GrantView}. */
    public static final String GRANT = "Grant";
    /** {@link Revocation} -> list of {@link GrantView}: those that were taken back. */
    public static final String REVOKE = "Revoke";

    private ControlApi() {}

    public record Nothing() {}

    public record TaskArgument(String task) {}

    public record Most(Integer most) {}

    public record Text(String text) {}

    public record Drain(boolean on) {}

    /**
     * How a node is.
     *
     * @param caughtUp whether it has read the ledger as it stood at the start
     * @param block the last block taken; -1 for none
     * @param trouble why the ledger is not reached; empty when it is
     * @param running parts with an engine
     * @param waiting parts that wait for one
     * @param publishing results on their way
     * @param inFlight transactions on their way
     * @param silentEngines engines that did not answer when they were asked what they are
     * @param monitor where metrics and health are served, {@code http://127.0.0.1:7091}; empty when nowhere
     * @param warnings what somebody should do something about, each beginning with its code
     */
    public record NodeStatus(
            NodeId node,
            boolean caughtUp,
            long block,
            String trouble,
            boolean draining,
            int running,
            int waiting,
            int publishing,
            int inFlight,
            long freeCpus,
            long freeMemory,
            int engines,
            int silentEngines,
            String monitor,
            List<String> warnings) {
        public NodeStatus {
            trouble = trouble == null ? "" : trouble;
            monitor = monitor == null ? "" : monitor;
            warnings = warnings == null ? List.of() : List.copyOf(warnings);
        }
    }

    /** Milliseconds since 1970 UTC. */
    public record Moment(long millis) {}

    public record OtherNode(NodeId node) {}

    /** The ways to another node and back; the way back was tried by the other node, and is not tried where the way there fails. */
    public record Probe(Way there, Way back) {}

    /**
     * A way between two nodes.
     *
     * @param code of the fault; empty when the node at the end was reached
     * @param skew how far the clock at the end is ahead of the one at the beginning, milliseconds; uncertain by half the round trip
     * @param roundTrip milliseconds
     */
    public record Way(String code, String sentence, long skew, long roundTrip) {
        public Way {
            code = code == null ? "" : code;
            sentence = sentence == null ? "" : sentence;
        }
    }

    /**
     * What a node finds about itself.
     *
     * @param free bytes of the disk under its data folder that it could still use
     * @param engines what they say of themselves now
     * @param certificates until when its certificates are good
     */
    public record Health(long free, List<EngineHealth> engines, List<CertificateTerm> certificates) {
        public Health {
            engines = engines == null ? List.of() : List.copyOf(engines);
            certificates = certificates == null ? List.of() : List.copyOf(certificates);
        }
    }

    /**
     * Whether an engine answers.
     *
     * @param engine its name; empty for one that has not told its name yet
     * @param code of the fault; empty when it answers
     */
    public record EngineHealth(String engine, String code, String sentence) {
        public EngineHealth {
            engine = engine == null ? "" : engine;
            code = code == null ? "" : code;
            sentence = sentence == null ? "" : sentence;
        }
    }

    /**
     * How long a certificate is good.
     *
     * @param use {@code signing} or {@code TLS}
     * @param until milliseconds since 1970 UTC
     * @param code why what its files hold now is not taken in its place; empty when they hold this one
     */
    public record CertificateTerm(String use, long until, String code, String sentence) {
        public CertificateTerm {
            code = code == null ? "" : code;
            sentence = sentence == null ? "" : sentence;
        }
    }

    /**
     * What a part of this node is doing or waiting for.
     *
     * @param part {@code subTask/index/attempt/role}
     * @param stage WAITING, RUNNING or PUBLISHING
     * @param code of the failure that the waiting ends in; empty when it does not wait
     * @param sentence the reason; empty when it does not wait
     * @param deadline when the waiting ends in a failure, milliseconds since 1970 UTC
     */
    public record Wait(String part, String stage, String code, String sentence, long deadline) {}

    /** An engine of the node. */
    public record EngineView(String engine, String version, int runs, List<OfferView> operations) {
        public EngineView {
            operations = List.copyOf(operations);
        }
    }

    /**
     * An operation that an engine offers.
     *
     * @param digest null where the engine offers whatever has this id
     */
    public record OfferView(String operation, Digest digest) {}

    /**
     * A file on the node's machine.
     *
     * @param path absolute
     * @param copy whether the node keeps a copy
     */
    public record DataFile(String name, String path, String mediaType, boolean copy) {}

    public record DataTable(String name, String engine, String table) {}

    public record DataName(String name) {}

    /**
     * What the owner allows.
     *
     * @param until milliseconds since 1970 UTC; null until revoked
     * @param opens for {@code data.check/1}, which share of the blocks of an anchored version audits may show to an organisation, in percent; null as
     *     usual
     */
    public record NewGrant(
            String data, String operation, Digest digest, List<String> creators, Long until, Integer opens) {
        public NewGrant {
            creators = creators == null ? List.of() : List.copyOf(creators);
        }
    }

    /**
     * Which grants of a data set are taken back.
     *
     * @param operation null for every one; {@code creator} likewise
     */
    public record Revocation(String data, String operation, String creator) {}

    /** A data set for lists. */
    public record DataView(
            String name, String mediaType, String kind, String place, String version, long size, long added) {}

    /**
     * A grant for lists.
     *
     * @param opens share of the blocks that audits may show, in percent; null where the grant is for another operation than {@code data.check/1}
     */
    public record GrantView(
            String id, String data, String operation, Digest digest, List<String> creators, Long until, Integer opens) {
        public GrantView {
            creators = List.copyOf(creators);
        }
    }
}
