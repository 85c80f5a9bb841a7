package dev.selvage.agent.content;

import static dev.selvage.agent.Faults.assertFault;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.agent.ManualClock;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
    private static final Hold OWNED = Hold.owned("test");
    private static final Hold RUN = Hold.inFlight("run");

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-22T00:00:00Z"));
    private ContentStore store;

    @BeforeEach
    void open() {
        open(new ContentLimits(10_000, 1_000, 0, 0));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void open(ContentLimits limits) {
        if (store != null) {
            store.close();
        }
        store = ContentStore.open(folder, limits, clock);
    }

    private Stored put(byte[] bytes, Hold hold) {
        clock.advance(Duration.ofMinutes(2));
        return store.put(new ByteArrayInputStream(bytes), 10_000, hold);
    }

    private Stored cached(byte[] bytes) {
        var stored = put(bytes, Hold.inFlight("passing"));
        store.release("passing");
        return stored;
    }

    private static byte[] bytes(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private byte[] read(Digest digest) throws IOException {
        try (InputStream in = store.open(digest)) {
            return in.readAllBytes();
        }
    }

    private Path file(Digest digest) {
        return folder.resolve("objects").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    private List<Path> drafts() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
            return files.toList();
        }
    }

    @Test
    void what_was_put_is_found_by_its_digest_after_reopening() throws IOException {
        byte[] bytes = "carrier,flights\nUA,5066\n".getBytes(UTF_8);
        Stored stored = put(bytes, OWNED);
        assertThat(stored.digest()).isEqualTo(Digest.of(bytes));
        assertThat(stored.size()).isEqualTo(bytes.length);

        open(ContentLimits.DEFAULT);
        assertThat(read(stored.digest())).isEqualTo(bytes);
        assertThat(store.verify(stored.digest())).isTrue();
        assertThat(drafts()).isEmpty();
    }

    @Test
    void the_empty_content_is_content() throws IOException {
        Stored stored = put(new byte[0], OWNED);
        assertThat(read(stored.digest())).isEmpty();
        assertThat(store.verify(stored.digest())).isTrue();
    }

    @Test
    void reads_from_an_offset_on() throws IOException {
        byte[] bytes = bytes(500, 1);
        Stored stored = put(bytes, OWNED);
        try (InputStream in = store.open(stored.digest(), 450)) {
            assertThat(in.readAllBytes()).hasSize(50).endsWith(bytes[499]);
        }
    }

    @Test
    void finds_salted_content_by_what_the_ledger_names() throws IOException {
        byte[] bytes = "small secret".getBytes(UTF_8);
        Salt salt = Salt.fresh();
        Stored stored = store.put(new ByteArrayInputStream(bytes), 100, OWNED, salt);
        Digest onLedger = Digest.of(bytes).salted(salt.bytes());
        assertThat(stored.ledgerDigest()).isEqualTo(onLedger);

        open(ContentLimits.DEFAULT);
        assertThat(read(onLedger)).isEqualTo(bytes);
        assertThat(store.find(onLedger).flatMap(Stored::salt)).contains(salt);
        assertThat(store.find(Digest.of(bytes)).flatMap(Stored::salt)).isEmpty();
    }

    @Test
    void the_same_bytes_under_two_salts_are_one_file() {
        byte[] bytes = bytes(100, 2);
        var one = store.put(new ByteArrayInputStream(bytes), 100, OWNED, Salt.fresh());
        var two = store.put(new ByteArrayInputStream(bytes), 100, OWNED, Salt.fresh());
        assertThat(one.ledgerDigest()).isNotEqualTo(two.ledgerDigest());
        assertThat(store.find(one.ledgerDigest())).isPresent();
        assertThat(store.find(two.ledgerDigest())).isPresent();
        assertThat(store.usage()).isEqualTo(new ContentStore.Usage(1, 100, 0));
    }

    @Test
    void a_salt_never_shows_in_text() {
        Salt salt = Salt.fresh();
        Stored stored = store.put(new ByteArrayInputStream(new byte[1]), 1, OWNED, salt);
        assertThat(salt.toString()).doesNotContain(salt.hex());
        assertThat(stored.toString()).doesNotContain(salt.hex());
    }

    @Test
    void refuses_more_than_the_limit_and_keeps_nothing() throws IOException {
        assertFault(ErrorCode.TOO_LARGE, () -> store.put(new ByteArrayInputStream(new byte[11]), 10, OWNED))
                .contains("10 bytes");
        assertThat(store.usage().items()).isZero();
        assertThat(drafts()).isEmpty();
        assertThat(store.put(new ByteArrayInputStream(new byte[10]), 10, OWNED).size())
                .isEqualTo(10);
    }

    @Test
    void a_stream_that_breaks_leaves_nothing() throws IOException {
        InputStream breaking = new FilterInputStream(new ByteArrayInputStream(new byte[100])) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int n = super.read(buffer, offset, 10);
                if (n < 0) {
                    throw new IOException("cut");
                }
                return n;
            }
        };
        assertFault(ErrorCode.FILE_UNREADABLE, () -> store.put(breaking, 1_000, OWNED));
        assertThat(drafts()).isEmpty();
        assertThat(put(bytes(9_999, 3), OWNED).size()).as("its room came back").isEqualTo(9_999);
    }

    @Test
    void is_full_when_held_content_fills_it() {
        put(bytes(9_500, 4), OWNED);
        assertFault(ErrorCode.STORAGE_FULL, () -> put(bytes(501, 5), RUN));
        assertThat(put(bytes(500, 6), RUN).size()).isEqualTo(500);
    }

    @Test
    void is_full_when_the_disk_must_keep_more_free_than_it_has() {
        open(new ContentLimits(10_000, 1_000, Long.MAX_VALUE / 2, 0));
        assertFault(ErrorCode.STORAGE_FULL, () -> put(bytes(1, 7), OWNED));
    }

    @Test
    void cache_makes_room_for_what_is_held() {
        open(new ContentLimits(1_000, 1_000, 0, 0));
        var old = cached(bytes(900, 8));
        put(bytes(800, 9), OWNED);
        assertThat(store.find(old.digest())).isEmpty();
        assertThat(Files.exists(file(old.digest()))).isFalse();
    }

    @Test
    void the_least_recently_used_goes_first() throws IOException {
        var first = cached(bytes(400, 10));
        var second = cached(bytes(400, 11));
        clock.advance(Duration.ofMinutes(5));
        read(first.digest());
        cached(bytes(400, 12));
        assertThat(store.find(first.digest())).isPresent();
        assertThat(store.find(second.digest())).isEmpty();
        assertThat(store.usage().cacheBytes()).isEqualTo(800);
    }

    @Test
    void nothing_held_is_ever_evicted() {
        var owned = put(bytes(2_000, 13), Hold.owned("task/result"));
        var pinned = put(bytes(2_000, 14), Hold.pinned("me"));
        var inFlight = put(bytes(2_000, 15), Hold.inFlight("run-1"));
        IntStream.range(20, 40).forEach(seed -> cached(bytes(900, seed)));
        store.gc();
        for (Stored stored : List.of(owned, pinned, inFlight)) {
            assertThat(store.verify(stored.digest())).isTrue();
        }
        store.release("run-1");
        assertThat(store.find(inFlight.digest()))
                .as("2,000 bytes exceed the cache")
                .isEmpty();
    }

    @Test
    void an_item_stays_until_its_last_hold_ends() {
        var stored = put(bytes(2_000, 16), Hold.owned("a"));
        store.hold(stored.digest(), Hold.inFlight("b"));
        store.release("a");
        assertThat(store.find(stored.digest())).isPresent();
        assertThat(store.references(Retention.IN_FLIGHT)).containsExactly("b");
        assertThat(store.references(Retention.OWNED)).isEmpty();
        store.release("b");
        assertThat(store.find(stored.digest())).isEmpty();
    }

    @Test
    void holding_what_is_not_there_is_content_unknown() {
        assertFault(ErrorCode.CONTENT_UNKNOWN, () -> store.hold(Digest.of(new byte[] {1}), OWNED));
        assertFault(ErrorCode.CONTENT_UNKNOWN, () -> store.open(Digest.of(new byte[] {1})));
    }

    @Test
    void holds_in_flight_end_with_the_process_and_others_do_not() {
        var stored = put(bytes(100, 30), Hold.inFlight("run-1"));
        var owned = put(bytes(100, 31), OWNED);
        open(ContentLimits.DEFAULT);
        assertThat(store.references(Retention.IN_FLIGHT)).isEmpty();
        assertThat(store.usage()).isEqualTo(new ContentStore.Usage(2, 200, 100));
        assertThat(store.held(Retention.OWNED)).containsExactly(new ContentStore.Held("test", owned.digest(), 100));
        assertThat(store.verify(stored.digest())).isTrue();
    }

    @Test
    void a_draft_that_a_crash_left_is_swept_at_start() throws IOException {
        Files.write(folder.resolve("tmp").resolve("half"), bytes(50, 17));
        open(ContentLimits.DEFAULT);
        assertThat(drafts()).isEmpty();
    }

    @Test
    void a_file_that_was_moved_and_never_recorded_is_swept_and_can_be_put_again() throws IOException {
        byte[] bytes = bytes(50, 18);
        Path stray = file(Digest.of(bytes));
        Files.createDirectories(stray.getParent());
        Files.write(stray, new byte[] {1, 2, 3});
        assertThat(store.find(Digest.of(bytes))).isEmpty();
        put(bytes, OWNED);
        assertThat(read(Digest.of(bytes))).isEqualTo(bytes);

        Files.write(
                folder.resolve("objects")
                        .resolve(stray.getParent().getFileName())
                        .resolve("rubbish"),
                bytes);
        assertThat(store.gc().strays()).isEqualTo(1);
        assertThat(read(Digest.of(bytes))).isEqualTo(bytes);
    }

    @Test
    void names_what_was_held_and_is_gone() throws IOException {
        var owned = put(bytes(50, 19), OWNED);
        var cache = cached(bytes(50, 20));
        Files.delete(file(owned.digest()));
        Files.delete(file(cache.digest()));
        assertThat(store.gc().lost()).containsExactly(owned.digest());
        assertThat(store.verify(owned.digest())).isFalse();
        assertFault(ErrorCode.CONTENT_UNKNOWN, () -> store.open(owned.digest()));
        assertThat(store.find(cache.digest())).isEmpty();

        put(bytes(50, 19), RUN);
        assertThat(store.verify(owned.digest())).as("fetched again").isTrue();
    }

    @Test
    void a_changed_bit_is_found() throws IOException {
        var stored = put(bytes(100, 21), OWNED);
        byte[] changed = bytes(100, 21);
        changed[50] ^= 1;
        Files.delete(file(stored.digest()));
        Files.write(file(stored.digest()), changed);
        assertThat(store.verify(stored.digest())).isFalse();
    }

    @Test
    void torn_metadata_is_told_and_not_taken_for_an_empty_store() throws IOException {
        put(bytes(100, 22), OWNED);
        store.close();
        Path index = folder.resolve("index.db");
        Files.write(index, new byte[(int) Files.size(index)]);
        Files.deleteIfExists(folder.resolve("index.db-wal"));
        assertFault(ErrorCode.JOURNAL_CORRUPT, () -> ContentStore.open(folder, ContentLimits.DEFAULT, clock));
        Files.delete(index);
        open(ContentLimits.DEFAULT);
    }

    @Test
    void an_index_of_a_later_version_is_refused() throws Exception {
        store.close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("index.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertFault(ErrorCode.JOURNAL_CORRUPT, () -> ContentStore.open(folder, ContentLimits.DEFAULT, clock))
                .contains("later version");
        Files.delete(folder.resolve("index.db"));
        open(ContentLimits.DEFAULT);
    }

    @Test
    void many_writers_of_the_same_bytes_make_one_item() throws Exception {
        byte[] bytes = bytes(1_000, 23);
        open(new ContentLimits(1 << 20, 0, 0, 0));
        var threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Stored> put = () -> store.put(new ByteArrayInputStream(bytes), 1_000, OWNED);
            for (var done : threads.invokeAll(Collections.nCopies(32, put))) {
                assertThat(done.get().digest()).isEqualTo(Digest.of(bytes));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.usage()).isEqualTo(new ContentStore.Usage(1, 1_000, 0));
        assertThat(store.verify(Digest.of(bytes))).isTrue();
        assertThat(drafts()).isEmpty();
    }

    @Test
    void stays_sound_while_put_used_and_evicted_at_once() throws Exception {
        open(new ContentLimits(20_000, 2_000, 0, 0));
        var threads = Executors.newFixedThreadPool(6);
        try {
            List<Callable<Integer>> work = IntStream.range(0, 120)
                    .<Callable<Integer>>mapToObj(i -> () -> {
                        String run = "run-" + i;
                        byte[] bytes = bytes(700, i % 10);
                        var stored = store.put(new ByteArrayInputStream(bytes), 700, Hold.inFlight(run));
                        try (InputStream in = store.open(stored.digest())) {
                            assertThat(in.readAllBytes()).isEqualTo(bytes);
                        }
                        store.release(run);
                        return 1;
                    })
                    .toList();
            for (var done : threads.invokeAll(work)) {
                assertThat(done.get()).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.usage().cacheBytes()).isLessThanOrEqualTo(2_000);
        assertThat(store.gc()).isEqualTo(new ContentStore.Swept(0, 0, 0, List.of()));
    }

    @Test
    void receives_in_pieces_and_is_invisible_until_whole() {
        byte[] bytes = bytes(300, 24);
        Digest digest = Digest.of(bytes);
        try (Incoming incoming = store.receive(digest, false, 300)) {
            incoming.append(ByteBuffer.wrap(bytes, 0, 100));
            assertThat(incoming.offset()).isEqualTo(100);
            assertThat(store.find(digest)).isEmpty();
            incoming.append(ByteBuffer.wrap(bytes, 100, 200));
            assertThat(incoming.complete(Optional.empty(), OWNED).digest()).isEqualTo(digest);
        }
        assertThat(store.verify(digest)).isTrue();
    }

    @Test
    void refuses_what_is_not_the_digest_and_can_begin_again() throws IOException {
        byte[] bytes = bytes(300, 25);
        Digest digest = Digest.of(bytes);
        try (Incoming incoming = store.receive(digest, false, 300)) {
            incoming.append(ByteBuffer.wrap(bytes(300, 26)));
            assertFault(ErrorCode.DIGEST_MISMATCH, () -> incoming.complete(Optional.empty(), OWNED));
            incoming.restart();
            assertFault(ErrorCode.DIGEST_MISMATCH, () -> incoming.append(ByteBuffer.wrap(new byte[301])));
            incoming.append(ByteBuffer.wrap(bytes));
            assertFault(ErrorCode.DIGEST_MISMATCH, () -> incoming.complete(Optional.of(Salt.fresh()), OWNED));
            incoming.complete(Optional.empty(), OWNED);
        }
        assertThat(read(digest)).isEqualTo(bytes);
        assertThat(drafts()).isEmpty();
    }

    @Test
    void a_salted_digest_needs_its_salt() {
        byte[] bytes = bytes(30, 27);
        Salt salt = Salt.fresh();
        Digest onLedger = Digest.of(bytes).salted(salt.bytes());
        try (Incoming incoming = store.receive(onLedger, true, 30)) {
            incoming.append(ByteBuffer.wrap(bytes));
            assertFault(ErrorCode.DIGEST_MISMATCH, () -> incoming.complete(Optional.empty(), OWNED));
            assertFault(ErrorCode.DIGEST_MISMATCH, () -> incoming.complete(Optional.of(Salt.fresh()), OWNED));
            incoming.complete(Optional.of(salt), OWNED);
        }
        assertThat(store.find(onLedger)).isPresent();
    }

    @Test
    void a_reception_that_ends_early_leaves_nothing() throws IOException {
        try (Incoming incoming = store.receive(Digest.of(new byte[9]), false, 9)) {
            incoming.append(ByteBuffer.wrap(new byte[5]));
        }
        assertThat(drafts()).isEmpty();
        assertThat(store.usage().items()).isZero();
    }
}
