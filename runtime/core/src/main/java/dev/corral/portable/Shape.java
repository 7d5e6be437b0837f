package dev.corral.portable;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a record as text: its name, and the names and erased types of its components. As text it keeps no loader
 * reachable. Two shapes are equal if all of that is equal.
 */
final class Shape {
    private static final String LANG = "java.lang.";

    private final String typeName;
    /**
     * The whole shape. The string is interned, so that equal shapes have the same string, and comparing them is fast.
     */
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

    /** Returns the name of a type, without the package {@code java.lang}. */
    private static String shortName(Class<?> type) {
        String name = type.getTypeName();
        return name.startsWith(LANG) && name.indexOf('.', LANG.length()) < 0 ? name.substring(LANG.length()) : name;
    }

    String typeName() {
        return typeName;
    }

    /** Returns the text of a record of this shape, in the form of {@code Record.toString}. */
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
