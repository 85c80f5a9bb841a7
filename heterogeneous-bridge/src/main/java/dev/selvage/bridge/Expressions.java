package dev.selvage.bridge;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.Map;
import java.util.Set;

/**
 * Expressions in CEL: the one place that knows the library. They are compiled and type-checked when a file is loaded, always end, see
 * no clock and no randomness, and keep 64-bit integers exact.
 */
final class Expressions {
    private static final int MAX_LENGTH = 8192;
    private static final CelOptions OPTIONS = CelOptions.current()
            .comprehensionMaxIterations(10_000)
            .maxExpressionCodePointSize(MAX_LENGTH)
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(OPTIONS).build();

    private Expressions() {}

    /** An expression that was refused; the message has the library's words and a caret under the place. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Compiles an expression.
     *
     * @param expected the kinds that its value may have; empty for any
     */
    static Expression compile(String source, Scope scope, Set<Scope.Kind> expected) throws RefusedException {
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS);
        scope.names().forEach((name, kind) -> builder.addVar(name, type(kind)));
        try {
            CelAbstractSyntaxTree tree = builder.build().compile(source).getAst();
            var found = kind(tree.getResultType());
            if (!expected.isEmpty() && found != Scope.Kind.ANY && !expected.contains(found)) {
                throw new RefusedException("${" + source + "} is " + word(found) + ", not " + words(expected));
            }
            return new Expression(source, RUNTIME.createProgram(tree), expected);
        } catch (CelValidationException e) {
            throw new RefusedException(message(source, e));
        } catch (CelEvaluationException e) {
            throw new RefusedException("${" + source + "}: " + e.getMessage());
        }
    }

    /** A compiled expression. Safe for concurrent use. */
    static final class Expression {
        private final String source;
        private final CelRuntime.Program program;
        private final Set<Scope.Kind> expected;

        private Expression(String source, CelRuntime.Program program, Set<Scope.Kind> expected) {
            this.source = source;
            this.program = program;
            this.expected = expected;
        }

        /**
         * The value: null, Long, Double, String, Boolean, a List or a Map of these.
         *
         * @param values by the names of the scope
         * @throws SelvageException MAPPING_FAILED
         */
        Object evaluate(Map<String, Object> values) {
            Object value;
            try {
                value = CelValues.plain(program.eval(values));
            } catch (CelEvaluationException | RuntimeException e) {
                throw new SelvageException(
                        ErrorCode.MAPPING_FAILED,
                        "The expression ${" + source + "} failed: " + e.getMessage() + ".",
                        e);
            }
            if (!expected.isEmpty() && !expected.contains(kindOf(value))) {
                throw new SelvageException(
                        ErrorCode.MAPPING_FAILED,
                        "The expression ${" + source + "} gave " + word(kindOf(value)) + ", not " + words(expected)
                                + ".");
            }
            return value;
        }

        @Override
        public String toString() {
            return "${" + source + "}";
        }
    }

    private static String message(String source, CelValidationException fault) {
        if (fault.getErrors().isEmpty()) {
            return "${" + source + "}: " + fault.getMessage();
        }
        CelIssue first = fault.getErrors().get(0);
        int line = first.getSourceLocation().getLine();
        int column = first.getSourceLocation().getColumn();
        var lines = source.split("\n", -1);
        var text = new StringBuilder("in ${...}: ").append(first.getMessage());
        if (line >= 1 && line <= lines.length && column >= 0) {
            text.append("\n    ").append(lines[line - 1]).append("\n    ");
            text.append(" ".repeat(Math.min(column, lines[line - 1].length()))).append('^');
        }
        return text.toString();
    }

    private static CelType type(Scope.Kind kind) {
        return switch (kind) {
            case INTEGER -> SimpleType.INT;
            case TEXT -> SimpleType.STRING;
            case TRUTH -> SimpleType.BOOL;
            case LIST -> ListType.create(SimpleType.DYN);
            case MAP -> MapType.create(SimpleType.STRING, SimpleType.DYN);
            case ANY -> SimpleType.DYN;
        };
    }

    private static Scope.Kind kind(CelType type) {
        return switch (type.kind()) {
            case INT -> Scope.Kind.INTEGER;
            case STRING -> Scope.Kind.TEXT;
            case BOOL -> Scope.Kind.TRUTH;
            case LIST -> Scope.Kind.LIST;
            case MAP -> Scope.Kind.MAP;
            default -> Scope.Kind.ANY;
        };
    }

    private static Scope.Kind kindOf(Object value) {
        if (value instanceof Long) {
            return Scope.Kind.INTEGER;
        }
        if (value instanceof String) {
            return Scope.Kind.TEXT;
        }
        if (value instanceof Boolean) {
            return Scope.Kind.TRUTH;
        }
        if (value instanceof java.util.List) {
            return Scope.Kind.LIST;
        }
        return value instanceof Map ? Scope.Kind.MAP : Scope.Kind.ANY;
    }

    private static String words(Set<Scope.Kind> kinds) {
        return kinds.stream()
                .sorted()
                .map(Expressions::word)
                .reduce((a, b) -> a + " or " + b)
                .orElse("");
    }

    private static String word(Scope.Kind kind) {
        return switch (kind) {
            case INTEGER -> "an integer";
            case TEXT -> "text";
            case TRUTH -> "true or false";
            case LIST -> "a list";
            case MAP -> "a map";
            case ANY -> "another kind of value";
        };
    }
}
