package dev.corral.program;

import dev.corral.CorralException;

/** Checks the names of classes and packages that a user gives. */
final class Names {
    private Names() {}

    /**
     * Checks that a class can have this name.
     *
     * @throws CorralException if no class can have this name; a valid name is, for example, {@code com.example.Main}
     */
    static void requireClass(String name) {
        if (!isQualified(name)) {
            throw new CorralException(
                    "\"" + name + "\" is not the name of a class; it must be like com.example.Main");
        }
    }

    /** Returns whether the name consists of identifiers that are separated by dots. */
    static boolean isQualified(String name) {
        for (String part : name.split("\\.", -1)) {
            if (part.isEmpty() || !Character.isJavaIdentifierStart(part.charAt(0))
                    || !part.chars().allMatch(Names::isPart)) {
                return false;
            }
        }
        return true;
    }

    /** Without the control characters that Java would ignore: nobody means to write them. */
    private static boolean isPart(int character) {
        return Character.isJavaIdentifierPart(character) && !Character.isIdentifierIgnorable(character);
    }
}
