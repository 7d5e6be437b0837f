package dev.corral.portable;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a record looks like, as text, so that it pins no loader: its name, and the names and erased types of its components.
 * Equal if all of that is.
 */
final class Shape {
    private static final String LANG = "java.lang.";

    private final String typeName;
    /** Tells all; its hash code is computed once, and equal ones are the same, so that each message compares in no time. */
    private final String text;

    private Shape(String typeName, String components) {
        this.typeName = typeName;
        text = (typeName + '(' + components + ')').intern();
    }

    static Shape of(Class<?> record) {
        return new Shape(record.getName(), Arrays.stream(record.getRecordComponents()).map(Shape::text)
                .collect(Collectors.joining(", ")));
    }

    private static String text(RecordComponent component) {
        return shortName(component.getType()) + ' ' + component.getName();
    }

    /** Without the package {@code java.lang}. */
    private static String shortName(Class<?> type) {
        String name = type.getTypeName();
        return name.startsWith(LANG) && name.indexOf('.', LANG.length()) < 0 ? name.substring(LANG.length()) : name;
    }

    String typeName() {
        return typeName;
    }

    /** A record of this shape, as it would print itself. */
    String print(@Nullable Object[] values) {
        String[] components = text.substring(typeName.length() + 1, text.length() - 1).split(", ");
        return IntStream.range(0, values.length)
                .mapToObj(i -> components[i].substring(components[i].lastIndexOf(' ') + 1) + '=' + values[i])
                .collect(Collectors.joining(", ", typeName.substring(Math.max(typeName.lastIndexOf('.'),
                        typeName.lastIndexOf('$')) + 1) + '[', "]"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && text.equals(shape.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
