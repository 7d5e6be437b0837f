package dev.corral.weave;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Ways to run away, which must all be stopped. The argument of the constructor names one. */
public final class WovenRunaway implements Runnable {
    private static long sink;
    private static volatile boolean running;
    private final String kind;

    public WovenRunaway(String kind) {
        this.kind = kind;
    }

    public static void awaitRunning() {
        while (!running) {
            Thread.onSpinWait();
        }
    }

    private static final class Endless {
        static {
            while (sink >= 0) {
                sink = sink + 1 & 0xff;
            }
        }
    }

    private static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    private static void recurse() {
        while (true) {
            try {
                recurse();
            } catch (Throwable t) {
                sink++;
            }
        }
    }

    @Override
    @SuppressWarnings("finally") // the block never completes
    public void run() {
        running = true;
        switch (kind) {
            case "while" -> {
                while (true) {}
            }
            case "count" -> {
                long x = 0;
                while (true) {
                    x += 3;
                    sink = x;
                }
            }
            case "counted" -> {
                for (;;) {
                    for (int i = 0; i < 2_000_000_000; i++) {
                        sink += i * 31;
                    }
                }
            }
            case "catch" -> {
                while (true) {
                    try {
                        while (true) {
                            sink++;
                        }
                    } catch (Throwable t) {
                        sink = 0;
                    }
                }
            }
            case "finally" -> {
                try {
                    while (true) {
                        sink++;
                    }
                } finally {
                    while (true) {
                        sink--;
                    }
                }
            }
            case "fib" -> {
                while (true) {
                    sink += fib(40);
                }
            }
            case "recursion" -> recurse();
            case "do-while" -> {
                do {
                    sink++;
                } while (sink != -1);
            }
            case "switch" -> {
                int state = 0;
                while (true) {
                    switch (state) {
                        case 0 :
                            state = 7;
                            continue;
                        case 7 :
                            state = 100_000;
                            continue;
                        default :
                            state = 0;
                    }
                }
            }
            case "lambda" -> {
                Consumer<Object> endless = _ -> {
                    while (true) {
                        sink++;
                    }
                };
                endless.accept(this);
            }
            case "synchronized" -> {
                synchronized (this) {
                    while (true) {
                        sink++;
                    }
                }
            }
            case "stream" -> IntStream.iterate(0, i -> i + 1).forEach(i -> sink += i);
            case "labels" -> {
                a : while (true) {
                    for (int i = 0;; i++) {
                        sink += i;
                        if (i > 10) {
                            continue a;
                        }
                    }
                }
            }
            case "static-initialiser" -> new Endless();
            case "park" -> {
                while (true) {
                    LockSupport.park();
                }
            }
            default -> throw new IllegalArgumentException(kind);
        }
    }
}
