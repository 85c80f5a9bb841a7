package dev.selvage.agent.data;

import static dev.selvage.agent.Faults.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.ManualClock;
import dev.selvage.agent.content.ContentLimits;
import dev.selvage.agent.content.ContentStore;
import dev.selvage.agent.content.Retention;
import dev.selvage.agent.data.DataSet.Copied;
import dev.selvage.agent.data.DataSet.Referenced;
import dev.selvage.agent.data.DataSet.Table;
import dev.selvage.agent.data.TableProbe.TableState;
import dev.selvage.engine.EngineInput;
import dev.selvage.engine.InputPlace;
import dev.selvage.engine.RunKey;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCatalogueTest {
    private static final NodeId EWR = NodeId.parse("EwrMSP/node1");
    private static final String CSV = "text/csv";
    private static final String TEXT = "carrier,flights\nUA,5066\n";
    private static final String DELAYS = "flights.delays/1";
    private static final Digest OPERATION = Digest.of(new byte[] {1});
    private static final Facts.Party CREATOR = new Facts.Party("JfkMSP", "User1@jfk.example");
    private static final RunKey RUN = new RunKey("0123456789abcdef0123456789abcdef", "delays", 0, 1, "ewr");

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-22T00:00:00Z"));
    private Path file;
    private ContentStore store;
    private DataCatalogue data;

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(folder.resolve("flights.csv"), TEXT);
        store = ContentStore.open(folder.resolve("content"), new ContentLimits(1 << 20, 0, 0, 0), clock);
        data = DataCatalogue.open(folder.resolve("data.db"), EWR, store, clock);
    }

    @AfterEach
    void close() {
        data.close();
        store.close();
    }

    private void reopen() {
        data.close();
        data = DataCatalogue.open(folder.resolve("data.db"), EWR, store, clock);
    }

    private String missing(String name, String operation, Digest digest, Facts.Party creator) {
        return data.grants()
                .decide(name, operation, digest, creator)
                .fold(yes -> "granted", GrantDecision.Missing::reason);
    }

    @Test
    void a_copied_file_no_longer_depends_on_the_original() throws IOException {
        var set = data.addFile("flights", file, CSV, true);
        Files.delete(file);
        reopen();
        assertThat(data.current("flights")).isEqualTo(set);
        assertThat(set.source()).isEqualTo(new Copied(Digest.of(TEXT.getBytes(StandardCharsets.UTF_8)), TEXT.length()));
        assertThat(store.references(Retention.OWNED)).containsExactly("data/flights");
    }

    @Test
    void a_copy_that_is_replaced_or_removed_is_let_go() throws IOException {
        var old = (Copied) data.addFile("flights", file, CSV, true).source();
        Files.writeString(file, "carrier,flights\nAA,1\n");
        var fresh = (Copied) data.addFile("flights", file, CSV, true).source();
        assertThat(store.find(old.digest())).isEmpty();
        assertThat(store.verify(fresh.digest())).isTrue();
        data.addFile("flights", file, CSV, true);
        assertThat(store.verify(fresh.digest())).isTrue();
        data.remove("flights");
        assertThat(store.find(fresh.digest())).isEmpty();
        assertThat(store.references(Retention.OWNED)).isEmpty();
        assertThat(data.list()).isEmpty();
    }

    @Test
    void a_referenced_file_that_changed_is_refused() throws IOException {
        var set = data.addFile("flights", file, CSV, false);
        assertThat(data.current("flights")).isEqualTo(set);
        assertThat(store.usage().items()).isZero();

        Files.setLastModifiedTime(file, FileTime.fromMillis(((Referenced) set.source()).modifiedMs() + 5_000));
        assertThat(data.current("flights").source().version())
                .as("only touched")
                .isEqualTo(set.source().version());

        Files.writeString(file, TEXT.replace("5066", "5067"));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        assertFault(ErrorCode.DATA_CHANGED, () -> data.current("flights")).contains("other content");
        Files.writeString(file, TEXT + "AA,1\n");
        assertFault(ErrorCode.DATA_CHANGED, () -> data.current("flights")).contains("another size");
        Files.delete(file);
        assertFault(ErrorCode.DATA_CHANGED, () -> data.current("flights")).contains("is gone");
    }

    @Test
    void a_table_stays_in_its_engine_with_its_count_and_version() {
        var set = data.addTable("flights", "h2-ewr", "ops.flights", (engine, table) -> new TableState(120_835, "v7"));
        reopen();
        assertThat(data.current("flights")).isEqualTo(set);
        assertThat(set.source()).isEqualTo(new Table("h2-ewr", "ops.flights", 120_835, "v7"));
        assertThat(set.source().version()).isEqualTo("120835 rows, v7");
    }

    @Test
    void a_table_that_the_engine_does_not_know_is_not_added() {
        TableProbe failing = (engine, table) -> {
            throw new SelvageException(ErrorCode.DATA_UNKNOWN, "h2-ewr has no table \"flight\".");
        };
        assertFault(ErrorCode.DATA_UNKNOWN, () -> data.addTable("flights", "h2-ewr", "flight", failing));
        assertThat(data.list()).isEmpty();
    }

    @Test
    void names_that_are_no_names_are_refused() {
        assertFault(ErrorCode.REQUEST_INVALID, () -> data.addFile("../flights", file, CSV, true));
        assertFault(
                ErrorCode.REQUEST_INVALID,
                () -> data.addTable("flights", "h2", "flights; DROP TABLE x", (e, t) -> new TableState(1, "")));
        assertFault(ErrorCode.FILE_UNREADABLE, () -> data.addFile("flights", folder, CSV, true));
        assertFault(ErrorCode.FILE_UNREADABLE, () -> data.addFile("flights", folder.resolve("none"), CSV, false));
    }

    @Test
    void an_unknown_name_is_answered_with_what_was_meant() {
        data.addFile("flights", file, CSV, false);
        assertFault(ErrorCode.DATA_UNKNOWN, () -> data.current("flight"))
                .isEqualTo("EwrMSP/node1 has no data set \"flight\"; did you mean \"flights\"?"
                        + " Add one there: selvage data add flight FILE");
        assertFault(ErrorCode.DATA_UNKNOWN, () -> data.remove("weather")).doesNotContain("did you mean");
    }

    @Test
    void nothing_is_granted_that_nobody_granted() {
        data.addFile("flights", file, CSV, false);
        assertThat(missing("flights", DELAYS, OPERATION, CREATOR))
                .isEqualTo("The data set \"flights\" of EwrMSP/node1 is not granted to flights.delays/1 in tasks of"
                        + " User1@JfkMSP. Its owner decides: selvage data grant flights"
                        + " --operation flights.delays/1 --creator JfkMSP");
    }

    @Test
    void a_grant_names_operation_and_creators() {
        data.addFile("flights", file, CSV, false);
        var grants = data.grants();
        grants.grant("flights", DELAYS, OPERATION, List.of("JfkMSP", "LgaMSP/User1@lga.example"), Optional.empty());
        reopen();
        assertThat(missing("flights", DELAYS, OPERATION, CREATOR)).isEqualTo("granted");
        assertThat(missing("flights", DELAYS, OPERATION, new Facts.Party("LgaMSP", "User1@lga.example")))
                .isEqualTo("granted");
        assertThat(missing("flights", DELAYS, OPERATION, new Facts.Party("LgaMSP", "User2@lga.example")))
                .contains("is granted to JfkMSP, LgaMSP/User1@lga.example");
        assertThat(missing("flights", DELAYS, Digest.of(new byte[] {2}), CREATOR))
                .contains("another text of the operation");
        assertThat(missing("flights", "flights.other/1", Digest.of(new byte[] {3}), CREATOR))
                .contains("not granted to flights.other/1");
    }

    @Test
    void a_grant_ends_at_its_time() {
        data.addFile("flights", file, CSV, false);
        data.grants()
                .grant(
                        "flights",
                        DELAYS,
                        OPERATION,
                        List.of("JfkMSP"),
                        Optional.of(clock.instant().plusSeconds(60)));
        assertThat(missing("flights", DELAYS, OPERATION, CREATOR)).isEqualTo("granted");
        clock.advance(Duration.ofSeconds(60));
        assertThat(missing("flights", DELAYS, OPERATION, CREATOR)).contains("the grant ended at 2026-11-22T00:01:00Z");
    }

    @Test
    void the_same_grant_twice_is_one() {
        data.addFile("flights", file, CSV, false);
        var one = data.grants().grant("flights", DELAYS, OPERATION, List.of("JfkMSP"), Optional.empty());
        var two = data.grants().grant("flights", DELAYS, OPERATION, List.of("JfkMSP"), Optional.empty());
        assertThat(two).isEqualTo(one);
        assertThat(data.grants().list()).containsExactly(one);
    }

    @Test
    void a_grant_is_taken_back_whole_or_for_one_creator() {
        data.addFile("flights", file, CSV, false);
        var grants = data.grants();
        grants.grant("flights", DELAYS, OPERATION, List.of("JfkMSP", "LgaMSP"), Optional.empty());
        assertThat(grants.revoke("flights", Optional.of(DELAYS), Optional.of("LgaMSP")))
                .hasSize(1);
        assertThat(missing("flights", DELAYS, OPERATION, CREATOR)).isEqualTo("granted");
        assertThat(missing("flights", DELAYS, OPERATION, new Facts.Party("LgaMSP", "User1")))
                .contains("JfkMSP");
        assertThat(grants.revoke("flights", Optional.of("other.op/1"), Optional.empty()))
                .isEmpty();
        assertThat(grants.revoke("flights", Optional.empty(), Optional.empty())).hasSize(1);
        assertThat(missing("flights", DELAYS, OPERATION, CREATOR)).contains("is not granted");
    }

    @Test
    void a_removed_data_set_takes_its_grants_along_and_a_replaced_one_keeps_them() {
        data.addFile("flights", file, CSV, false);
        data.grants().grant("flights", DELAYS, OPERATION, List.of("JfkMSP"), Optional.empty());
        data.addFile("flights", file, CSV, true);
        assertThat(missing("flights", DELAYS, OPERATION, CREATOR)).isEqualTo("granted");
        data.remove("flights");
        data.addFile("flights", file, CSV, true);
        assertThat(data.grants().list()).isEmpty();
    }

    @Test
    void grants_of_nothing_and_to_nobody_are_refused() {
        var grants = data.grants();
        assertFault(
                ErrorCode.DATA_UNKNOWN,
                () -> grants.grant("flights", DELAYS, OPERATION, List.of("JfkMSP"), Optional.empty()));
        data.addFile("flights", file, CSV, false);
        assertFault(
                ErrorCode.REQUEST_INVALID,
                () -> grants.grant("flights", DELAYS, OPERATION, List.of(), Optional.empty()));
        assertFault(
                ErrorCode.REQUEST_INVALID,
                () -> grants.grant("flights", DELAYS, OPERATION, List.of("everybody please"), Optional.empty()));
        assertFault(
                ErrorCode.REQUEST_INVALID,
                () -> grants.grant("flights", "delays", OPERATION, List.of("JfkMSP"), Optional.empty()));
    }

    @Test
    void data_sets_become_inputs_of_a_run() throws IOException {
        var places = new InputPlaces(store, data);
        var runs = new RunDirectories(folder.resolve("run"));
        data.addFile("copied", file, CSV, true);
        data.addFile("referenced", file, CSV, false);
        data.addTable("table", "h2-ewr", "flights", (engine, table) -> new TableState(3, ""));
        try (RunDirectory run = runs.fresh(RUN)) {
            EngineInput copied = places.data(run, "a", "copied", 0);
            EngineInput referenced = places.data(run, "b", "referenced", 0);
            assertThat(places.data(run, "c", "table", 0).place())
                    .isEqualTo(new InputPlace.Resident("h2-ewr", "flights", "3 rows"));
            for (String set : List.of("copied", "referenced")) {
                assertThat(((InputPlace.Inline)
                                        places.data(run, "d", set, 1_000).place())
                                .bytes())
                        .isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8));
            }
            for (EngineInput input : List.of(copied, referenced)) {
                Path path = ((InputPlace.OnDisk) input.place()).path();
                assertThat(path).startsWith(folder.resolve("run")).hasContent(TEXT);
                assertThat(input.digest()).contains(Digest.of(TEXT.getBytes(StandardCharsets.UTF_8)));
            }
        }
        assertThat(folder.resolve("run")).isEmptyDirectory();
    }

    @Test
    void an_engine_that_writes_to_its_input_changes_a_copy_only() throws IOException {
        var places = new InputPlaces(store, data);
        var digest = ((Copied) data.addFile("copied", file, CSV, true).source()).digest();
        try (RunDirectory run = new RunDirectories(folder.resolve("run")).fresh(RUN)) {
            Path path = ((InputPlace.OnDisk) places.data(run, "a", "copied", 0).place()).path();
            Files.writeString(path, "changed");
            assertThat(store.verify(digest)).isTrue();
        }
    }

    @Test
    void damaged_content_never_reaches_an_engine() throws IOException {
        var places = new InputPlaces(store, data);
        var digest = ((Copied) data.addFile("copied", file, CSV, true).source()).digest();
        Path stored = store.file(digest).orElseThrow();
        Files.delete(stored);
        Files.writeString(stored, TEXT.replace("5066", "5067"));
        try (RunDirectory run = new RunDirectories(folder.resolve("run")).fresh(RUN)) {
            assertFault(ErrorCode.DIGEST_MISMATCH, () -> places.data(run, "a", "copied", 0));
            assertFault(ErrorCode.DIGEST_MISMATCH, () -> places.data(run, "a", "copied", 1_000));
        }
    }

    @Test
    void run_directories_begin_empty_survive_a_crash_and_go() throws IOException {
        var runs = new RunDirectories(folder.resolve("run"));
        var other = new RunKey(RUN.task(), "delays", 1, 1, "ewr");
        RunDirectory first = runs.fresh(RUN);
        Files.writeString(first.work().resolve("half"), "x");
        runs.fresh(other).work();
        assertThat(runs.again(RUN).work().resolve("half")).exists();
        assertThat(new RunDirectories(folder.resolve("run")).keepOnly(List.of(RUN)))
                .isEqualTo(1);
        RunDirectory again = runs.fresh(RUN);
        assertThat(again.work()).isEmptyDirectory();
        again.close();
        assertThat(folder.resolve("run")).isEmptyDirectory();
    }

    @Test
    void a_run_that_asks_for_no_directory_makes_none_and_one_that_is_over_gets_none() {
        var run = new RunDirectories(folder.resolve("run")).fresh(RUN);
        run.close();
        assertThat(folder.resolve("run")).isEmptyDirectory();
        assertFault(ErrorCode.CANCELLED, run::work);
        assertThat(folder.resolve("run")).isEmptyDirectory();
    }

    @Test
    void removing_a_run_follows_no_link_out_of_it() throws IOException {
        var runs = new RunDirectories(folder.resolve("run"));
        RunDirectory run = runs.fresh(RUN);
        Files.createSymbolicLink(run.work().resolve("out"), folder);
        run.close();
        assertThat(file).exists();
    }
}
