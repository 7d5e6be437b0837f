package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/**
 * The name of a class, or of an array class, that the receiver finds by name.
 *
 * @param name the name of the innermost component type
 * @param dimensions the number of array dimensions; 0 if the type is not an array
 * @param ofJdk the class itself if it belongs to the JDK, otherwise null
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
