package org.example.reference;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reading and writing carriers. */
final class Carriers {
    private static final int MOST = 1_000;
    private static final int LONGEST = 200;
    private static final Pattern CODE = Pattern.compile("[A-Z0-9]{2,3}");

    private Carriers() {}

    /**
     * Reads CSV with the header {@code carrier,name}; a name may hold commas, and quotes mean nothing.
     *
     * @throws IllegalArgumentException telling the first line that is wrong
     */
    static Map<String, String> parse(String csv) {
        List<String> lines = csv.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals("carrier,name") || lines.size() > MOST) {
            throw new IllegalArgumentException("expected the header carrier,name and at most " + MOST + " lines");
        }
        Map<String, String> carriers = new TreeMap<>();
        for (int i = 1; i < lines.size(); i++) {
            int comma = lines.get(i).indexOf(',');
            var code = comma < 0 ? "" : lines.get(i).substring(0, comma);
            var name = lines.get(i).substring(comma + 1);
            if (!CODE.matcher(code).matches() || name.isBlank() || name.length() > LONGEST) {
                throw new IllegalArgumentException("line " + (i + 1) + " is not a carrier's code and name");
            }
            carriers.put(code, name);
        }
        return carriers;
    }

    /** A JSON object without spaces, in the order of the map. */
    static String json(Map<String, String> carriers) {
        return carriers.entrySet().stream()
                .map(entry -> quote(entry.getKey()) + ":" + quote(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String quote(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
