package dev.corral.hotspot;

import java.util.Set;

/**
 * The code of the JDK that may be stopped anywhere: it works on the data of its caller, holds no lock, and changes
 * nothing that the whole JVM shares. A test once stopped threads in other code many times; one of these stops
 * interrupted the static initialiser of a JDK class, and afterwards no timed park of the JVM worked any more.
 */
final class StoppableCode {
    /** Packages, with all classes directly in them. */
    private static final Set<String> PACKAGES = Set.of("java.util.regex", "java.math", "java.util.stream",
            "java.util.function", "java.util.random", "jdk.internal.util.random", "jdk.internal.math", "java.text");
    /** Classes, with their nested classes. */
    static final Set<String> CLASSES = Set.of(
            // text and numbers
            "java.lang.String", "java.lang.StringBuilder", "java.lang.AbstractStringBuilder", "java.lang.StringBuffer",
            "java.lang.StringLatin1", "java.lang.StringUTF16", "java.lang.StringConcatHelper",
            "java.lang.CharSequence", "java.lang.Character", "java.lang.CharacterData", "java.lang.CharacterDataLatin1",
            "java.lang.Number", "java.lang.Byte", "java.lang.Short", "java.lang.Integer", "java.lang.Long",
            "java.lang.Float", "java.lang.Double", "java.lang.Boolean", "java.lang.Math", "java.lang.StrictMath",
            "java.lang.FdLibm", "java.lang.Iterable", "java.lang.Comparable", "java.util.Formatter",
            "java.util.Scanner", "java.util.StringJoiner", "java.util.StringTokenizer", "java.util.UUID",
            "java.util.Base64", "java.util.HexFormat",
            // collections, and code that traverses them
            "java.util.Collection", "java.util.Collections", "java.util.AbstractCollection", "java.util.AbstractList",
            "java.util.AbstractMap", "java.util.AbstractQueue", "java.util.AbstractSequentialList",
            "java.util.AbstractSet", "java.util.ArrayDeque", "java.util.ArrayList", "java.util.Arrays",
            "java.util.BitSet", "java.util.ComparableTimSort", "java.util.Comparator", "java.util.Comparators",
            "java.util.DualPivotQuicksort", "java.util.EnumMap", "java.util.EnumSet", "java.util.HashMap",
            "java.util.HashSet", "java.util.Hashtable", "java.util.IdentityHashMap", "java.util.ImmutableCollections",
            "java.util.Iterator", "java.util.LinkedHashMap", "java.util.LinkedHashSet", "java.util.LinkedList",
            "java.util.List", "java.util.ListIterator", "java.util.Map", "java.util.Objects", "java.util.Optional",
            "java.util.PrimitiveIterator", "java.util.PriorityQueue", "java.util.ReverseOrderListView",
            "java.util.SequencedCollection", "java.util.SequencedMap", "java.util.Set", "java.util.Spliterator",
            "java.util.Spliterators", "java.util.Stack", "java.util.TimSort", "java.util.TreeMap", "java.util.TreeSet",
            "java.util.Vector", "java.util.WeakHashMap", "jdk.internal.util.ArraysSupport",
            // random numbers
            "java.util.Random", "java.util.SplittableRandom");
    private static final String INITIALISER = "<clinit>";

    private StoppableCode() {}

    /**
     * Returns whether a thread in this method may be stopped, as far as this method is concerned.
     *
     * @param className the binary name, as in {@code java.util.regex.Pattern$Loop}; for a hidden class with the suffix
     *        after its name
     */
    static boolean contains(String className, String method) {
        if (method.equals(INITIALISER)) {
            return false;
        }
        int packageEnd = className.lastIndexOf('.', hiddenAt(className) - 1);
        if (packageEnd < 0) {
            return false;
        }
        if (PACKAGES.contains(className.substring(0, packageEnd))) {
            return true;
        }
        int nested = className.indexOf('$', packageEnd);
        return CLASSES.contains(nested < 0 ? className : className.substring(0, nested));
    }

    /**
     * Returns the position of the suffix of a hidden class, as in {@code java.util.stream.IntPipeline$$Lambda/0x0123};
     * the length of the name if there is none.
     */
    private static int hiddenAt(String className) {
        int slash = className.indexOf('/');
        return slash < 0 ? className.length() : slash;
    }
}
