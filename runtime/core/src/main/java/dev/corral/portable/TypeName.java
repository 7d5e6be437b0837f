package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/**
 * A class, or an array of it, that the receiver finds by name.
 *
 * @param name of the innermost component type
 * @param dimensions 0 if it is no array
 * @param ofJdk the class itself, if it is the JDK's
 */
record TypeName(String name, int dimensions, @Nullable Class<?> ofJdk) {
    static TypeName of(Class<?> type) {
        Class<?> inner = type;
        int dimensions = 0;
        while (inner.isArray()) {
            inner = inner.getComponentType();
            dimensions++;
        }
        return new TypeName(inner.getName(), dimensions, Types.areOfJdk(inner) ? type : null);
    }

    boolean isOfJdk() {
        return ofJdk != null;
    }

    void requireAt(Types types) {
        if (ofJdk == null) {
            types.find(name);
        }
    }

    Class<?> in(Unpacker unpacker) {
        if (ofJdk != null) {
            return ofJdk;
        }
        Class<?> type = unpacker.types().find(name);
        for (int i = 0; i < dimensions; i++) {
            type = type.arrayType();
        }
        return type;
    }
}
