package dev.selvage.cli.internal;

import dev.selvage.formats.Units;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command's file is hashed instead of as {@code data tune} measured. */
final class HashOptions {
    @Mixin
    private CpuOptions cpu;

    @Option(
            names = "--gpu",
            negatable = true,
            description = "Hash on the GPU, or not, whatever the file's size (default: as measured).")
    private Boolean gpu;

    /** @param blockSize null where the measurement, or an anchor, says it */
    HashWish wish(Integer blockSize) {
        return new HashWish(
                blockSize, cpu.lanes, cpu.chunk == null ? null : bytes("--chunk", cpu.chunk, "1Mi"), cpu.way, gpu);
    }

    static Integer bytes(String option, String text, String such) {
        Long size = Units.size(text);
        if (size == null || size < 1 || size > Integer.MAX_VALUE) {
            throw new SelvageException(
                    ErrorCode.ARGUMENT_INVALID, option + " " + text + ": expected a size such as " + such + ".");
        }
        return size.intValue();
    }

    /** What hashed a file and why, in a line. */
    static String text(HashDecision decision) {
        if (decision == null) {
            return "not recorded";
        }
        return decision.hasher() + ", " + decision.lanes() + (decision.lanes() == 1 ? " lane of " : " lanes of ")
                + ByteCount.text(decision.chunk()) + ", " + decision.way()
                + (decision.batch() == 0
                        ? ""
                        : ", " + decision.copies() + " copies of " + ByteCount.text(decision.batch()) + " to "
                                + decision.threads() + " threads")
                + ": " + decision.why();
    }
}
