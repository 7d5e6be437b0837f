package dev.corral.testing;

/**
 * The length of tests that find more the longer they run. The build runs a short form of each. The profile {@code soak}
 * runs the long form, and the system property of a test sets any other length. The page
 * {@code runtime/docs/design/testing.md} lists all of them.
 */
public final class Soak {
    private static final boolean IS_ON = Boolean.getBoolean("corral.soak");

    private Soak() {}

    /** Returns whether this run uses the long forms. */
    public static boolean isOn() {
        return IS_ON;
    }

    /**
     * Returns the option of a JVM that a test starts, and that runs for seconds: without its second compiler it takes
     * half the processor time. In a soak, it has the compilers that it has for a user.
     */
    public static String compiler() {
        return IS_ON ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1";
    }

    /** Returns the value of the system property, or a default for the build or for a soak. */
    public static int number(String property, int inBuild, int inSoak) {
        return Integer.getInteger(property, IS_ON ? inSoak : inBuild);
    }
}
