package dev.selvage.integrity.audit;

/** How many blocks must be challenged: P = 1 - (1 - f)^c (INTEGRITY.md). */
public final class SampleSize {
    private SampleSize() {}

    /**
     * The least number of challenged blocks that finds damage with the wanted probability.
     *
     * @param confidence wanted probability, in (0, 1)
     * @param damaged fraction of damaged blocks that must be found, in (0, 1]
     * @param blocks of the file; never more than these are needed
     */
    public static int challenges(double confidence, double damaged, int blocks) {
        if (!(confidence > 0 && confidence < 1 && damaged > 0 && damaged <= 1)) {
            throw new IllegalArgumentException(
                    "confidence lies between 0 and 1, the damaged fraction above 0 and up to 1");
        }
        if (damaged == 1) {
            return 1;
        }
        double needed = Math.ceil(Math.log1p(-confidence) / Math.log1p(-damaged));
        return (int) Math.min(blocks, Math.max(1, needed));
    }

    /** The probability that so many challenges find damage of that fraction. */
    public static double detection(int challenges, double damaged) {
        return -Math.expm1(challenges * Math.log1p(-damaged));
    }
}
