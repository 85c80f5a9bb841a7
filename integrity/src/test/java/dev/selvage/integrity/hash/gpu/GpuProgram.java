package dev.selvage.integrity.hash.gpu;

import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.hash.CpuHasher;
import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.hash.HashForm;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.Hasher;
import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.integrity.tuning.Hashing;
import dev.selvage.integrity.tuning.Machine;
import dev.selvage.integrity.tuning.SampleFile;
import dev.selvage.integrity.tuning.Tuner;
import dev.selvage.integrity.tuning.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What {@link GpuHasherTest} runs in a process of its own, since a driver is loaded once. Prints what it finds. */
final class GpuProgram {
    private GpuProgram() {}

    public static void main(String[] args) throws IOException {
        var search = Gpu.find();
        if (search.gpu().isEmpty()) {
            System.out.println("absent: " + search.absent());
            return;
        }
        if (args.length > 1) {
            fallBack(search, Path.of(args[0]));
            return;
        }
        try (var gpu = search.gpu().get()) {
            System.out.println("found: " + gpu.description());
            for (int length : new int[] {0, 1, 4095, 4096, 1_000_003, 9_000_000}) {
                Path file = Files.write(Path.of(args[0], "file"), content(length));
                try (var source = StableFile.open(file)) {
                    compare(gpu, source);
                }
            }
            System.out.println("same hashes");
            try (var source = StableFile.open(Path.of(args[0], "file"))) {
                var key = new FileKey(new byte[32]);
                var rates = GpuProbe.measure(
                        gpu,
                        new GpuLayout(1 << 20, 1, 128, 0),
                        source,
                        new HashLayout(4096, 1, 4096),
                        HashForm.nodes(key, new byte[32], 3),
                        3);
                System.out.println("measured: " + (rates.copyIn() > 0 && rates.kernel() > 0));
                policy(gpu, source);
            }
        } catch (GpuFailedException e) {
            System.out.println("failed: " + e.getMessage());
        }
    }

    /** A device that the measurement found faster from 1 MB on. */
    private static void policy(Gpu gpu, StableFile source) throws IOException {
        var search = new Gpu.Search(Optional.of(gpu), "");
        var measured = new Tuner(source, search, 3, what -> {}).measure(1);
        System.out.println("tuned: "
                + measured.figures().stream()
                        .filter(figure -> figure.on().equals("gpu"))
                        .map(Tuning.Figure::what)
                        .distinct()
                        .toList());
        var choice = new Tuning.GpuChoice(new GpuLayout(1 << 20, 2, 64, 1), 4096, 1, 1_000_000);
        var hashing = Hashing.with(measured.with(measured.cpu(), choice, ""), search);
        var form = HashForm.nodes(new FileKey(new byte[32]), new byte[32], 8);
        for (int block : new int[] {4096, 5000}) {
            var decision = hashing.decide(source.length(), HashWish.NONE.withBlockSize(block));
            var hashed = hashing.hash(source, decision, form, Hasher.Progress.NONE);
            System.out.println("decided: " + decision.hasher() + ", " + decision.copies() + " copies; done: "
                    + hashed.decision().hasher() + ", " + hashed.decision().why());
        }
        var wish = new HashWish(4096, null, null, null, true);
        System.out.println("wished: " + hashing.decide(1, wish).hasher());
    }

    /** A device that fails while others of its lanes and one of the CPU are at work: the CPU does it all, the device is closed after them. */
    private static void fallBack(Gpu.Search search, Path folder) throws IOException {
        var cpu = new HashLayout(4096, 2, 4096, CpuWay.READ);
        var choice = new Tuning.GpuChoice(new GpuLayout(1 << 20, 3, 64, 1), 4096, 1, 0);
        var tuning = new Tuning(Machine.here(search), 1, 2, cpu, 3, choice, "", List.of());
        var form = HashForm.salted(new FileKey(new byte[32]));
        try (var hashing = Hashing.with(tuning, search);
                var sample = SampleFile.write(folder, 24 << 20)) {
            var file = sample.file();
            byte[] expected = new CpuHasher().hash(file, cpu, form, Hasher.Progress.NONE);
            var seen = new AtomicLong();
            var launched = new CountDownLatch(Integer.parseInt(System.getenv("FAKE_CUDA_LAUNCHES")));
            var hashed = hashing.hash(file, hashing.decide(file.length(), HashWish.NONE), form, bytes -> {
                seen.addAndGet(bytes);
                if (isLane(Thread.currentThread().getStackTrace())) {
                    launched.countDown();
                } else {
                    awaited(launched); // else the CPU may do it all before the device has its turn
                }
            });
            System.out.println("done: " + hashed.decision().hasher() + ", "
                    + hashed.decision().why());
            System.out.println("same: " + Arrays.equals(hashed.hashes(), expected) + ", told all: "
                    + (seen.get() == file.length()));
            System.out.println("still at work: "
                    + Thread.getAllStackTraces().values().stream()
                            .filter(GpuProgram::isLane)
                            .count());
        }
    }

    private static boolean isLane(StackTraceElement[] stack) {
        return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().endsWith("GpuLane"));
    }

    private static void awaited(CountDownLatch latch) {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the device does not launch");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void compare(Gpu gpu, StableFile source) throws IOException {
        var key = new FileKey(Arrays.copyOf(new byte[] {7}, 32));
        byte[] name = Arrays.copyOf(new byte[] {8}, 32);
        for (int blockSize : new int[] {64 * 9, 4096, 65_536}) {
            for (HashForm form : List.of(
                    HashForm.plain(),
                    HashForm.salted(key),
                    HashForm.nodes(key, name, 0),
                    HashForm.nodes(key, name, 4))) {
                var layout = new HashLayout(blockSize, 1, 65_536);
                byte[] expected = new CpuHasher().hash(source, layout, form, Hasher.Progress.NONE);
                for (int beside : new int[] {0, 1}) {
                    var seen = new AtomicLong();
                    var own = new GpuLayout(2 << 20, 3, 64, beside);
                    byte[] hashes = new GpuHasher(gpu, own).hash(source, layout, form, seen::addAndGet);
                    if (!Arrays.equals(hashes, expected) || seen.get() != source.length()) {
                        throw new IllegalStateException(
                                form + " differs for " + source.length() + " bytes in blocks of " + blockSize);
                    }
                }
            }
        }
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }
}
