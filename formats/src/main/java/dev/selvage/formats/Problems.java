package dev.selvage.formats;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Collects what is wrong in one or several files, so that all of it is told at once. Not safe for use by several threads.
 *
 * <p>The fault reads {@code WORKFLOW_INVALID workflow.yaml:24:5 subTasks.merge: unknown key "dependOn"; did you mean "dependsOn"? (1
 * problem, nothing deployed)}; several problems stand on a line each.
 */
public final class Problems {
    /** The most problems that are kept: a file of another kind would otherwise answer with thousands. */
    public static final int MAX = 50;

    private final ErrorCode code;
    private final String consequence;
    private final Found found;

    private static final class Found {
        private final List<FileProblem> problems = new ArrayList<>();
        private final Set<Subject> subjects = new HashSet<>();
        private int leftOut;
    }

    private record Subject(String file, String path) {}

    /**
     * @param code the code of the fault when the problems have no single code of their own
     * @param consequence what did not happen because of them, such as "nothing deployed"
     */
    public Problems(ErrorCode code, String consequence) {
        this(code, consequence, new Found());
    }

    private Problems(ErrorCode code, String consequence, Found found) {
        this.code = code;
        this.consequence = consequence;
        this.found = found;
    }

    /** The same collection, in which problems are noted under another code: for a file of another kind read along. */
    public Problems as(ErrorCode otherCode) {
        return new Problems(otherCode, consequence, found);
    }

    /** Notes a problem under the file's own code. */
    public void add(Position position, String path, String message) {
        add(code, position, path, message);
    }

    /** Notes a problem that has a code of its own, such as NOT_SUPPORTED or SECRET_IN_FILE. */
    public void add(ErrorCode ownCode, Position position, String path, String message) {
        note(path, new FileProblem(ownCode, position, path, message));
    }

    /** Notes a problem that a message tells of a whole map, though it is about one key. */
    void addAbout(String about, Position position, String path, String message) {
        addAbout(code, about, position, path, message);
    }

    void addAbout(ErrorCode ownCode, String about, Position position, String path, String message) {
        note(about, new FileProblem(ownCode, position, path, message));
    }

    private void note(String about, FileProblem problem) {
        found.subjects.add(new Subject(problem.position().file(), about));
        if (found.problems.contains(problem)) {
            return;
        }
        if (found.problems.size() == MAX) {
            found.leftOut++;
        } else {
            found.problems.add(problem);
        }
    }

    /**
     * Whether something was wrong at a path of a file, above or below it, so that a further problem there may only follow from it.
     */
    public boolean concern(String file, String path) {
        return found.subjects.stream()
                .anyMatch(it -> it.file().equals(file) && (within(it.path(), path) || within(path, it.path())));
    }

    private static boolean within(String inner, String outer) {
        return inner.equals(outer) || outer.isEmpty() || inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
    }

    public boolean isEmpty() {
        return found.problems.isEmpty();
    }

    /** How many there are, those beyond {@link #MAX} too. */
    public int count() {
        return found.problems.size() + found.leftOut;
    }

    /** The problems in the order of the file. */
    public List<FileProblem> list() {
        return found.problems.stream()
                .sorted(Comparator.comparing((FileProblem p) -> p.position().file())
                        .thenComparing(p -> p.position().line())
                        .thenComparing(p -> p.position().column()))
                .toList();
    }

    /**
     * Makes a value of parts that were read without a problem.
     *
     * @param node where a refusal by the value itself is reported
     * @return null when anything at all was wrong so far, or the value refuses its parts: that is noted then
     */
    public <T> T build(YamlNode node, Supplier<T> make) {
        return isEmpty() ? attempt(node, make) : null;
    }

    /** As {@link #build}, for a value whose parts do not depend on what was read before: it is tried whatever else is wrong. */
    public <T> T attempt(YamlNode node, Supplier<T> make) {
        try {
            return make.get();
        } catch (SelvageException e) {
            var own = e.code() == ErrorCode.REQUEST_INVALID ? code : e.code();
            add(own, node.position(), node.path(), clause(e.sentence()));
        } catch (IllegalArgumentException e) {
            add(node.position(), node.path(), clause(String.valueOf(e.getMessage())));
        }
        return null;
    }

    /**
     * Passes when nothing was wrong.
     *
     * @throws SelvageException with the code that all problems share, else with the code of these problems
     */
    public void throwIfAny() {
        if (isEmpty()) {
            return;
        }
        throw fault();
    }

    private SelvageException fault() {
        var sorted = list();
        var first = sorted.get(0).code();
        var shared = sorted.stream().allMatch(p -> p.code() == first) ? first : code;
        var text = new StringBuilder();
        for (var problem : sorted) {
            text.append(text.length() == 0 ? "" : "\n");
            text.append(problem);
        }
        if (found.leftOut > 0) {
            text.append("\n... and ").append(found.leftOut).append(" more");
        }
        text.append(sorted.size() == 1 ? " (" : "\n(")
                .append(count())
                .append(count() == 1 ? " problem" : " problems")
                .append(consequence.isEmpty() ? "" : ", " + consequence)
                .append(')');
        return new SelvageException(shared, text.toString());
    }

    private static String clause(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
