package dev.corral.hotspot;

/**
 * The operating system and the processor that this JVM runs on. Everything that works only on some of them asks this
 * class.
 */
public final class Platform {
    private static final String SYSTEM = System.getProperty("os.name", "");
    private static final String PROCESSOR = System.getProperty("os.arch", "");

    private Platform() {}

    /** Returns whether this is Linux, which has {@code /proc} and signals with the numbers that Corral knows. */
    static boolean isLinux() {
        return SYSTEM.equals("Linux");
    }

    /** Returns whether the numbers of Linux that {@link Libc} contains are right here. Some processors have others. */
    static boolean hasLinuxNumbers() {
        return isLinux() && (isX64() || PROCESSOR.equals("aarch64"));
    }

    /** Returns whether the machine code of {@link MachineCode}, with its calling convention, runs here. */
    static boolean runsMachineCode() {
        return isLinux() && isX64();
    }

    private static boolean isX64() {
        return PROCESSOR.equals("amd64");
    }

    /** Returns the names of the operating system and of the processor. */
    public static String description() {
        return SYSTEM + " on " + PROCESSOR;
    }
}
