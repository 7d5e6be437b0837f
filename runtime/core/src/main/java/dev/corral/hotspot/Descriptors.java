package dev.corral.hotspot;

import java.io.IOException;

/** File descriptors of this process. */
public final class Descriptors {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

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
                    "descriptor " + descriptor + " could not be duplicated: too many are open, or it is closed");
        }
        return second;
    }

    /** Has a descriptor be one of another file or socket from now on; what it was of goes on where another descriptor is of it. */
    public static void replace(int descriptor, int other) throws IOException {
        if (Libc.replace(other, descriptor) < 0) {
            throw new IOException("descriptor " + descriptor + " could not be replaced by " + other);
        }
    }
}
