package dev.selvage.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelvageCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return SelvageCommand.execute(args, Map.of(), new PrintWriter(out), new PrintWriter(err));
    }

    @Test
    void explains_a_code_however_it_is_written() {
        assertThat(run("explain", "no-engine")).isZero();
        assertThat(out.toString()).startsWith("NO_ENGINE").contains(ErrorCode.NO_ENGINE.nextStep());
    }

    @Test
    void answers_in_json_wherever_the_option_stands() {
        assertThat(run("--output", "json", "explain", "NO_ENGINE")).isZero();
        assertThat(CanonicalJson.parse(out.toString()).get("code").asText()).isEqualTo("NO_ENGINE");
        assertThat(run("explain", "NO_ENGINE", "--output", "JSON")).isZero();
    }

    @Test
    void suggests_the_code_that_was_meant() {
        assertThat(run("explain", "NO_ENGIN")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(err.toString()).startsWith("USAGE").contains("did you mean \"NO_ENGINE\"?");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void refuses_an_unknown_command_and_an_unknown_option_as_usage() {
        assertThat(run("quickstrat")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(run("explain", "--nonsense")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(err.toString().lines().filter(line -> line.startsWith("USAGE ")))
                .hasSize(2);
    }

    @Test
    void every_command_that_brings_a_network_up_takes_its_options() {
        var data = folder.resolve("data").toString();
        for (String[] command : new String[][] {
            {"quickstart"}, {"bench", "ledger"}, {"bench", "parts"}, {"network", "up"}, {"network", "prepare"}
        }) {
            err.getBuffer().setLength(0);
            var bft = Arrays.copyOf(command, command.length + 4);
            System.arraycopy(new String[] {"--data", data, "--profile", "bft"}, 0, bft, command.length, 4);
            assertThat(run(bft)).isEqualTo(ExitStatus.BAD_INPUT);
            assertThat(err.toString()).startsWith("CONFIG_INVALID").contains("--fabric DIR");
            bft[bft.length - 1] = "mine.yaml";
            err.getBuffer().setLength(0);
            assertThat(run(bft)).isEqualTo(ExitStatus.BAD_INPUT);
            assertThat(err.toString()).startsWith("USAGE Orderers are raft or bft, not \"mine.yaml\".");
        }
        assertThat(run("quickstart", "--data", data, "--orgs", "2")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(err.toString()).contains("CONFIG_INVALID The examples are of three organisations, not 2.");
        assertThat(folder.resolve("data/ledger")).doesNotExist();
    }

    @Test
    void names_each_example_once_when_another_is_asked_for() {
        assertThat(run("quickstart", "--example", "nope")).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(err.toString())
                .contains("expected one of nyc-delays, nyc-delays-named, fan-in, data-sale but was 'nope'");
    }

    @Test
    void a_wrong_file_is_told_in_json_too() throws Exception {
        var file = Files.writeString(folder.resolve("workflow.yaml"), "selvage: workflow/v1\nname: a\n");
        assertThat(run("workflow", "check", file.toString(), "--output", "json"))
                .isEqualTo(ExitStatus.CHECK_SAID_NO);
        var told = CanonicalJson.parse(out.toString()).get(0);
        assertThat(told.get("code").asText()).isEqualTo("WORKFLOW_INVALID");
        assertThat(told.get("problems")).isNotEmpty();
    }

    @Test
    void next_steps_and_causes_name_only_commands_that_there_are() {
        var named = Pattern.compile("selvage ([a-z]+)( [a-z]+)?");
        for (ErrorCode code : ErrorCode.values()) {
            var matcher = named.matcher(code.nextStep());
            while (matcher.find()) {
                var command =
                        SelvageCommand.commandLine(Map.of()).getSubcommands().get(matcher.group(1));
                assertThat(command).as(code + ": " + matcher.group()).isNotNull();
                if (!command.getSubcommands().isEmpty()) {
                    assertThat(command.getSubcommands())
                            .as(code + ": " + matcher.group())
                            .containsKey(String.valueOf(matcher.group(2)).strip());
                }
            }
        }
    }

    @Test
    void explain_tells_the_cause_and_the_next_step() {
        assertThat(run("explain", "GRANT_MISSING")).isZero();
        assertThat(out.toString())
                .contains(ErrorCode.GRANT_MISSING.cause())
                .contains(ErrorCode.GRANT_MISSING.nextStep());
    }

    @Test
    void every_code_has_an_exit_status_of_the_table() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ExitStatus.of(code)).as(code.name()).isIn(1, 2, 4, 5, 6, 70, 130);
        }
    }
}
