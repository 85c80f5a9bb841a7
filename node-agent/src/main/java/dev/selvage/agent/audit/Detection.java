package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.SampleSize;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.MetadataApi;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an audit aims at: with which probability it finds damage of which part of the blocks, written {@code 99%:1%}.
 *
 * @param confidence in (0, 1)
 * @param damaged in (0, 1]
 */
public record Detection(BigDecimal confidence, BigDecimal damaged) {
    /** What is aimed at where nobody says otherwise. */
    public static final String USUAL = "99%:1%";

    /** Of a probability; two less as a percentage. */
    private static final int DIGITS = 6;

    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)%:([0-9]{1,3}(?:\\.[0-9]{1,6})?)%");

    /**
     * Reads {@code 99%:1%}.
     *
     * @throws SelvageException ARGUMENT_INVALID
     */
    public static Detection parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            var confidence = new BigDecimal(matcher.group(1)).movePointLeft(2);
            var damaged = new BigDecimal(matcher.group(2)).movePointLeft(2);
            if (confidence.signum() > 0
                    && confidence.compareTo(BigDecimal.ONE) < 0
                    && damaged.signum() > 0
                    && damaged.compareTo(BigDecimal.ONE) <= 0) {
                return new Detection(confidence, damaged);
            }
        }
        throw new SelvageException(
                ErrorCode.ARGUMENT_INVALID,
                "detect=" + text
                        + ": expected a probability under 100% and a damaged part, such as 99%:1%: found with 99 %"
                        + " when 1 % of the blocks are damaged.");
    }

    /**
     * How many blocks of a file of so many must be challenged.
     *
     * @throws SelvageException DETECTION_OUT_OF_REACH where those are more than an audit challenges
     */
    int challenges(int blocks) {
        int needed = SampleSize.challenges(confidence.doubleValue(), damaged.doubleValue(), blocks);
        if (needed > MetadataApi.CHALLENGED) {
            var likely = new Detection(reachableConfidence(), damaged);
            var coarse = new Detection(confidence, reachableDamage());
            throw new SelvageException(
                    ErrorCode.DETECTION_OUT_OF_REACH,
                    Map.of("reachable", likely.toString(), "coarser", coarse.toString()),
                    this + " would challenge " + needed + " of " + blocks + " blocks; an audit challenges at most "
                            + MetadataApi.CHALLENGED + ", with which " + likely + " or " + coarse + " can be reached.");
        }
        return needed;
    }

    /** Rounded down. */
    private BigDecimal reachableConfidence() {
        double reached = SampleSize.detection(MetadataApi.CHALLENGED, damaged.doubleValue());
        return BigDecimal.valueOf(reached).setScale(DIGITS, RoundingMode.DOWN);
    }

    /** Rounded up. */
    private BigDecimal reachableDamage() {
        double reached = -Math.expm1(Math.log1p(-confidence.doubleValue()) / MetadataApi.CHALLENGED);
        return BigDecimal.valueOf(reached).setScale(DIGITS, RoundingMode.UP);
    }

    @Override
    public String toString() {
        return percent(confidence) + ":" + percent(damaged);
    }

    private static String percent(BigDecimal value) {
        return value.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
