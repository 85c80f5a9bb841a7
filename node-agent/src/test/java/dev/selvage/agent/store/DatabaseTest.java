package dev.selvage.agent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final List<String> FIRST = List.of("CREATE TABLE thing (id INTEGER PRIMARY KEY, bytes BLOB)");
    private static final String INSERT = "INSERT INTO thing (bytes) VALUES (?)";

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("a.db"), List.of(FIRST));
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        database.close();
    }

    @Test
    void a_full_disk_is_told_leaves_nothing_and_is_over_when_there_is_room() {
        pages("30");
        assertThatThrownBy(() -> database.write(session -> {
                    for (int i = 0; i < 100; i++) {
                        session.update(INSERT, (Object) new byte[4_000]);
                    }
                    return null;
                }))
                .isInstanceOfSatisfying(
                        SelvageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FULL));
        assertThat(count()).isZero();
        pages("1000");
        insert(1);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void a_work_that_fails_undoes_itself_alone() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Future<?> first = start(() -> database.write(session -> {
            begun.countDown();
            await(go);
            return session.update(INSERT, 0);
        }));
        await(begun); // the others share the commit after it
        List<Future<?>> others = IntStream.range(0, 6)
                .<Future<?>>mapToObj(i -> start(() -> database.write(session -> {
                    session.update(INSERT, i);
                    if (i == 3) {
                        throw new IllegalStateException("the third");
                    }
                    return i;
                })))
                .toList();
        go.countDown();
        first.get();
        assertThatThrownBy(others.get(3)::get).hasRootCauseMessage("the third");
        for (int i : new int[] {0, 1, 2, 4, 5}) {
            assertThat(others.get(i).get()).isEqualTo(i);
        }
        assertThat(count()).isEqualTo(6);
    }

    @Test
    void writers_that_wait_are_all_served() throws Exception {
        List<Future<?>> writers = IntStream.range(0, 16)
                .<Future<?>>mapToObj(writer -> start(() -> {
                    for (int i = 0; i < 50; i++) {
                        insert(writer);
                    }
                    return null;
                }))
                .toList();
        for (Future<?> writer : writers) {
            writer.get();
        }
        assertThat(count()).isEqualTo(800);
    }

    @Test
    void a_statement_that_failed_can_be_used_again() {
        insert(7);
        var insert = "INSERT INTO thing (id) VALUES (?)";
        assertThatThrownBy(() -> database.write(session -> session.update(insert, 1)))
                .isInstanceOf(SelvageException.class);
        assertThat(database.<Integer>write(session -> session.update(insert, 2)))
                .isEqualTo(1);
    }

    @Test
    void a_file_of_before_is_led_to_the_present_form() {
        insert(7);
        database.close();
        database = Database.open(
                folder.resolve("a.db"), List.of(FIRST, List.of("UPDATE thing SET bytes = '[' || bytes || ']'")));
        assertThat(database.<List<String>>read(session -> session.texts("SELECT bytes FROM thing")))
                .containsExactly("[7]");
    }

    private void insert(int number) {
        database.write(session -> session.update(INSERT, number));
    }

    private void pages(String most) {
        database.write(session -> session.texts("PRAGMA max_page_count = " + most));
    }

    private long count() {
        return database.<Long>read(session -> session.first(row -> row.getLong(1), "SELECT count(*) FROM thing")
                .orElseThrow());
    }

    private Future<?> start(Callable<?> work) {
        return threads.submit(work);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
