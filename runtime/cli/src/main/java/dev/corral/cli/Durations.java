package dev.corral.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a duration: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}. Only 0 may have no unit. */
final class Durations implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h)?");

    @Override
    public Duration convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw refusal(text, "");
        }
        long number = Long.parseLong(matcher.group(1));
        if (number != 0 && matcher.group(2) == null) {
            throw refusal(text, ", because it has no unit");
        }
        return switch (matcher.group(2)) {
            case "h" -> Duration.ofHours(number);
            case "m" -> Duration.ofMinutes(number);
            case "s" -> Duration.ofSeconds(number);
            case null, default -> Duration.ofMillis(number);
        };
    }

    private static TypeConversionException refusal(String text, String cause) {
        return new TypeConversionException(
                "'" + text + "' is not a duration" + cause + "; it must be like 500ms, 5s, 2m or 1h");
    }
}
