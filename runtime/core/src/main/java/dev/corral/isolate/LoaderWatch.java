package dev.corral.isolate;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the class loader of an ended isolate has been collected. Keeps nothing of it alive.
 *
 * <p>That a loader is there says nothing until the collector has looked: loaders go only when classes are unloaded, which may be
 * hours after. A full collection that began after the isolate's end finds it, and another one what cleaners and finalizers held;
 * the one under way at the end may not. A collector that works in parts takes longer: whatever dead objects of the old generation refer
 * to is as good as alive until it is old as well, and so, through its classes, is the loader. Only then do {@link Unloadings} count.
 */
public final class LoaderWatch {
    /** Full collections, or else unloadings, that a loader which nothing holds does not outlive. */
    private static final int LOOKS = 3;
    /** After so many collections all that was there before is old: 15 times, at most, is an object young, and ZGC counts four each time. */
    private static final int AGEING = 64;

    private final String name;
    private final WeakReference<ClassLoader> loader;
    private final Supplier<GcCounts> counts;
    private final GcCounts atEnd;
    private long lastFull;
    /** Several between two looks count as one, as with unloadings: cleaners need time, too. */
    private int fullCollections;
    /** Null while what was there is not old. */
    private @Nullable GcCounts aged;

    /** For the loader of an isolate that has just ended. */
    public LoaderWatch(Isolate isolate) {
        this(isolate.name(), isolate.loader(), GcCounts::now);
    }

    LoaderWatch(String name, ClassLoader loader, Supplier<GcCounts> counts) {
        this.name = name;
        this.loader = new WeakReference<>(loader);
        this.counts = counts;
        atEnd = counts.get();
        lastFull = atEnd.full();
    }

    /** What is known of the loader. */
    public enum Finding {
        /** The collector has not looked yet. */
        UNKNOWN,
        /** It is gone. */
        COLLECTED,
        /** It is there although the collector has looked. */
        LEAKED
    }

    /** Looks; to be called now and then, by one thread. */
    public Finding look() {
        if (loader.refersTo(null)) {
            return Finding.COLLECTED;
        }
        GcCounts now = counts.get();
        if (now.full() > lastFull) {
            lastFull = now.full();
            fullCollections++;
        }
        if (fullCollections >= LOOKS) {
            return Finding.LEAKED;
        }
        if (aged == null && now.all() - atEnd.all() >= AGEING) {
            aged = now;
        }
        return aged == null || now.unloadings() - aged.unloadings() < LOOKS ? Finding.UNKNOWN : Finding.LEAKED;
    }

    /** What is known to hold a leaked loader: threads that run its code or have it as context loader, and thread locals. */
    public String holders() {
        ClassLoader leaked = loader.get();
        if (leaked == null) {
            return "nothing any more";
        }
        List<String> holders = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getContextClassLoader() == leaked) {
                holders.add("context class loader of thread " + thread.getName());
            }
            for (Object value : ThreadLocalValues.of(thread)) {
                if (value.getClass().getClassLoader() == leaked) {
                    holders.add("thread local of thread " + thread.getName() + ": " + value.getClass().getName());
                }
            }
        }
        return holders.isEmpty()
                ? "no thread; a heap dump shows the path to the class loader named " + name
                : String.join("; ", holders);
    }

    /** Reads what other threads hold in thread locals; needs {@code java.base/java.lang} opened. */
    private static final class ThreadLocalValues {
        static List<Object> of(Thread thread) {
            List<Object> values = new ArrayList<>();
            Object map = get(Thread.class, "threadLocals", thread);
            Object table = map == null ? null : get(map.getClass(), "table", map);
            if (table instanceof Object[] entries) {
                for (Object entry : entries) {
                    Object value = entry == null ? null : get(entry.getClass(), "value", entry);
                    if (value != null) {
                        values.add(value);
                    }
                }
            }
            return values;
        }

        private static @Nullable Object get(Class<?> type, String name, Object object) {
            try {
                Field field = type.getDeclaredField(name);
                return field.trySetAccessible() ? field.get(object) : null;
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }
    }
}
