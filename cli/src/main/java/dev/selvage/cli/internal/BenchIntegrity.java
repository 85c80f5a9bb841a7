package dev.selvage.cli.internal;

import dev.selvage.cli.internal.bench.integrity.IntegrityBench;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "integrity",
        description = {
            "Hashing against openssl and the machine's limits, the three audit modes, detection against its formula,"
                    + " and a large file, in one run.",
            "A sample is written into the data folder and removed; large files are made up while they are hashed."
        })
final class BenchIntegrity extends BaseCommand {
    @Option(
            names = "--full",
            description = "The whole sizes: a sample of 1 GiB, 100 GB made up, files up to 20 GiB on a GPU.")
    private boolean full;

    @Option(
            names = "--part",
            split = ",",
            paramLabel = "PART",
            defaultValue = "HASHING,MODES,DETECTION,LARGE",
            description = "What is measured: ${COMPLETION-CANDIDATES} (default all).")
    private List<IntegrityBench.Part> parts;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds of which the median counts, an odd number (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Override
    int run(Session session) throws IOException {
        if (rounds < 1 || rounds % 2 == 0) {
            throw new SelvageException(ErrorCode.USAGE, "Rounds are an odd number from 1.");
        }
        var report = new IntegrityBench(
                        session.data().root(),
                        Set.copyOf(parts),
                        full,
                        rounds,
                        what -> session.progress("measuring: " + what))
                .run();
        session.answer(CanonicalJson.tree(report), () -> text(report));
        return ExitStatus.DONE;
    }

    private static String text(IntegrityBench.Report report) {
        var out = new StringBuilder(report.machine());
        out.append("\nGPU: ")
                .append(report.gpu())
                .append("\nTuning: ")
                .append(report.tuning())
                .append('\n');
        for (var section : report.sections()) {
            var table = new TextTable(section.columns().toArray(String[]::new));
            section.rows().forEach(row -> table.row(row.toArray()));
            out.append('\n').append(section.name()).append('\n').append(table);
            if (!section.note().isEmpty()) {
                out.append(section.note()).append('\n');
            }
        }
        return out.toString();
    }
}
