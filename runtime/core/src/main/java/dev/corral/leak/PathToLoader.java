package dev.corral.leak;

import dev.corral.hotspot.LoadedClasses;
import dev.corral.isolate.Owner;
import dev.corral.jdk.JdkThreads;
import dev.corral.leak.ReferenceFields.Place;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what keeps a class loader reachable: a shortest path from a live thread or a static field to the class loader,
 * or to an object of one of its classes. The search is breadth-first and runs in Java while all other threads continue,
 * so the JVM does not stop. It does not see references on stacks and in native code. It starts from the classes of the
 * JDK, from shared classes and from threads; if that finds nothing, from the classes of other isolates.
 *
 * <p>The search takes a second for some million objects, and uses about 100 bytes of the heap for each; it ends at a
 * limit.
 */
final class PathToLoader {
    /** The largest number of objects. A smaller heap lowers it to one object for each {@link #BYTES_OF_HEAP}. */
    private static final int MOST_OBJECTS = 4_000_000;
    private static final int BYTES_OF_HEAP = 1_024;
    /** The number of steps at each end of a longer path that are shown. */
    private static final int SHOWN = 8;

    private final ClassLoader sought;
    private final long most;
    private final ReferenceFields fields = new ReferenceFields();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Step> open = new ArrayDeque<>();
    /** Whether the search has reached its limit. */
    private boolean cut;

    /**
     * An object on a path.
     *
     * @param how what refers to it: a field, an index, or a text
     * @param from the object that refers to it; null for a thread or a class
     */
    private record Step(Object object, Object how, @Nullable Step from) {}

    private PathToLoader(ClassLoader sought, long most) {
        this.sought = sought;
        this.most = most;
    }

    /** Returns the path to a class loader as text, or the reason why there is none. Platform threads only. */
    static String to(ClassLoader loader) {
        if (!ReferenceFields.areOpen()) {
            return "not searched, because java.base/jdk.internal.misc is not opened; " + hint(loader);
        }
        return to(loader, JdkThreads.snapshot(), LoadedClasses.all(),
                Math.min(MOST_OBJECTS, Runtime.getRuntime().maxMemory() / BYTES_OF_HEAP));
    }

    /**
     * Returns the path from these threads and classes, as {@link #to(ClassLoader)} does.
     *
     * @param most the largest number of objects to visit
     */
    static String to(ClassLoader loader, List<Thread> threads, List<Class<?>> classes, long most) {
        return new PathToLoader(loader, most).find(threads, classes);
    }

    private String find(List<Thread> threads, List<Class<?>> classes) {
        List<Class<?>> ofIsolates = new ArrayList<>();
        for (Thread thread : threads) {
            open.add(new Step(thread, "thread " + thread.getName(), null));
        }
        for (Class<?> type : classes) {
            if (!isOfSought(type.getClassLoader())) {
                if (Owner.of(type.getClassLoader()) == null) {
                    addStatics(type);
                } else {
                    ofIsolates.add(type);
                }
            }
        }
        Step found = search();
        if (found == null) {
            ofIsolates.forEach(this::addStatics);
            found = search();
        }
        if (found != null) {
            return text(found);
        }
        return (cut ? "nothing found among the first " : "nothing that Java could see among ")
                + seen.size()
                + " objects; " + hint(sought);
    }

    private static String hint(ClassLoader loader) {
        return "a heap dump shows the path to the class loader named " + loader.getName();
    }

    private void addStatics(Class<?> type) {
        for (Field field : fields.ofClass(type)) {
            add(ReferenceFields.get(field), field, null);
        }
    }

    private @Nullable Step search() {
        for (Step step = open.poll(); step != null; step = open.poll()) {
            if (isSought(step.object)) {
                return step;
            }
            if (seen.add(step.object)) {
                follow(step);
            }
        }
        return null;
    }

    private void follow(Step step) {
        Object object = step.object;
        if (object instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                add(array[i], i, step);
            }
            return;
        }
        for (Place place : fields.ofInstances(object.getClass())) {
            add(ReferenceFields.get(object, place), place.field(), step);
        }
    }

    private void add(@Nullable Object object, Object how, @Nullable Step from) {
        if (object == null || seen.contains(object)) {
            return;
        }
        if (seen.size() + open.size() < most) { // both count, because a single array may have more elements than the heap has room for
            open.add(new Step(object, how, from));
        } else {
            cut = true;
        }
    }

    private boolean isSought(Object object) {
        return isOfSought(object.getClass().getClassLoader())
                || (object instanceof ClassLoader loader && isOfSought(loader))
                || (object instanceof Class<?> type && isOfSought(type.getClassLoader()));
    }

    private boolean isOfSought(@Nullable ClassLoader loader) {
        for (ClassLoader each = loader; each != null; each = each.getParent()) {
            if (each == sought) {
                return true;
            }
        }
        return false;
    }

    private static String text(Step last) {
        List<String> steps = new ArrayList<>();
        for (Step step = last; step != null; step = step.from) {
            steps.addFirst(text(step.how) + " (" + named(step.object) + ")");
        }
        if (steps.size() > 2 * SHOWN) {
            List<String> middle = steps.subList(SHOWN, steps.size() - SHOWN);
            String left = "... " + middle.size() + " more ...";
            middle.clear();
            steps.add(SHOWN, left);
        }
        return String.join(" -> ", steps);
    }

    private static String text(Object how) {
        return switch (how) {
            case Field field when Modifier.isStatic(field.getModifiers()) ->
                    "static " + field.getDeclaringClass().getName() + "." + field.getName();
            case Field field -> field.getName();
            case Integer index -> "[" + index + "]";
            default -> how.toString();
        };
    }

    private static String named(Object object) {
        return switch (object) {
            case Class<?> type -> "class " + type.getTypeName();
            case ClassLoader loader when loader.getName() != null -> "class loader " + loader.getName();
            default -> object.getClass().getTypeName();
        };
    }
}
