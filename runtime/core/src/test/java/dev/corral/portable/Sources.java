package dev.corral.portable;

/** The program whose objects are sent, and the packages that its workers share. */
final class Sources {
    static final String[] SHARED = {"""
            package common;
            public final class Log {
                public static final java.util.List<String> LINES = new java.util.concurrent.CopyOnWriteArrayList<>();
                public static volatile int refused = -1;
            }
            """, "package common; public record Point(int x, Integer y) {}",
            "package common; public record Box(Object content) {}",
            "package common; public enum Level { LOW, HIGH { public String toString() { return \"high\"; } } }",
            "package common; public enum Tally { ONE; public int count; }", """
                    package common;
                    public class Holder {
                        private final Object held;
                        private final int number = 1;
                        public Holder(Object held) { this.held = held; }
                        public static Runnable lambda() { return () -> {}; }
                    }
                    """, "package common; public final class Counter { private int count; }",
            "package common; public class Open { protected int count; }",
            "package common; public class Below extends Open { private final int n = 1; }",
            "package common; public class Late extends Holder { private String text; public Late() { super(\"x\"); } }",
            """
                    package common;
                    public final class Loop {
                        private final Object back;
                        public Loop() { back = new Inner(); }
                        private final class Inner { private final int n = 1; }
                    }
                    """, "package common; public record Upload(String name, dev.corral.Message.Transfer data) {}"};

    static final String[] SHOP = {"""
            package shop;
            public record Price(String item, long cents) {
                static { common.Log.LINES.add("initialised"); }
                public Price { common.Log.LINES.add("made by " + Thread.currentThread().getName()); }
                @Override public String item() { throw new IllegalStateException("overridden"); }
            }
            """, "package shop; public record Item(String name, Object connection) {}",
            "package shop; import java.util.*; public record Order(String id, List<Item> items, Map<Object, Object> notes,"
                    + " Optional<Object> extra) {}",
            "package shop; public record Chain(Object next) {}",
            "package shop; public record Tagged(int n, Color color, java.math.BigDecimal price) {}", """
                    package shop;
                    public record Weight(int grams) implements Comparable<Weight>, Sized {
                        public int compareTo(Weight other) { return Integer.compare(grams, other.grams); }
                    }
                    """, "package shop; public interface Sized {}",
            """
                    package shop;
                    public record Picky(int n) {
                        public Picky { if (n == common.Log.refused) { throw new UnsupportedOperationException("refused " + n); } }
                    }
                    """,
            "package shop; public record Empty() {}",
            "package shop; public enum Color { RED, BLUE, GREEN { @Override public String toString() { return \"g\"; } } }",
            "package shop; public class Cart { int n; }",
            "package shop; public class Shelf extends java.util.ArrayList<Object> { static final long serialVersionUID = 1; }",
            """
                    package shop;
                    import java.util.*;
                    public class Main {
                        public static Object price(String item, long cents) { return new Price(item, cents); }
                        public static Object weight(int grams) { return new Weight(grams); }
                        public static Object chain(Object next) { return new Chain(next); }
                        public static Object picky(int n) { return new Picky(n); }
                        public static Object empty() { return new Empty(); }
                        public static Object tagged(int n) { return new Tagged(n, Color.GREEN, java.math.BigDecimal.TEN); }
                        public static Object item(Object connection) { return new Item("x", connection); }
                        public static Object cart() { return new Cart(); }
                        public static Object shelf() { return new Shelf(); }
                        public static Object lambda() { return (Runnable) () -> {}; }
                        public static Object comparator() { return (Comparator<Object>) (a, b) -> 0; }
                        public static Object holder(Object held) { return new common.Holder(held); }
                        public static Object color(String name) { return Color.valueOf(name); }
                        public static Object colors(String... names) {
                            var set = EnumSet.noneOf(Color.class);
                            for (var name : names) { set.add(Color.valueOf(name)); }
                            return set;
                        }
                        public static Object byColor(boolean empty) {
                            var map = new EnumMap<Color, Object>(Color.class);
                            if (!empty) { map.put(Color.GREEN, new Weight(1)); map.put(Color.RED, null); }
                            return map;
                        }
                        public static Object weights() { return new Weight[][] {{new Weight(1), null}, {}, null}; }
                        public static Object sized() { return new Sized[] {new Weight(1)}; }
                        public static Object order(Object connection, Object note, Object extra) {
                            var items = new ArrayList<Item>();
                            for (int i = 0; i < 3; i++) { items.add(new Item("i" + i, List.of(i, "x"))); }
                            items.add(new Item("i3", connection));
                            var notes = new HashMap<Object, Object>();
                            notes.put("tea", note);
                            return new Order("o", items, notes, Optional.ofNullable(extra));
                        }
                        public static Object all() {
                            return List.of(new Price("a", 1), new Weight(2), Color.RED, Color.GREEN, colors("RED"), byColor(false), weights(),
                                new Chain(new TreeSet<>(Set.of(new Weight(3)))), Optional.of(new Empty()), new HashMap<>(Map.of(new Weight(4), 1)),
                                Map.entry(new Weight(5), Set.of(new Weight(6))), sized(), new Tagged(1, Color.RED, null));
                        }
                    }
                    """};

    /** The next version of the shop, that some types are not the same in. */
    static final String[] NEXT_SHOP = {"package shop; public record Price(String item) {}",
            "package shop; public enum Color { RED, BLUE }", "package shop; public class Weight {}",
            "package shop; public record Picky(long n) {}", "package shop; public class Main {}"};

    private Sources() {}
}
