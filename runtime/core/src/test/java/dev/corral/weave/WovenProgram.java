package dev.corral.weave;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Code to be woven. Each method returns what is to be run, so that the test can call it across loaders. */
public final class WovenProgram {
    private static long sink;

    private WovenProgram() {}

    public static void main(String[] args) {}

    public static Supplier<Object> loops() {
        return () -> {
            long sum = 0;
            for (int i = 0; i < 100; i++) {
                for (long j = i; j > 0; j -= 3) {
                    if (j % 7 == 0) {
                        continue;
                    }
                    sum += j;
                }
            }
            int k = 10;
            do {
                sum *= 3;
            } while (--k > 0);
            outer : while (true) {
                for (int i = 0;; i++) {
                    if (i > 5) {
                        break outer;
                    }
                    sum += i;
                }
            }
            return sum;
        };
    }

    public static Supplier<Object> switches() {
        return () -> {
            var text = new StringBuilder();
            int state = 0;
            while (true) {
                switch (state) {
                    case 0 -> state = 1000;
                    case 1000 -> state = 2;
                    case 1, 2, 3 -> state++;
                    case 4 -> {
                        return text.append(nameOf("b")).append(nameOf(7)).append(nameOf(List.of())).toString();
                    }
                    default -> throw new IllegalStateException();
                }
                text.append(state).append(' ');
            }
        };
    }

    private static String nameOf(Object value) {
        return switch (value) {
            case String s when s.length() > 3 -> "long";
            case String s -> "short " + s;
            case Integer i -> "int " + i;
            default -> "other";
        };
    }

    public static Supplier<Object> exceptions() {
        return () -> {
            var text = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                try {
                    try {
                        if (i == 1) {
                            throw new IllegalStateException("one");
                        }
                        Object o = i == 2 ? null : "x";
                        text.append(o.hashCode());
                    } catch (IllegalStateException e) {
                        text.append(e.getMessage());
                    } finally {
                        text.append(" finally ");
                    }
                } catch (NullPointerException e) {
                    text.append("npe");
                }
            }
            try (AutoCloseable a = () -> text.append(" a"); AutoCloseable b = () -> text.append(" b")) {
                text.append(a == b);
            } catch (Exception e) {
                text.append(e);
            }
            return text.toString();
        };
    }

    public static Supplier<Object> synchronizedBlocks() {
        return () -> {
            Object lock = new Object();
            int n = 0;
            for (int i = 0; i < 10; i++) {
                synchronized (lock) {
                    synchronized (WovenProgram.class) {
                        n += i;
                    }
                }
            }
            return n;
        };
    }

    /** Values that are not initialised yet lie on the stack across branches and calls. */
    public static Supplier<Object> constructors() {
        return () -> new Pair(new Pair(1, choose(true) ? 2 : 3),
                choose(false) ? new Pair(4, 5) : new Pair(choose(true) ? 6 : 7, new int[]{8}[0])).toString()
                + new Sub(3) + new ArrayList<>(choose(true) ? List.of(1) : List.of(2));
    }

    private static boolean choose(boolean value) {
        return value;
    }

    private record Pair(Object a, Object b) {}

    private static class Base {
        final int value;

        Base(int value) {
            this.value = value;
        }
    }

    private static final class Sub extends Base {
        Sub(int value) {
            super(loop(value) > 10 ? value : -value);
        }

        private static int loop(int n) {
            int sum = 0;
            for (int i = 0; i <= n; i++) {
                sum += i;
            }
            return sum;
        }

        @Override
        public String toString() {
            return "Sub " + value;
        }
    }

    public static Supplier<Object> lambdas() {
        return () -> {
            Function<Integer, Function<Integer, Integer>> add = a -> b -> a + b;
            IntSupplier length = "four"::length;
            Function<String, StringBuilder> make = StringBuilder::new;
            Iterator<Integer> iterator = new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < 3;
                }

                @Override
                public Integer next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return next++;
                }
            };
            int sum = 0;
            while (iterator.hasNext()) {
                sum += add.apply(iterator.next()).apply(length.getAsInt());
            }
            return make.apply("x").append(sum)
                    .append(IntStream.range(0, 100).filter(i -> i % 3 == 0).mapToObj(Integer::toString).toList())
                    .toString();
        };
    }

    public static Supplier<Object> records() {
        return () -> {
            Object o = new Pair(new Pair(1, 2), "x");
            return o instanceof Pair(Pair(Integer a, Integer b), String c) ? a + b + c + o.hashCode() + o : "no";
        };
    }

    public static Supplier<Object> newInBranches() {
        return () -> {
            List<Object> made = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                made.add(i % 2 == 0 ? new Pair(i, i > 2 ? new Pair(i, 0) : new Base(i).value) : new Pair("odd", i));
            }
            return made.toString();
        };
    }

    /**
     * A method that is close to as large as one may be, so that jumps need more than 16 bits with checkpoints in it.
     */
    public static Supplier<Object> wideJumps() {
        return () -> {
            long x = 1;
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 2; j++) {
                    x += i * 31 + j;
                    x ^= x << 3;
                    x += Long.rotateLeft(x, 7) % 1000;
                }
            }
            return x;
        };
    }

    public static Supplier<Object> exitByCall() {
        return () -> {
            System.exit(3);
            return "came back";
        };
    }

    public static Supplier<Object> exitByReference() {
        return () -> {
            IntConsumer exit = System::exit;
            exit.accept(3);
            return "came back";
        };
    }

    public static Supplier<Object> exitByRuntime() {
        return () -> {
            Runtime.getRuntime().exit(3);
            return "came back";
        };
    }

    public static Supplier<Object> exitByBoundReference() {
        return () -> {
            IntConsumer exit = Runtime.getRuntime()::exit;
            exit.accept(3);
            return "came back";
        };
    }

    public static Supplier<Object> exitByHalt() {
        return () -> {
            Runtime.getRuntime().halt(3);
            return "came back";
        };
    }

    public static Supplier<Object> getenvByCall() {
        return () -> System.getenv("WOVEN");
    }

    public static Supplier<Object> getenvByReference() {
        return () -> {
            Function<String, String> getenv = System::getenv;
            return getenv.apply("WOVEN");
        };
    }

    public static Supplier<Object> getenvOfMap() {
        return () -> System.getenv().get("WOVEN");
    }

    public static Supplier<Object> propertyByCall() {
        return () -> System.getProperty("woven", "none");
    }

    public static Supplier<Object> propertyByReference() {
        return () -> {
            Function<String, String> property = System::getProperty;
            return property.apply("woven");
        };
    }

    public static Supplier<Object> propertyByInteger() {
        return () -> Integer.toString(Integer.getInteger("woven")) + (Long.getLong("woven", 3) == 17 ? "" : "!")
                + (Boolean.getBoolean("woven") ? "!" : "");
    }

    public static Supplier<Object> propertyOfMap() {
        return () -> System.getProperties().getProperty("woven");
    }

    public static Supplier<PrintStream> out() {
        return () -> System.out;
    }

    public static Supplier<PrintStream> err() {
        return () -> System.err;
    }

    public static Supplier<ServerSocket> serverSocket() {
        return () -> {
            try {
                return new ServerSocket(choose(true) ? 0 : 1, 50);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private interface Maker {
        ServerSocket make(int port) throws IOException;
    }

    public static Supplier<ServerSocket> serverSocketByReference() {
        return () -> {
            try {
                Maker maker = ServerSocket::new;
                return maker.make(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static final class OwnServerSocket extends ServerSocket {
        OwnServerSocket(int port) throws IOException {
            super(choose(true) ? port : 1);
        }

        @Override
        public String toString() {
            return "own " + super.toString();
        }
    }

    public static Supplier<ServerSocket> serverSocketSubclass() {
        return () -> {
            try {
                var socket = new OwnServerSocket(0);
                if (!socket.toString().startsWith("own ServerSocket[addr")) {
                    throw new AssertionError(socket.toString());
                }
                return socket;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static final class OwnThread extends Thread {
        OwnThread(String name) {
            super(name);
        }
    }

    public static Supplier<Map<String, ThreadGroup>> threads() {
        return () -> {
            Runnable nothing = () -> {};
            var pool = Executors.newFixedThreadPool(1);
            Thread[] ofPool = new Thread[1];
            try {
                pool.submit(() -> ofPool[0] = Thread.currentThread()).get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            Map<String, ThreadGroup> groups = new LinkedHashMap<>();
            for (Thread thread : List.of(new Thread(), new Thread(nothing), new Thread("d"), new Thread(nothing, "e"),
                    Thread.ofPlatform().unstarted(nothing), new OwnThread("h"), ofPool[0])) {
                groups.put(thread.getName(), thread.getThreadGroup());
            }
            pool.shutdown(); // then that of its thread is null
            return groups;
        };
    }

    /** Ways to run away, each a body that must die. */
    public static final class Runaway implements Runnable {
        private static volatile boolean running;
        private final String kind;

        public Runaway(String kind) {
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
        @SuppressWarnings("finally") // it does not complete at all
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
}
