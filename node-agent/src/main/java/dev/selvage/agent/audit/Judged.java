package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.Finding;
import dev.selvage.model.Digest;

/**
 * What became of a challenge.
 *
 * @param came whether anything was handed over that a verdict can be about
 * @param proof digest of what was handed over; null where it was no proof
 * @param size of the proof in bytes
 */
record Judged(boolean came, Finding finding, Digest proof, long size) {
    static Judged proof(Finding finding, Digest proof, long size) {
        return new Judged(true, finding, proof, size);
    }

    /** The prover says that it has none, or sends something else. */
    static Judged none(String reason) {
        return new Judged(true, Finding.rejected(reason), null, 0);
    }

    /** Nothing came in time. */
    static Judged nothing(String reason) {
        return new Judged(false, Finding.rejected(reason), null, 0);
    }
}
