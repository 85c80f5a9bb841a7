package dev.selvage.scheduler;

import dev.selvage.model.ErrorCode;
import java.time.Instant;
import java.util.List;

/** Why something waits: what {@code selvage task why} names. Each reason has the code with which the part fails once it waited too long. */
public sealed interface Waiting {
    /** The code of the failure that the waiting ends in when its deadline passes. */
    ErrorCode code();

    /** One sentence for a person. */
    String sentence();

    /** No engine of the node implements the operation. */
    record ForEngine(String operation, List<String> offered) implements Waiting {
        public ForEngine {
            offered = List.copyOf(offered);
        }

        @Override
        public ErrorCode code() {
            return ErrorCode.NO_ENGINE;
        }

        @Override
        public String sentence() {
            return "no engine here offers " + operation
                    + (offered.isEmpty() ? "" : " (there are " + String.join(", ", offered) + ")");
        }
    }

    /** Engines of the node implement another file under the operation's id. */
    record ForOperation(String operation) implements Waiting {
        @Override
        public ErrorCode code() {
            return ErrorCode.OPERATION_MISMATCH;
        }

        @Override
        public String sentence() {
            return "the engines here were written for another file of " + operation;
        }
    }

    /** All runs that the engines may have at once are under way. */
    record ForRuns(String engine, int runs) implements Waiting {
        @Override
        public ErrorCode code() {
            return ErrorCode.ENGINE_BUSY;
        }

        @Override
        public String sentence() {
            return "engine " + engine + " is busy with " + runs + (runs == 1 ? " run" : " runs");
        }
    }

    /**
     * The node's resources are in use.
     *
     * @param resource cpus, memory or storage
     */
    record ForResources(String resource, long needed, long free) implements Waiting {
        @Override
        public ErrorCode code() {
            return ErrorCode.DEADLINE_EXCEEDED;
        }

        @Override
        public String sentence() {
            return "needs " + needed + " of " + resource + ", " + free + " are free";
        }
    }

    /** It could run; others that waited longer go first. */
    record ForTurn(int ahead) implements Waiting {
        @Override
        public ErrorCode code() {
            return ErrorCode.DEADLINE_EXCEEDED;
        }

        @Override
        public String sentence() {
            return ahead + (ahead == 1 ? " part goes first" : " parts go first");
        }
    }

    /** The node's queue is full. */
    record ForQueue(int limit) implements Waiting {
        @Override
        public ErrorCode code() {
            return ErrorCode.QUEUE_FULL;
        }

        @Override
        public String sentence() {
            return "the node's queue of " + limit + " is full";
        }
    }

    /** A pause before a retry. */
    record ForTime(Instant until) implements Waiting {
        @Override
        public ErrorCode code() {
            return ErrorCode.DEADLINE_EXCEEDED;
        }

        @Override
        public String sentence() {
            return "the pause before the retry lasts until " + until;
        }
    }

    /** The node's owner has not granted the data to this operation and creator. */
    record ForGrant(String data, String operation, String creator) implements Waiting {
        @Override
        public ErrorCode code() {
            return ErrorCode.GRANT_MISSING;
        }

        @Override
        public String sentence() {
            return "no grant lets " + operation + " of " + creator + " use the data set " + data;
        }
    }

    /**
     * The node has no such data set, or not in the shape that was added.
     *
     * @param code DATA_UNKNOWN or DATA_CHANGED
     */
    record ForData(ErrorCode code, String sentence) implements Waiting {}

    /** Bytes that another node holds have not come yet. */
    record ForContent(ErrorCode code, String sentence) implements Waiting {}

    /** The node is leaving: it takes nothing new. */
    record ForDrain() implements Waiting {
        @Override
        public ErrorCode code() {
            return ErrorCode.DEADLINE_EXCEEDED;
        }

        @Override
        public String sentence() {
            return "the node drains and starts nothing new";
        }
    }
}
