package dev.corral.hotspot;

import java.io.IOException;
import java.util.List;

/**
 * Operations on file descriptors of this process, given by their numbers. A number is valid only while the descriptor
 * is open. After it is closed, the kernel gives the number to the next file that is opened. Therefore the caller must
 * prevent that the descriptor is closed, from the read of its number until the method has returned. Thread-safe.
 */
public final class Descriptors {
    /** Errors of Linux: too many open files in the system, or in the process. */
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

    private Descriptors() {}

    /** Returns whether {@link #duplicate} is possible on this platform and with these flags. */
    public static boolean canDuplicate() {
        return NativeFunctions.areUsable();
    }

    /**
     * Returns a second descriptor of the same file or socket. It remains open when the first one is closed. Programs
     * that this process starts do not inherit it.
     *
     * @throws IOException if no descriptor is available
     */
    public static int duplicate(int descriptor) throws IOException {
        int second = Libc.duplicate(descriptor);
        if (second < 0) {
            throw new IOException(
                    "descriptor " + descriptor + " could not be duplicated: Too many open files, or it is closed");
        }
        return second;
    }

    /**
     * Returns the number of bytes that have been read from a TCP socket since it was connected. The end of the stream
     * counts as one byte once it has arrived. The number may be too small if bytes arrive during the call, but never
     * too large.
     *
     * @param descriptor the descriptor of the socket
     * @return the number of bytes; -1 if the descriptor is not one of a TCP socket
     */
    public static long takenBytes(int descriptor) {
        long received = Libc.receivedBytes(descriptor); // order: first, so that what arrives now does not count as read
        int unread = Libc.unreadBytes(descriptor);
        return received < 0 || unread < 0 ? -1 : received - unread;
    }

    /**
     * Redirects a descriptor to another file or socket ({@code dup2}). The original stays open if another descriptor
     * refers to it.
     *
     * @param descriptor the descriptor to redirect
     * @param other a descriptor of the other file or socket
     * @throws IOException if that fails
     */
    public static void replace(int descriptor, int other) throws IOException {
        if (Libc.replace(other, descriptor) < 0) {
            throw new IOException("descriptor " + descriptor + " could not be replaced by " + other);
        }
    }

    /**
     * Returns the operating system's messages for a lack of descriptors, in the language of this process; empty where
     * they are not known.
     */
    public static List<String> textsOfTooMany() {
        return canDuplicate() ? List.of(Libc.textOf(ENFILE), Libc.textOf(EMFILE)) : List.of();
    }

    /** Closes a descriptor that no other code knows, such as one from {@link #duplicate}. */
    public static void close(int descriptor) {
        int _ = Libc.close(descriptor); // Linux closes it even if it returns an error
    }
}
