package dev.corral.isolate;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the class loader of an ended isolate has been collected. Keeps nothing of it alive.
 *
 * <p>That a loader is reachable says nothing until the collector has looked: loaders go only when classes are unloaded, which
 * may be hours after. So {@link Unloadings} are counted. The first one after the isolate's end may have begun before it, and one
 * more may be needed to clear what cleaners and finalizers hold: a loader that outlives three is called leaked.
 */
public final class LoaderWatch {
    private static final int UNLOADINGS = 3;

    private final String name;
    private final WeakReference<ClassLoader> loader;
    private final long unloadingsBefore = Unloadings.count();

    /** For the loader of an isolate that has just ended. */
    public LoaderWatch(Isolate isolate) {
        name = isolate.name();
        loader = new WeakReference<>(isolate.loader());
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
        return Unloadings.count() - unloadingsBefore < UNLOADINGS ? Finding.UNKNOWN : Finding.LEAKED;
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
