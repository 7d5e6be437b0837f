package dev.corral.jdk;

import java.util.Set;

/**
 * What a test hides, so that this JVM seems to lack it. The system property {@value #PROPERTY} lists it, separated by
 * commas: constants of {@link JdkInternal}, native functions, methods of the JDK as in {@code java.lang.System.exit},
 * or the version that is known to work as in {@code JDK 25}. Only tests set the property. Thread-safe.
 */
public final class Hidden {
    private static final String PROPERTY = "dev.corral.hidden";
    private static final Set<String> NAMES = Set.of(System.getProperty(PROPERTY, "").split(","));

    private Hidden() {}

    /** Returns whether a test hides this name. */
    public static boolean contains(String name) {
        return NAMES.contains(name);
    }
}
