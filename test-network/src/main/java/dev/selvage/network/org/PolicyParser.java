package dev.selvage.network.org;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the notation of signature policies, by recursive descent; faults name the column, counted from 1. */
final class PolicyParser {
    private static final int LONGEST = 16 * 1024;
    private static final int DEEPEST = 32;
    private static final String GATES = "AND(...), OR(...) or OutOf(n, ...)";

    private final String text;
    private int at;

    PolicyParser(String text) {
        this.text = text;
    }

    SignaturePolicy.Rule parse() {
        if (text.length() > LONGEST) {
            throw fault(0, "the policy is longer than " + LONGEST + " characters");
        }
        SignaturePolicy.Rule rule = gate(0);
        skipSpace();
        if (at < text.length()) {
            throw fault(at, "expected the end, found '" + text.charAt(at) + "'");
        }
        return rule;
    }

    private SignaturePolicy.Rule gate(int depth) {
        if (depth > DEEPEST) {
            throw fault(at, "gates are nested more than " + DEEPEST + " deep");
        }
        skipSpace();
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at).toUpperCase(Locale.ROOT);
        if (!List.of("AND", "OR", "OUTOF").contains(name)) {
            throw fault(start, "expected " + GATES + foundInstead(start));
        }
        expect('(');
        int needed = name.equals("OUTOF") ? count() : 0;
        List<SignaturePolicy.Rule> rules = arguments(depth);
        return switch (name) {
            case "AND" -> new SignaturePolicy.OutOf(rules.size(), rules);
            case "OR" -> new SignaturePolicy.OutOf(1, rules);
            default -> outOf(start, needed, rules);
        };
    }

    private SignaturePolicy.Rule outOf(int start, int needed, List<SignaturePolicy.Rule> rules) {
        if (needed < 1 || needed > rules.size()) {
            throw fault(
                    start,
                    "OutOf(" + needed + ", ...) names " + rules.size()
                            + " rules; the number must lie between 1 and that");
        }
        return new SignaturePolicy.OutOf(needed, rules);
    }

    private int count() {
        skipSpace();
        int start = at;
        while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0 && at - start < 6) {
            at++;
        }
        if (at == start) {
            throw fault(start, "expected a number, as in OutOf(2, ...)" + foundInstead(start));
        }
        int value = Integer.parseInt(text.substring(start, at));
        expect(',');
        return value;
    }

    private List<SignaturePolicy.Rule> arguments(int depth) {
        List<SignaturePolicy.Rule> rules = new ArrayList<>();
        while (true) {
            skipSpace();
            boolean quoted = at < text.length() && (text.charAt(at) == '\'' || text.charAt(at) == '"');
            rules.add(quoted ? principal() : gate(depth + 1));
            skipSpace();
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
            } else {
                expect(')');
                return rules;
            }
        }
    }

    private SignaturePolicy.Rule principal() {
        int start = at;
        char quote = text.charAt(at++);
        int end = text.indexOf(quote, at);
        if (end < 0) {
            throw fault(start, "the quote is not closed");
        }
        String body = text.substring(at, end);
        at = end + 1;
        int dot = body.lastIndexOf('.');
        String role = dot < 0 ? "" : body.substring(dot + 1);
        Optional<Role> known = Role.ofUnit(role);
        if (dot < 1
                || !body.substring(0, dot).matches("[A-Za-z0-9.-]+")
                || (known.isEmpty() && !role.equals("member"))) {
            throw fault(
                    start,
                    "expected 'MSP.role' with role member, admin, client, peer or orderer, found '" + body + "'");
        }
        return new SignaturePolicy.SignedBy(new Principal(body.substring(0, dot), known));
    }

    private void expect(char wanted) {
        skipSpace();
        if (at >= text.length() || text.charAt(at) != wanted) {
            throw fault(at, "expected '" + wanted + "'" + foundInstead(at));
        }
        at++;
    }

    private String foundInstead(int position) {
        if (position >= text.length()) {
            return ", found the end";
        }
        return ", found '" + text.substring(position, Math.min(text.length(), position + 12)) + "'";
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private SelvageException fault(int position, String sentence) {
        return new SelvageException(ErrorCode.POLICY_INVALID, "policy, column " + (position + 1) + ": " + sentence);
    }
}
