package dev.corral.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts a number of workers by the rules of PM2: {@code max}, a number, or a negative number that is added to the
 * number of processors.
 */
final class Instances implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        int processors = Runtime.getRuntime().availableProcessors();
        if (text.equals("max")) {
            return processors;
        }
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a number of workers; it must be a number or max");
        }
        return number > 0 ? number : Math.max(1, processors + number);
    }
}
