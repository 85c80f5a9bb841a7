package dev.selvage.model;

import java.util.regex.Pattern;

/** What names may look like. They become components of ledger keys, so "/" and the empty name are out. */
public final class Names {
    /** The longest component of a key. */
    public static final int MAX_LENGTH = 64;

    private static final Pattern OPERATION = Pattern.compile("[a-z0-9._-]{1,64}/[1-9][0-9]{0,5}");
    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+(-[A-Za-z0-9.-]{1,32})?");
    private static final int TASK = 32;

    private Names() {}

    public static boolean isComponent(String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) { // by hand: every key of every transaction comes through here
            char c = text.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == '-';
            if (!fits) {
                return false;
            }
        }
        return !text.equals(".") && !text.equals("..");
    }

    /** Whether a text is that many lower-case hexadecimal digits. */
    static boolean isHex(String text, int digits) {
        if (text == null || text.length() != digits) {
            return false;
        }
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /** An operation's id, such as {@code flights.delays/1}. */
    public static boolean isOperation(String text) {
        return text != null && OPERATION.matcher(text).matches();
    }

    /** A workflow's version, such as {@code 1.0.0}. */
    public static boolean isVersion(String text) {
        return text != null
                && text.length() <= MAX_LENGTH
                && VERSION.matcher(text).matches();
    }

    /** A task's id: the first 32 hexadecimal digits of the transaction that created it. */
    public static boolean isTaskId(String text) {
        return isHex(text, TASK);
    }

    /**
     * Passes a component on, or refuses it.
     *
     * @throws SelvageException REQUEST_INVALID
     */
    public static String component(String what, String text) {
        if (!isComponent(text)) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    what + " \"" + text + "\" is not made of 1 to 64 letters, digits, '.', '_' and '-'.");
        }
        return text;
    }

    /**
     * Passes a task's id on, or refuses it.
     *
     * @throws SelvageException REQUEST_INVALID
     */
    public static String taskId(String text) {
        if (!isTaskId(text)) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID,
                    "A task's id is 32 lower-case hexadecimal digits, not \"" + text + "\".");
        }
        return text;
    }
}
