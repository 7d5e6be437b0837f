package dev.corral.hotspot;

import java.io.IOException;
import java.util.List;

/**
 * File descriptors of this process, by their numbers. A number is valid only as long as nobody closes the descriptor; after
 * that the kernel gives the number to the next file that anybody opens. So the caller must hold what keeps the
 * descriptor from being closed, from the read of the number until the method has returned.
 */
public final class Descriptors {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** Of Linux: too many files are open in the system, or in the process. */
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

    private Descriptors() {}

    /** Whether {@link #duplicate} is possible here. */
    public static boolean canDuplicate() {
        return LINUX && Descriptors.class.getModule().isNativeAccessEnabled();
    }

    /**
     * A second descriptor of the same file or socket, which lives on when the first one is closed; not inherited by programs
     * that this process starts.
     *
     * @throws IOException if none is left
     */
    public static int duplicate(int descriptor) throws IOException {
        int second = Libc.duplicate(descriptor);
        if (second < 0) {
            throw new IOException(
                    "descriptor " + descriptor + " could not be duplicated: Too many open files, or it is closed");
        }
        return second;
    }

    /** Redirects a descriptor to another file or socket ({@code dup2}). The original stays open if another descriptor refers to it. */
    public static void replace(int descriptor, int other) throws IOException {
        if (Libc.replace(other, descriptor) < 0) {
            throw new IOException("descriptor " + descriptor + " could not be replaced by " + other);
        }
    }

    /** What the operating system calls the lack of a descriptor, in the language of this process; empty where that is not known. */
    public static List<String> textsOfTooMany() {
        return canDuplicate() ? List.of(Libc.textOf(ENFILE), Libc.textOf(EMFILE)) : List.of();
    }

    /** Closes a descriptor that nobody else knows, as one from {@link #duplicate}. */
    public static void close(int descriptor) {
        int _ = Libc.close(descriptor); // it is closed in any case, whatever the result
    }
}
