package dev.corral.hotspot;

import java.util.Set;

/**
 * Which code of the JDK may be stopped anywhere: it works on the data of its caller, holds no lock, and keeps nothing that the
 * whole JVM shares. A storm of stops aimed at anything else once landed in the static initialiser of a JDK class, and no timed
 * park of the JVM worked any more.
 */
final class StoppableCode {
    /** With all below. */
    private static final Set<String> PACKAGES = Set.of("java.util.regex", "java.math", "java.util.stream",
            "java.util.function", "java.util.random", "jdk.internal.util.random", "jdk.internal.math", "java.text");
    /** With their nested classes. */
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
            // collections, and what goes through them
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
     * Whether a thread in this method may be stopped, as far as this method is concerned.
     *
     * @param className binary, as in {@code java.util.regex.Pattern$Loop}; of a hidden class with what follows its name
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

    /** Where the suffix of a hidden class begins, as in {@code java.util.stream.IntPipeline$$Lambda/0x0123}; else its length. */
    private static int hiddenAt(String className) {
        int slash = className.indexOf('/');
        return slash < 0 ? className.length() : slash;
    }
}
