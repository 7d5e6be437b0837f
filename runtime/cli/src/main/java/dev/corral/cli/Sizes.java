package dev.corral.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as the JVM's own options write them: {@code 512k}, {@code 700m}, {@code 50g}, in powers of 1024; a bare number is bytes. */
final class Sizes implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})([kmgt])?");

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw refusal(text);
        }
        int power = switch (matcher.group(2)) {
            case "t" -> 4;
            case "g" -> 3;
            case "m" -> 2;
            case "k" -> 1;
            case null, default -> 0;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number == 0 || number > Long.MAX_VALUE >> (10 * power)) {
            throw refusal(text);
        }
        return number << (10 * power);
    }

    private static TypeConversionException refusal(String text) {
        return new TypeConversionException(
                "'" + text + "' is no size; it must be like 512k, 700m or 50g, from 1 byte to 8 million terabytes");
    }
}
