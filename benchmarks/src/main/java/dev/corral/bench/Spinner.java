package dev.corral.bench;

import dev.corral.bench.common.Spinning;
import java.util.Random;

/** A program that never yields. Its arguments are the way to spin, and the thread: {@code main} or a virtual thread. */
public final class Spinner {
    /** Receives results, so that the JIT cannot remove the loops that compute them. */
    static long sink;

    private Spinner() {}

    public static void main(String[] args) throws InterruptedException {
        Runnable spin = switch (args[0]) {
            case "while" -> Spinner::spin;
            case "recursion" -> Spinner::recurse;
            case "jdk" -> Spinner::staySomewhereInTheJdk;
            default -> throw new IllegalArgumentException(args[0]);
        };
        if (args[1].equals("virtual")) {
            Thread.startVirtualThread(() -> run(spin));
            Thread.sleep(Long.MAX_VALUE); // a virtual thread does not keep a program alive
        }
        run(spin);
    }

    private static void run(Runnable spin) {
        Spinning.begin();
        spin.run();
    }

    private static void spin() {
        while (true) {}
    }

    private static void recurse() {
        while (true) {
            sink += fib(40);
        }
    }

    private static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    /** Passes no checkpoint, but runs code of the JDK that may be stopped. */
    private static void staySomewhereInTheJdk() {
        sink += new Random(1).ints().sum();
    }
}
