package dev.corral.weave;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Constructs of the language that weaving must not change. Each method returns code to run, so that a test can call it
 * in the class of another loader.
 */
public final class WovenProgram {
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

    /** Objects that are not initialised yet are on the stack during branches and calls. */
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

    /** Nested loops with arithmetic on local variables. */
    public static Supplier<Object> nestedLoops() {
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
}
