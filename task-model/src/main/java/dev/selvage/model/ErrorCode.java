package dev.selvage.model;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * The one catalogue of faults. A code is stable: it begins the contract's message, stands in the agent's log and is the first
 * word on the command's stderr. Each has its cause and the next step for the person who meets it; {@code selvage explain CODE} prints both,
 * docs/errors.md has them all.
 */
public enum ErrorCode {
    // bad input
    WORKFLOW_INVALID(ErrorCategory.USER, false, "Correct the file at the places named; nothing was deployed."),
    OPERATION_INVALID(ErrorCategory.USER, false, "Correct the operation file at the places named."),
    ENGINE_FILE_INVALID(
            ErrorCategory.USER, false, "Correct the engine file at the places named, then: selvage engine check FILE."),
    CONFIG_INVALID(ErrorCategory.USER, false, "Correct the configuration at the places named."),
    POLICY_INVALID(
            ErrorCategory.USER, false, "Write a policy such as AND('EwrMSP.peer', OR('JfkMSP.peer', 'LgaMSP.peer'))."),
    SECRET_IN_FILE(
            ErrorCategory.USER,
            false,
            "Write a reference, {secret: \"file:PATH\"} or {secret: \"env:NAME\"}, not the secret itself."),
    ARGUMENT_INVALID(
            ErrorCategory.USER, false, "Give the arguments that the workflow declares: selvage workflow show NAME."),
    REQUEST_INVALID(
            ErrorCategory.USER,
            false,
            "The request has the wrong shape: use a client of the same version as the contract."),
    USAGE(ErrorCategory.USER, false, "See --help."),
    TOO_LARGE(ErrorCategory.USER, false, "Stay within the limit named, or keep the bytes off the ledger."),
    NOT_SUPPORTED(ErrorCategory.USER, false, "Leave out what this version does not have."),
    VERSION_TAKEN(ErrorCategory.USER, false, "A deployed version never changes: raise \"version\"."),
    NAME_TAKEN(
            ErrorCategory.USER,
            false,
            "A workflow's name belongs to the organisation that deployed it first: choose another."),
    NOT_PERMITTED(ErrorCategory.USER, false, "Ask an organisation that the message names, or use an identity of one."),
    IDENTITY_INVALID(ErrorCategory.USER, false, "Check certificate, key and MSP of the profile: selvage doctor."),
    MSP_MISMATCH(
            ErrorCategory.USER,
            false,
            "Name the organisation that issued the certificate: identity.msp of the profile, node of the node's file."),
    ORGANISATION_UNKNOWN(
            ErrorCategory.USER, false, "Write the MSP id of an organisation of the channel, as the message has it."),
    CERTIFICATE_EXPIRED(
            ErrorCategory.USER,
            false,
            "Have the organisation's authority issue a new certificate for the same name, and put it in the file's place; a running node takes it by itself."),
    CERTIFICATE_EXPIRING(ErrorCategory.USER, false, "Have it renewed before that day; nothing fails until then."),
    KEY_MISMATCH(ErrorCategory.USER, false, "Name the key that the certificate was issued for, or renew both."),
    NODE_UNKNOWN(ErrorCategory.USER, false, "Register the node: selvage node register."),
    NODE_REVOKED(ErrorCategory.USER, false, "Register the node with a new key: selvage node register."),
    NODE_NOT_NAMED(ErrorCategory.USER, false, "Only the node that the task names for this part may return its result."),
    WORKFLOW_UNKNOWN(ErrorCategory.USER, true, "List them: selvage workflow list. On a peer that is behind, repeat."),
    TASK_UNKNOWN(ErrorCategory.USER, true, "List them: selvage task list. On a peer that is behind, repeat."),
    SUBTASK_UNKNOWN(ErrorCategory.USER, false, "See its sub-tasks: selvage workflow show NAME."),
    RESULT_UNKNOWN(ErrorCategory.USER, true, "See how far the task is: selvage task show ID."),
    DATA_UNKNOWN(ErrorCategory.USER, false, "Add the data set on that node: selvage data add NAME FILE."),
    DATA_CHANGED(ErrorCategory.USER, false, "The data set is no longer what was added: add it again under its name."),
    GRANT_MISSING(
            ErrorCategory.USER,
            true,
            "The node's owner decides: selvage data grant NAME --operation OP --creator MSP."),
    NO_ENGINE(ErrorCategory.USER, true, "On that node: selvage engine check FILE, then selvage node reload."),
    OPERATION_MISMATCH(
            ErrorCategory.USER,
            false,
            "The node's copy of the operation differs from the workflow's: agree on one file."),
    ROLE_UNBOUND(
            ErrorCategory.USER,
            false,
            "Bind the role to a registered node that offers the operation: selvage node list."),
    TASK_ENDED(ErrorCategory.USER, false, "An ended task never opens again: selvage task retry ID makes a new one."),
    ALREADY_DONE(ErrorCategory.USER, false, "Nothing to do: it has been done."),
    DUPLICATE(ErrorCategory.USER, false, "It exists already and is the same or cannot be replaced."),
    DATA_KEY_INVALID(
            ErrorCategory.USER,
            false,
            "A key is a point of G2 other than infinity, with a proof of possession made for this organisation."),
    DATA_KEY_UNKNOWN(ErrorCategory.USER, true, "An admin of the data's owner registers the key first."),
    DATA_KEY_REVOKED(ErrorCategory.USER, false, "The owner registers another key and anchors the data again under it."),
    ANCHOR_UNKNOWN(
            ErrorCategory.USER,
            true,
            "Check the owner, the name and the version; on a peer that is behind, repeat. An owner anchors: selvage data anchor FILE."),
    ANCHOR_VERSION(
            ErrorCategory.USER, false, "Versions of a name grow by one and never change: anchor the next version."),
    ANCHOR_SUPERSEDED(ErrorCategory.USER, false, "A newer version is anchored: audit that one."),
    ANCHOR_EXPIRED(ErrorCategory.USER, false, "The owner's promise has ended: ask it to anchor the data again."),
    AUDIT_UNKNOWN(ErrorCategory.USER, true, "Check the audit's id; on a peer that is behind, repeat."),
    AUDIT_OUT_OF_STEP(
            ErrorCategory.USER,
            true,
            "The audit is at another step, which the message names; repeat when it is there."),
    AUDIT_ENDED(ErrorCategory.USER, false, "A verdict is final: open a new audit."),
    AUDIT_LATE(ErrorCategory.USER, false, "The deadline of this step has passed: open a new audit with more time."),
    AUDIT_TIME_SHORT(
            ErrorCategory.USER,
            false,
            "The prover needs more time than the audit gives it: open a new audit with the times that the message names."),
    DETECTION_OUT_OF_REACH(
            ErrorCategory.USER,
            false,
            "Ask with --detect for what the message names as reachable, or ask the owner to anchor larger blocks."),
    OPENING_LIMIT(
            ErrorCategory.USER,
            false,
            "The data's owner decides: selvage data grant NAME --operation data.check/1 --creator MSP --opens 50%; or it anchors with --mode sectored, which shows no block."),
    DATA_DIFFERS(
            ErrorCategory.USER, false, "These bytes are not what is anchored: fetch them again, or ask their owner."),
    AUDIT_REJECTED(
            ErrorCategory.EXTERNAL,
            false,
            "The data is not proven to be what is anchored: its owner restores it or anchors it again; then audit again."),
    AUDIT_MISMATCH(
            ErrorCategory.USER, false, "What was revealed or judged is not what stands on the ledger; use that."),
    PATH_REFUSED(ErrorCategory.USER, false, "Use a name made of letters, digits, '.', '_' and '-'."),

    // what waits, or comes later
    NOT_READY(ErrorCategory.RESOURCE, true, "What it depends on is not done yet: repeat later."),
    NOT_YET_VISIBLE(
            ErrorCategory.RESOURCE,
            true,
            "A peer has not seen a result that the request relies on: repeat, or submit the result alone."),
    NOT_YET_EXPIRED(ErrorCategory.RESOURCE, true, "Wait until then: nodes send Expire by themselves."),
    STILL_WAITING(ErrorCategory.RESOURCE, true, "See what it waits for: selvage task why ID."),
    QUEUE_FULL(ErrorCategory.RESOURCE, true, "The node's queue is full: repeat later, or raise limits.queue."),
    RESOURCES_EXCEED_NODE(
            ErrorCategory.USER,
            false,
            "The requirement is more than the node has at all: lower it, or choose another node."),
    DEADLINE_EXCEEDED(ErrorCategory.RESOURCE, true, "Repeat, or allow more time in the workflow's deadlines."),
    EXPIRED(ErrorCategory.RESOURCE, false, "No result came before the deadline: selvage task why ID names the node."),
    TRANSACTION_TOO_LARGE(ErrorCategory.RESOURCE, false, "Send fewer items in one transaction."),
    TOO_MANY_REQUESTS(ErrorCategory.RESOURCE, true, "The peer's limit of concurrent calls is reached: repeat later."),
    STORAGE_FULL(
            ErrorCategory.RESOURCE,
            true,
            "Free space on the disk of the data folder, or keep less: retention in the node file."),

    // ledger and links
    LEDGER_UNREACHABLE(
            ErrorCategory.EXTERNAL,
            true,
            "Start the local network: selvage network up. For one that others run: check the profile's endpoints, and selvage doctor --profile FILE."),
    TLS_NAME_MISMATCH(
            ErrorCategory.USER,
            false,
            "Set ledger.serverName to a name that the server's certificate has, or have it issued with the name that is called."),
    TLS_UNTRUSTED(
            ErrorCategory.USER,
            false,
            "Set ledger.tlsRoot to the root of the TLS certificates of the organisation that runs the server."),
    PEER_BEHIND(
            ErrorCategory.EXTERNAL,
            true,
            "Wait until the peer has caught up; if it does not, see its log and whether it reaches the orderers."),
    ORDERER_UNREACHABLE(
            ErrorCategory.EXTERNAL,
            true,
            "Start the orderers, or see their logs: without a majority of them nothing is committed."),
    EVENTS_DENIED(
            ErrorCategory.USER,
            false,
            "Have the channel's ACLs give the organisation event/Block and the qscc queries: docs/doctor.md, \"ACLs\"."),
    LEDGER_REFUSED(
            ErrorCategory.EXTERNAL, false, "Read the words of the ledger in the message, then the log of the peer."),
    LEDGER_MISMATCH(
            ErrorCategory.USER,
            false,
            "This data folder belongs to another ledger: use the right one, or start with an empty folder."),
    LEDGER_CORRUPT(
            ErrorCategory.INTERNAL,
            false,
            "Restore the ledger's data folder from a backup, or start a new one: selvage network up --reset."),
    CHANNEL_UNKNOWN(
            ErrorCategory.USER,
            false,
            "Check the channel's name in the profile, and that the peer has joined it: peer channel list."),
    CHAINCODE_UNKNOWN(
            ErrorCategory.USER,
            false,
            "Check the chaincode's name in the profile, or commit it: peer lifecycle chaincode querycommitted."),
    CHAINCODE_VERSION(
            ErrorCategory.USER,
            false,
            "Bring command, node and contract to one version; each organisation approves the definition that is committed."),
    CHAINCODE_UNREACHABLE(
            ErrorCategory.EXTERNAL,
            true,
            "The chaincode's process does not answer: start it at the peer's organisation; on the local network see selvage network status."),
    ENDORSEMENT_FAILED(
            ErrorCategory.EXTERNAL,
            true,
            "Not enough organisations endorsed: selvage doctor names those whose peers do not; on the local network also selvage network status."),
    COMMIT_FAILED(ErrorCategory.EXTERNAL, true, "Repeat it; the message has the code of the peers."),
    COMMIT_UNKNOWN(
            ErrorCategory.EXTERNAL,
            true,
            "It may still commit: look before you repeat it, selvage task list. A task's id is the beginning of its transaction's."),
    PEER_UNREACHABLE(ErrorCategory.EXTERNAL, true, "Try the ways between the organisations: selvage doctor ORG ORG."),
    NODE_UNREACHABLE(
            ErrorCategory.EXTERNAL, true, "Start the node: selvage node start. If it ends at once, its log says why."),
    CLOCK_SKEW(
            ErrorCategory.EXTERNAL,
            true,
            "Set the clock of the machine that is wrong, best by NTP: deadlines, requests and certificates depend on it."),
    NOT_ENTITLED(ErrorCategory.USER, false, "Only those that the workflow's visibility names may have these bytes."),
    REQUEST_STALE(
            ErrorCategory.EXTERNAL,
            true,
            "The request was signed too long ago, for later, or was seen before: compare the clocks: selvage doctor."),
    CONTENT_UNKNOWN(ErrorCategory.EXTERNAL, true, "Start the node that made it: selvage task trace ID names it."),
    DIGEST_MISMATCH(
            ErrorCategory.EXTERNAL,
            true,
            "Repeat it; if it comes again, ask the owner of the node that gave the bytes."),
    STATE_UNAVAILABLE(
            ErrorCategory.EXTERNAL,
            true,
            "The chaincode whose state the workflow pins did not answer; its own words follow."),

    // engines
    ENGINE_PROTOCOL(
            ErrorCategory.EXTERNAL,
            false,
            "Stdout is for messages only: print to stderr. Try it: selvage engine check FILE."),
    ENGINE_DIED(ErrorCategory.EXTERNAL, true, "See its log on the node, then: selvage task retry ID."),
    PUBLISH_TIMEOUT(
            ErrorCategory.RESOURCE, true, "The node could not reach the ledger in time: see its log, or allow more."),
    ENGINE_TIMEOUT(
            ErrorCategory.RESOURCE, true, "The engine did not finish in time: raise deadlines.run or limits.run."),
    ENGINE_FLOOD(
            ErrorCategory.EXTERNAL, false, "The engine wrote more than its limit: raise limits.output, or write less."),
    ENGINE_UNREACHABLE(
            ErrorCategory.EXTERNAL,
            true,
            "The engine's service does not answer: start it, or check connect in the engine file."),
    ENGINE_REFUSED(
            ErrorCategory.EXTERNAL,
            false,
            "Read its own words in the detail on the node, and correct the request in the engine file."),
    ENGINE_BUSY(ErrorCategory.RESOURCE, true, "Repeat later, or lower limits.runs in the engine file."),
    ENGINE_FAILED(
            ErrorCategory.EXTERNAL,
            false,
            "Read its own words in the detail on the node: selvage task show ID names it."),
    ENGINE_TWICE(ErrorCategory.USER, false, "Two standard engines front one foreign engine: remove one."),
    KEY_REUSED(ErrorCategory.INTERNAL, false, "Please report it, with the log."),
    MAPPING_FAILED(
            ErrorCategory.USER,
            false,
            "An expression of the engine file failed on this request or reply: selvage engine try."),
    OUTPUT_INVALID(
            ErrorCategory.EXTERNAL,
            false,
            "The engine's output is not what the operation declares: selvage engine check FILE."),
    CASE_FAILED(
            ErrorCategory.USER, false, "Compare with the case in the operation file, then: selvage engine check FILE."),
    CANCELLED(ErrorCategory.USER, false, "Nothing is left to do; for another attempt: selvage task retry ID."),

    // this machine
    DATA_DIRECTORY_LOCKED(ErrorCategory.USER, false, "Another process uses this data folder: stop it first."),
    FOREIGN_WRITE(
            ErrorCategory.USER,
            false,
            "A state input of the workflow names a function that writes: name one that only reads, in a new version."),
    TWIN_DETECTED(ErrorCategory.USER, false, "A second node signs with this key: stop one of them, for good."),
    PORT_TAKEN(ErrorCategory.USER, true, "Free the port, or choose another in the configuration."),
    TOOL_MISSING(ErrorCategory.USER, false, "Install what the message names."),
    FILE_UNREADABLE(ErrorCategory.USER, false, "Check the path and its permissions."),
    FILE_CHANGED(ErrorCategory.EXTERNAL, true, "The file changed while it was read: repeat when nobody writes to it."),
    PROCESS_FAILED(ErrorCategory.EXTERNAL, true, "See its log, which the message names."),
    CHECK_FAILED(ErrorCategory.USER, false, "Correct what the message names, and check again."),
    JOURNAL_CORRUPT(
            ErrorCategory.INTERNAL, false, "Restore the node's data folder from a backup, or start with an empty one."),
    INTERRUPTED(ErrorCategory.USER, true, "Repeat it: what was begun is taken up where it can be."),
    INTERNAL(ErrorCategory.INTERNAL, false, "Please report it, with the log.");

    private final ErrorCategory category;
    private final boolean retryable;
    private final String nextStep;

    ErrorCode(ErrorCategory category, boolean retryable, String nextStep) {
        this.category = category;
        this.retryable = retryable;
        this.nextStep = nextStep;
    }

    /** One sentence: what has happened. */
    public String cause() {
        return Causes.ALL.getProperty(name(), "");
    }

    /** Read when they are asked for. */
    private static final class Causes {
        private static final Properties ALL = read();

        private static Properties read() {
            var causes = new Properties();
            try (var in = ErrorCode.class.getResourceAsStream("error-causes.properties")) {
                causes.load(new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return causes;
        }
    }

    public ErrorCategory category() {
        return category;
    }

    /** Whether the same request can succeed later without a change. */
    public boolean retryable() {
        return retryable;
    }

    /** One sentence for a person: what to do. */
    public String nextStep() {
        return nextStep;
    }

    /** The code of that name, empty when this version does not know it (a peer may be newer). */
    public static Optional<ErrorCode> named(String name) {
        return Arrays.stream(values()).filter(code -> code.name().equals(name)).findFirst();
    }
}
