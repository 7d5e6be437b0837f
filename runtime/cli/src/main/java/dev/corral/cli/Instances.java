package dev.corral.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How many workers, by the rules of PM2. */
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
            throw new TypeConversionException("'" + text + "' is no number of workers; it must be a number or max");
        }
        return number > 0 ? number : Math.max(1, processors + number);
    }
}
