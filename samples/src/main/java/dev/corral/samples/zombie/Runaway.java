package dev.corral.samples.zombie;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Ways to run without end. None of them returns by itself. */
public enum Runaway {
    /** An empty loop. */
    WHILE {
        @Override
        public void run() {
            while (true) {
                // without end
            }
        }
    },
    /** A loop with a body. */
    COUNT {
        @Override
        public void run() {
            for (long x = 0;; x += 3) {
                sink = x;
            }
        }
    },
    /** A counted loop, in which compiled code rarely checks whether it must stop. */
    COUNTED {
        @Override
        public void run() {
            while (true) {
                for (int i = 0; i < 2_000_000_000; i++) {
                    sink += i * 31L;
                }
            }
        }
    },
    /** Catches every exception and continues. */
    CATCH {
        @Override
        public void run() {
            while (true) {
                try {
                    while (true) {
                        sink++;
                    }
                } catch (Throwable e) {
                    sink = 0;
                }
            }
        }
    },
    /** Continues in its {@code finally} block. */
    FINALLY {
        @Override
        @SuppressWarnings("finally")
        public void run() {
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
    },
    /** A state machine. */
    SWITCH {
        @Override
        public void run() {
            int state = 0;
            while (true) {
                state = switch (state) {
                    case 0 -> 1;
                    case 1 -> 2;
                    default -> 0;
                };
                sink += state;
            }
        }
    },
    /** Calls itself, with only a short loop of its own. */
    FIB {
        @Override
        public void run() {
            while (true) {
                sink += fib(40);
            }
        }

        private static long fib(int n) {
            return n < 2 ? n : fib(n - 1) + fib(n - 2);
        }
    },
    /** Overflows the stack again and again, and catches the error. */
    RECURSION {
        @Override
        public void run() {
            while (true) {
                try {
                    run();
                } catch (StackOverflowError e) {
                    sink++;
                }
            }
        }
    },
    /** Calls two methods in turn, so that the innermost method changes. */
    PING_PONG {
        @Override
        public void run() {
            while (true) {
                ping();
                pong();
            }
        }

        private static void ping() {
            for (int i = 0; i < 10_000; i++) {
                sink += i;
            }
        }

        private static void pong() {
            for (int i = 0; i < 10_000; i++) {
                sink -= i;
            }
        }
    },
    /** Creates garbage. */
    ALLOCATE {
        @Override
        public void run() {
            List<byte[]> kept = new ArrayList<>();
            while (true) {
                kept.add(new byte[16]);
                if (kept.size() > 100_000) {
                    kept.clear();
                }
            }
        }
    },
    /** Runs in a lambda that the JDK calls. */
    LAMBDA {
        @Override
        public void run() {
            IntStream.iterate(0, i -> i + 1).forEach(i -> sink += i);
        }
    },
    /** Runs while it holds a monitor. */
    SYNCHRONIZED {
        @Override
        @SuppressWarnings("StaticGuardedByInstance") // the monitor guards nothing
        public void run() {
            synchronized (this) {
                while (true) {
                    sink++;
                }
            }
        }
    },
    /** Runs while it holds a lock. */
    LOCKED {
        @Override
        public void run() {
            LOCK.lock();
            try {
                while (true) {
                    sink++;
                }
            } finally {
                LOCK.unlock();
            }
        }
    },
    /** Runs in a class initialiser. */
    INITIALISER {
        @Override
        public void run() {
            sink += Endless.VALUE;
        }
    },
    /** Calls a selector without any ready channel again and again, as an event loop with a broken wake-up does. */
    EVENT_LOOP {
        @Override
        public void run() {
            try (Selector selector = Selector.open()) {
                while (true) {
                    sink += selector.selectNow();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },
    /** Runs on all threads of a pool at once. */
    POOL {
        @Override
        public void run() {
            ExecutorService pool = Executors.newFixedThreadPool(3);
            for (int i = 0; i < 3; i++) {
                pool.execute(WHILE::run);
            }
            WHILE.run();
        }
    },
    /** Stays inside the JDK: random numbers. */
    RANDOM {
        @Override
        public void run() {
            sink += new Random(1).ints().sum();
        }
    },
    /** Stays inside the JDK: a stream without end. */
    STREAM {
        @Override
        public void run() {
            sink += Stream.generate(new Random(1)::nextInt).distinct().count();
        }
    },
    /** Stays inside the JDK: a regular expression that backtracks. */
    REGEX {
        @Override
        public void run() {
            sink += Pattern.compile("((a|aa)+)+$").matcher("a".repeat(80) + "!").find() ? 1 : 0;
        }
    },
    /** Stays inside the JDK for hours: large numbers. */
    BIG_INTEGER {
        @Override
        public void run() {
            sink += BigInteger.TWO.pow(40_000_000).subtract(BigInteger.ONE).modPow(
                    BigInteger.TWO.pow(4_000_000).subtract(BigInteger.ONE), BigInteger.TEN.pow(2_000_000)).bitLength();
        }
    },
    /** Stays inside the JDK: sorts the same numbers again and again. */
    SORT {
        @Override
        public void run() {
            List<Integer> numbers = new ArrayList<>(new Random(1).ints(1_000_000).boxed().toList());
            sink += Stream.generate(() -> numbers).mapToLong(all -> all.stream().sorted().count()).sum();
        }
    },
    /** Sleeps, and continues to sleep when it is interrupted. */
    SLEEP {
        @Override
        public void run() {
            while (true) {
                try {
                    Thread.sleep(1_000_000);
                } catch (InterruptedException e) {
                    sink++;
                }
            }
        }
    },
    /** Parks, and continues to park when it is interrupted. */
    PARK {
        @Override
        public void run() {
            while (true) {
                LockSupport.park();
            }
        }
    },
    /** Two threads that wait for each other's monitor. */
    DEADLOCK {
        @Override
        public void run() {
            var met = new CountDownLatch(2);
            Object one = new Object();
            Object other = new Object();
            new Thread(() -> lockBoth(one, other, met), "deadlocked").start();
            lockBoth(other, one, met);
        }

        @SuppressWarnings("StaticGuardedByInstance") // the monitors guard nothing
        private static void lockBoth(Object first, Object second, CountDownLatch met) {
            synchronized (first) {
                meet(met);
                synchronized (second) {
                    sink++;
                }
            }
        }
    },
    /** Two threads that wait for each other's class initialiser. */
    CLASS_DEADLOCK {
        @Override
        public void run() {
            new Thread(() -> sink += One.VALUE, "deadlocked").start();
            sink += Other.VALUE;
        }
    },
    /** Reads a pipe to which nothing is written. */
    FIFO {
        @Override
        public void run() {
            try {
                Path pipe = Files.createTempDirectory("corral-zombie").resolve("pipe");
                if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
                    throw new IOException("no mkfifo here");
                }
                try (var in = new FileInputStream(pipe.toFile())) {
                    sink += in.read();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    };

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static long sink;

    /** Runs without end on the current thread. */
    public abstract void run();

    /** Returns the way with this name, in lower case with {@code -} for {@code _}. */
    public static Runaway of(String name) {
        return Arrays.stream(values()).filter(kind -> kind.toString().equals(name)).findAny().orElseThrow(
                () -> new IllegalArgumentException("kind is " + name + "; it must be one of " + names()));
    }

    /** Returns all names. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Runaway::toString).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void meet(CountDownLatch latch) {
        latch.countDown();
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A class whose initialiser never ends. */
    private static final class Endless {
        static final long VALUE;

        static {
            long x = 0;
            while (x >= 0) {
                x = (x + 1) & 0xffff;
            }
            VALUE = x;
        }
    }

    private static final CountDownLatch INSIDE_BOTH = new CountDownLatch(2);

    private static final class One {
        static final int VALUE;

        static {
            meet(INSIDE_BOTH);
            VALUE = Other.VALUE + 1;
        }
    }

    private static final class Other {
        static final int VALUE;

        static {
            meet(INSIDE_BOTH);
            VALUE = One.VALUE + 1;
        }
    }
}
