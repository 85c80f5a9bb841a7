package dev.selvage.model.integrity;

import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Names;
import dev.selvage.model.SelvageException;

/** The keys of the metadata contract's facts (docs/metadata.md): as {@link dev.selvage.model.Keys}, in the contract's own namespace. */
public final class MetadataKeys {
    private static final int VERSIONS = 999_999;
    private static final int TIME_DIGITS = 15;

    private MetadataKeys() {}

    public static String key(String msp, Digest key) {
        return keys(msp) + key;
    }

    /** The prefix of all keys of an organisation. */
    public static String keys(String msp) {
        return "key/" + Names.component("The MSP", msp) + "/";
    }

    public static String keyRevoked(String msp, Digest key) {
        return "keyRevoked/" + Names.component("The MSP", msp) + "/" + key;
    }

    public static String data(DataName data) {
        return "data/" + data;
    }

    /** The prefix of all names of an organisation. */
    public static String dataOf(String msp) {
        return "data/" + Names.component("The MSP", msp) + "/";
    }

    public static String anchor(DataName data, int version) {
        if (version < 1 || version > VERSIONS) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "A version is from 1 to " + VERSIONS + ", not " + version + ".");
        }
        String digits = Integer.toString(version);
        return anchors(data) + "000000".substring(digits.length()) + digits;
    }

    /** The prefix of all versions of a name. */
    public static String anchors(DataName data) {
        return "anchor/" + data + "/";
    }

    public static String audit(String audit) {
        return "audit/" + auditId(audit);
    }

    public static String auditAnswer(String audit) {
        return "auditAnswer/" + auditId(audit);
    }

    public static String auditReveal(String audit) {
        return "auditReveal/" + auditId(audit);
    }

    public static String auditProof(String audit) {
        return "auditProof/" + auditId(audit);
    }

    public static String auditEnd(String audit) {
        return "auditEnd/" + auditId(audit);
    }

    /** An entry of the list of a data set's audits, in order of time. */
    public static String auditOf(DataName data, long at, String audit) {
        return auditsOf(data) + time(at) + "/" + auditId(audit);
    }

    public static String auditsOf(DataName data) {
        return "auditOf/" + data + "/";
    }

    /** An entry of the list of an organisation's audits of others, in order of time. */
    public static String auditBy(String msp, long at, String audit) {
        return auditsBy(msp) + time(at) + "/" + auditId(audit);
    }

    public static String auditsBy(String msp) {
        return "auditBy/" + Names.component("The MSP", msp) + "/";
    }

    /** An open audit that an organisation has a part in, as prover or as buyer. */
    public static String auditTodo(String msp, String audit) {
        return auditTodos(msp) + auditId(audit);
    }

    public static String auditTodos(String msp) {
        return "auditTodo/" + Names.component("The MSP", msp) + "/";
    }

    private static String auditId(String audit) {
        if (!Names.isTaskId(audit)) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "An audit's id is 32 lower-case hexadecimal digits, not \"" + audit + "\".");
        }
        return audit;
    }

    private static String time(long at) {
        String digits = Long.toString(Math.max(0, at));
        return "0".repeat(Math.max(0, TIME_DIGITS - digits.length())) + digits;
    }
}
