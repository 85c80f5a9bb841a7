package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.formats.Units;
import dev.selvage.integrity.hash.CpuWay;
import dev.selvage.integrity.hash.HashLayout;
import dev.selvage.integrity.hash.gpu.Gpu;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.integrity.tuning.Hashing;
import dev.selvage.integrity.tuning.Machine;
import dev.selvage.integrity.tuning.SampleFile;
import dev.selvage.integrity.tuning.Tuner;
import dev.selvage.integrity.tuning.Tuning;
import dev.selvage.integrity.tuning.TuningFile;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "tune",
        description = {
            "Measure how this machine hashes files fastest, and keep the answer in the data folder: block size, lanes,"
                    + " batches, copies, and the size from which a GPU is used.",
            "An option that names a value takes it instead of the measured one."
        })
final class DataTune extends BaseCommand {
    private static final List<Long> SIZES = List.of(1L << 20, 64L << 20, 1L << 30, 20L << 30);

    @Option(names = "--show", description = "Show what was measured; measure nothing.")
    private boolean show;

    @Option(
            names = "--sample",
            paramLabel = "SIZE",
            defaultValue = "256Mi",
            description = "Size of the file that is hashed to measure (default ${DEFAULT-VALUE}).")
    private String sample;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds of which the median counts, an odd number (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--block-size", paramLabel = "SIZE", description = "Bytes of a block, instead of the measured.")
    private String blockSize;

    @Mixin
    private CpuOptions asked;

    @Option(
            names = "--gpu-from",
            paramLabel = "SIZE",
            description = "Size of a file from which the GPU hashes it, or never.")
    private String gpuFrom;

    @Override
    int run(Session session) throws IOException {
        Path folder = session.data().root();
        var search = Gpu.find();
        try {
            var kept = TuningFile.find(folder, Machine.here(search));
            if (show && kept.tuning().isEmpty()) {
                throw new SelvageException(ErrorCode.NOT_READY, "There is no measurement: " + kept.absent() + ".");
            }
            var tuning = overridden(show ? kept.tuning().orElseThrow() : measure(session, folder, search));
            if (!show || overrides()) {
                session.detail("kept in " + TuningFile.write(folder, tuning));
            }
            var decisions = decisions(tuning, search);
            session.answer(json(tuning, decisions), () -> text(tuning, decisions));
            return ExitStatus.DONE;
        } finally {
            search.gpu().ifPresent(Gpu::close);
        }
    }

    private Tuning measure(Session session, Path folder, Gpu.Search search) throws IOException {
        long bytes = size("--sample", sample);
        if (bytes < 1 << 20 || rounds < 3 || rounds % 2 == 0) {
            throw new SelvageException(
                    ErrorCode.USAGE, "A sample has at least 1Mi, and rounds are an odd number from 3.");
        }
        session.progress("writing a sample of " + ByteCount.text(bytes));
        try (var file = SampleFile.write(folder, bytes)) {
            return new Tuner(file.file(), search, rounds, what -> session.progress("measuring " + what))
                    .measure(System.currentTimeMillis());
        }
    }

    private boolean overrides() {
        return blockSize != null || asked.lanes != null || asked.chunk != null || asked.way != null || gpuFrom != null;
    }

    private Tuning overridden(Tuning tuning) {
        var cpu = tuning.cpu();
        var gpu = tuning.gpu();
        var reason = tuning.noGpu();
        try {
            cpu = new HashLayout(
                    blockSize == null ? cpu.blockSize() : Math.toIntExact(size("--block-size", blockSize)),
                    asked.lanes == null ? cpu.lanes() : asked.lanes,
                    asked.chunk == null ? cpu.chunk() : Math.toIntExact(size("--chunk", asked.chunk)),
                    asked.way == null ? cpu.way() : asked.way);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new SelvageException(ErrorCode.USAGE, "No such layout: " + e.getMessage() + ".", e);
        }
        if (!CpuWay.available().contains(cpu.way())) {
            throw new SelvageException(ErrorCode.USAGE, "This machine has no way " + cpu.way() + ".");
        }
        if (gpu != null && blockSize != null) {
            gpu = new Tuning.GpuChoice(gpu.layout(), cpu.blockSize(), gpu.rate(), gpu.from());
        }
        if (gpuFrom != null && gpuFrom.equals("never")) {
            gpu = null;
            reason = "set so: --gpu-from never";
        } else if (gpuFrom != null && gpu != null) {
            gpu = new Tuning.GpuChoice(gpu.layout(), gpu.blockSize(), gpu.rate(), size("--gpu-from", gpuFrom));
        }
        return tuning.with(cpu, gpu, reason);
    }

    private static long size(String option, String text) {
        Long size = Units.size(text);
        if (size == null) {
            throw new SelvageException(
                    ErrorCode.USAGE, option + ": \"" + text + "\" is no size such as 64Ki, 256Mi or 1Gi.");
        }
        return size;
    }

    /** What would be done with files of some sizes. */
    private static List<HashDecision> decisions(Tuning tuning, Gpu.Search search) {
        var hashing = Hashing.with(tuning, search);
        return SIZES.stream().map(size -> hashing.decide(size, HashWish.NONE)).toList();
    }

    private static ObjectNode json(Tuning tuning, List<HashDecision> decisions) {
        ObjectNode answer = (ObjectNode) CanonicalJson.tree(tuning);
        var list = answer.putArray("decisions");
        for (int i = 0; i < SIZES.size(); i++) {
            ((ObjectNode) list.add(CanonicalJson.tree(decisions.get(i))).get(i)).put("length", SIZES.get(i));
        }
        return answer;
    }

    private static String text(Tuning tuning, List<HashDecision> decisions) {
        var out = new StringBuilder();
        out.append(tuning.machine().summary()).append('\n');
        out.append("GPU: ").append(tuning.machine().gpu()).append("\n\n");
        var figures = new TextTable("MEASURED", "", "ON", "RATE");
        tuning.figures()
                .forEach(figure ->
                        figures.row(figure.what(), figure.value(), figure.on(), ByteCount.rate(figure.rate())));
        out.append(figures).append('\n');
        var table = new TextTable(
                "A FILE OF", "IS HASHED BY", "BLOCK", "LANES", "CHUNK", "WAY", "BATCH", "COPIES", "BECAUSE");
        for (int i = 0; i < SIZES.size(); i++) {
            var row = new ArrayList<Object>();
            var decision = decisions.get(i);
            row.add(ByteCount.text(SIZES.get(i)));
            row.add(decision.hasher());
            row.add(ByteCount.text(decision.blockSize()));
            row.add(decision.lanes());
            row.add(ByteCount.text(decision.chunk()));
            row.add(decision.way());
            row.add(decision.batch() == 0 ? "-" : ByteCount.text(decision.batch()));
            row.add(decision.batch() == 0 ? "-" : decision.copies());
            row.add(decision.why());
            table.row(row.toArray());
        }
        return out.append(table).toString();
    }
}
