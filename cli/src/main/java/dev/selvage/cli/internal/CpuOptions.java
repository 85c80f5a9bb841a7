package dev.selvage.cli.internal;

import dev.selvage.integrity.hash.CpuWay;
import picocli.CommandLine.Option;

/** How the CPU hashes; each null where it is as measured. */
final class CpuOptions {
    @Option(names = "--lanes", paramLabel = "N", description = "Threads that hash, instead of the measured.")
    Integer lanes;

    @Option(names = "--chunk", paramLabel = "SIZE", description = "Bytes that a thread takes at a time.")
    String chunk;

    @Option(
            names = "--way",
            paramLabel = "WAY",
            description = "How bytes are read and hashed: ${COMPLETION-CANDIDATES}.")
    CpuWay way;
}
