package dev.corral.isolate;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the class loader of an ended isolate has been collected. Keeps nothing of it alive.
 *
 * <p>That a loader is reachable says nothing until the collector has looked: loaders go only when classes are unloaded, which
 * may be hours after. So a canary, a loader with one class that nothing holds, is made after the isolate's end. When it is
 * gone, the collector has unloaded classes since; when a second one, made then, is gone too and the isolate's loader is not
 * (one collection may be needed to clear what cleaners and finalizers hold), the loader is called leaked.
 */
public final class LoaderWatch {
    private static final int CANARIES = 2;

    private final String name;
    private final WeakReference<ClassLoader> loader;
    private WeakReference<ClassLoader> canary = newCanary();
    private int gone;

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

    /** Looks; to be called by one thread, now and then. */
    public Finding look() {
        if (loader.refersTo(null)) {
            return Finding.COLLECTED;
        }
        if (gone < CANARIES && canary.refersTo(null)) {
            gone++;
            canary = newCanary();
        }
        return gone < CANARIES ? Finding.UNKNOWN : Finding.LEAKED;
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

    private static WeakReference<ClassLoader> newCanary() {
        return new WeakReference<>(new Canary());
    }

    private static final class Canary extends ClassLoader {
        private static final byte[] CLASS = ClassFile.of().build(ClassDesc.of("Canary"), _ -> {});

        Canary() {
            super("corral-canary", null);
            defineClass("Canary", CLASS, 0, CLASS.length);
        }
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
