package dev.corral.thread;

/**
 * A check that the current thread has stack left for a step that must not fail in the middle.
 *
 * <p>A StackOverflowError can occur at any call. A producer of a JCTools queue, for example, claims a place and then
 * fills it. If its stack overflows in between, the place stays empty for ever, and the consumer spins on it. Therefore
 * the thread calls this check before the step. If the stack is nearly used up, the error occurs in the check.
 *
 * <p>Java cannot ask for the size of the stack that is left, so the check calls itself {@value #DEPTH} times. The
 * number was found by experiment: with 40, a thread that prints ({@code OverflowingOutputTest}) could still overflow
 * after the check, because the check was compiled and the code after it was interpreted. With {@value #DEPTH} this did
 * not occur, in any mode of the JIT. The check takes about one microsecond.
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
