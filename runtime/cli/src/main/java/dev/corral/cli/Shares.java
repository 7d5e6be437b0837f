package dev.corral.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a share of a whole: {@code 85%} or {@code 0.85}; more than 0, up to 100%. */
final class Shares implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)(%)?");

    @Override
    public Double convert(String text) {
        Matcher matcher = FORM.matcher(text);
        double share = matcher.matches()
                ? Double.parseDouble(matcher.group(1)) / (matcher.group(2) == null ? 1 : 100)
                : 0;
        if (!(share > 0 && share <= 1)) {
            throw new TypeConversionException(
                    "'" + text + "' is not a share; it must be like 85% or 0.85, more than 0 and at most 100%");
        }
        return share;
    }
}
