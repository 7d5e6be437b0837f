package dev.corral.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts a size, written as in options of the JVM: {@code 512k}, {@code 700m}, {@code 50g}, in powers of 1024. A
 * number without a unit is refused, because {@code 700} for {@code 700m} would replace each worker at once.
 */
final class Sizes implements ITypeConverter<Long> {
    private static final String UNITS = "kmgt";
    /**
     * The smallest number for which {@link #roundUp} uses a unit. Below it the next smaller unit is used, which is
     * finer.
     */
    private static final int FEWEST = 10;
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})([kmgt])?");

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw refusal(text, "");
        }
        if (matcher.group(2) == null) {
            throw refusal(text, ", because it has no unit");
        }
        int power = UNITS.indexOf(matcher.group(2)) + 1;
        long number = Long.parseLong(matcher.group(1));
        if (number == 0 || number > Long.MAX_VALUE >> (10 * power)) {
            throw refusal(text, "");
        }
        return number << (10 * power);
    }

    /**
     * Rounds up to a whole number of a unit, with this number of significant digits. The unit is the largest one of
     * which the size takes ten, but at least kilobytes. The JVM and the command can read the result as text.
     *
     * @param digits 2 and up
     */
    static long roundUp(long bytes, int digits) {
        int power = 1;
        while (power < UNITS.length() && bytes >> (10 * (power + 1)) >= FEWEST) {
            power++;
        }
        long number = Math.ceilDiv(bytes, 1L << (10 * power));
        long limit = Math.powExact(10L, digits);
        long step = 1;
        while (number / step >= limit) {
            step *= 10;
        }
        long rounded = Math.ceilDiv(number, step) * step;
        boolean isWholeNext = power < UNITS.length() && rounded >= (long) FEWEST << 10;
        return isWholeNext ? (long) FEWEST << (10 * (power + 1)) : rounded << (10 * power);
    }

    /** Returns the size as text, in the largest unit of which it is a whole number. */
    static String text(long bytes) {
        int power = 0;
        while (bytes != 0 && power < UNITS.length() && bytes % (1L << (10 * (power + 1))) == 0) {
            power++;
        }
        return (bytes >> (10 * power)) + (power == 0 ? "" : UNITS.substring(power - 1, power));
    }

    private static TypeConversionException refusal(String text, String cause) {
        return new TypeConversionException("'" + text + "' is not a size" + cause
                + "; it must be like 512k, 700m or 50g, from 1 kilobyte to 8 million terabytes");
    }
}
