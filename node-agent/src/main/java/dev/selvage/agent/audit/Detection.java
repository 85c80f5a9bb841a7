package dev.selvage.agent.audit;

import dev.selvage.integrity.audit.SampleSize;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.math.BigDecimal;
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

    /** How many blocks of a file of so many must be challenged. */
    int challenges(int blocks) {
        return SampleSize.challenges(confidence.doubleValue(), damaged.doubleValue(), blocks);
    }

    @Override
    public String toString() {
        return percent(confidence) + ":" + percent(damaged);
    }

    private static String percent(BigDecimal value) {
        return value.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
