package dev.corral.bench.compare.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** The unit of a figure. */
public enum Unit {
    MILLIS("ms"), MICROS("µs"), MIB("MiB"), PER_SECOND("/s"), PERCENT("%"), COUNT("");

    private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

    private final String sign;

    Unit(String sign) {
        this.sign = sign;
    }

    /** Formats a number with three digits, without the unit; no figure here is more exact. */
    public static String digits(double value) {
        if (value >= 1000) {
            return String.format(Locale.ROOT, "%,d", BigDecimal.valueOf(value).round(DIGITS).longValue());
        }
        return value == 0 ? "0" : BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }

    public String sign() {
        return sign;
    }

    public String format(double value) {
        return (digits(value) + " " + sign).strip();
    }
}
