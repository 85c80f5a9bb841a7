package dev.selvage.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which module may use which: the table of docs/architecture.md. */
class ModuleEdgesTest {
    private static final String ROOT = "dev.selvage.";

    /** By module, the modules that it may use. Every module may use itself and libraries. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("proofs", Set.of()),
            Map.entry("formats", Set.of("model")),
            Map.entry("integrity", Set.of("model", "proofs")),
            Map.entry("engine", Set.of("model")),
            Map.entry("bridge", Set.of("model", "engine", "formats")),
            Map.entry("scheduler", Set.of("model", "engine")),
            Map.entry("agent", Set.of("model", "formats", "proofs", "integrity", "engine", "bridge", "scheduler")),
            Map.entry("contract", Set.of("model")),
            Map.entry("chaincode", Set.of("model", "proofs", "contract")),
            Map.entry("metadata", Set.of("model", "proofs", "integrity", "contract")),
            Map.entry("network", Set.of("model")),
            Map.entry(
                    "cli",
                    Set.of(
                            "model",
                            "formats",
                            "proofs",
                            "integrity",
                            "engine",
                            "bridge",
                            "scheduler",
                            "agent",
                            "network")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(MAY_USE.keySet().stream().map(ROOT::concat).toArray(String[]::new));

    private static String module(JavaClass type) {
        var name = type.getPackageName();
        if (!name.startsWith(ROOT)) {
            return "";
        }
        var rest = name.substring(ROOT.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static DescribedPredicate<JavaClass> of(Set<String> modules) {
        return describe("of " + modules, type -> modules.contains(module(type)));
    }

    @TestFactory
    List<DynamicTest> each_module_uses_only_what_it_may() {
        return MAY_USE.keySet().stream()
                .sorted()
                .map(module -> DynamicTest.dynamicTest(module, () -> {
                    var forbidden = MAY_USE.keySet().stream()
                            .filter(other -> !other.equals(module)
                                    && !MAY_USE.get(module).contains(other))
                            .collect(Collectors.toSet());
                    noClasses()
                            .that(of(Set.of(module)))
                            .should()
                            .dependOnClassesThat(of(forbidden))
                            .check(CLASSES);
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> internal_packages_are_used_by_their_own_module_alone() {
        return MAY_USE.keySet().stream()
                .sorted()
                .map(module -> DynamicTest.dynamicTest(
                        module,
                        () -> noClasses()
                                .that(of(Set.of(module)))
                                .should()
                                .dependOnClassesThat(describe(
                                        "internal to another module",
                                        type -> type.getPackageName().startsWith(ROOT)
                                                && !module(type).equals(module)
                                                && Arrays.asList(type.getPackageName()
                                                                .split("\\."))
                                                        .contains("internal")))
                                .check(CLASSES)))
                .toList();
    }

    @Test
    void every_module_is_looked_at() {
        var seen = CLASSES.stream().map(ModuleEdgesTest::module).collect(Collectors.toSet());
        assertThat(seen).containsAll(MAY_USE.keySet());
    }

    @Test
    void only_the_engine_module_and_those_above_it_know_generated_envelopes() {
        noClasses()
                .that(of(Set.of("model", "formats", "proofs", "chaincode", "network")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("selvage.engine..")
                .check(CLASSES);
    }
}
