package dev.selvage.integrity.tuning;

/**
 * How a file was hashed and why, for the record that is kept with its anchor (B2).
 *
 * @param hasher {@code cpu}, {@code gpu} or {@code gpu and cpu}
 * @param blockSize bytes
 * @param lanes of the CPU
 * @param chunk bytes that a lane takes at a time
 * @param way how bytes come to a lane
 * @param batch bytes that travel to a GPU at a time; 0 without one
 * @param copies to the GPU that the file takes; 0 without one
 * @param threads of a block of a launch; 0 without a GPU
 * @param why for a person
 */
public record HashDecision(
        String hasher,
        int blockSize,
        int lanes,
        int chunk,
        String way,
        int batch,
        long copies,
        int threads,
        String why) {}
