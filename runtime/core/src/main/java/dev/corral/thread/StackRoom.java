package dev.corral.thread;

/**
 * A check that the current thread has stack left for a step that must not fail in the middle.
 *
 * <p>A StackOverflowError can occur at any call. A producer of a JCTools queue, for example, claims a place and then
 * fills it. If its stack overflows in between, the place stays empty for ever, and the consumer spins on it. So a
 * thread of a program checks first: it overflows before the step or not at all.
 *
 * <p>Java cannot ask for the size of the stack that is left. The check calls itself {@value #DEPTH} times. Its frames
 * take some 10 KiB when they are compiled, and more when they are interpreted; the steps in question take 1 to 3 KiB.
 * It takes about one microsecond.
 */
public final class StackRoom {
    private static final int DEPTH = 400;

    private StackRoom() {}

    /** Returns if there is room. Otherwise throws StackOverflowError, before the caller has begun its step. */
    public static void require() {
        long _ = use(DEPTH, 1, 2, 3, 4);
    }

    /** The result depends on all arguments, and is used after the call, so that each level needs a frame. */
    private static long use(int depth, long a, long b, long c, long d) {
        return depth == 0 ? a + b : use(depth - 1, b, c, d, a + depth) * 31 + c - d;
    }
}
