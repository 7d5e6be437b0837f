package dev.corral.reap;

import dev.corral.isolate.Isolate;
import dev.corral.isolate.Owner;
import dev.corral.jdk.JdkInternal;
import dev.corral.jdk.JdkThreads;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the live threads of an isolate. Thread-safe. */
public final class LiveThreads {
    private static final @Nullable VarHandle CARRIER = JdkInternal.CARRIER_THREAD.fieldOrNull();

    private static final Census<Map<Isolate, List<Thread>>> PLATFORM = new Census<>(LiveThreads::findPlatform);

    private LiveThreads() {}

    /**
     * Returns the platform threads of an isolate, without carriers; a snapshot. It may contain threads that have ended
     * since. If it is empty, no thread was alive at the time of the snapshot, so none can have started another one
     * since.
     */
    public static List<Thread> platform(Isolate isolate) {
        return platform().getOrDefault(isolate, List.of());
    }

    /** Returns the platform threads of all isolates, from one snapshot. */
    public static Map<Isolate, List<Thread>> platform() {
        return PLATFORM.take();
    }

    private static Map<Isolate, List<Thread>> findPlatform() {
        Map<Isolate, List<Thread>> found = new HashMap<>();
        for (Thread thread : JdkThreads.snapshot()) {
            Isolate isolate = Owner.of(thread);
            if (isolate != null) {
                found.computeIfAbsent(isolate, _ -> new ArrayList<>()).add(thread);
            }
        }
        return found;
    }

    /**
     * Returns the virtual thread of this scheduler that a carrier currently runs; null if it runs none, or if this
     * cannot be known.
     */
    public static @Nullable Thread mountedOn(Thread carrier, Executor scheduler) {
        return CARRIER == null ? null
                : virtual(scheduler).stream().filter(thread -> isMountedOn(thread, carrier)).findAny().orElse(null);
    }

    /** Returns whether a carrier currently runs this virtual thread; false if this cannot be known. */
    public static boolean isMountedOn(Thread virtual, Thread carrier) {
        return CARRIER != null && CARRIER.get(virtual) == carrier;
    }

    /**
     * Returns the virtual threads of a scheduler that have not ended; none where this cannot be known. The JDK tracks
     * all virtual threads in the containers that a thread dump shows; this method searches them.
     */
    public static List<Thread> virtual(Executor scheduler) {
        return Containers.INSTANCE == null ? List.of()
                : Containers.INSTANCE.census.take().getOrDefault(scheduler, List.of());
    }

    /** Removes a virtual thread that will never end from the JDK's containers, so that it can be collected. */
    static void forget(Thread virtual) {
        if (Containers.INSTANCE != null) {
            Containers.INSTANCE.forget(virtual);
        }
    }

    /** Returns whether virtual threads can be found. */
    static boolean canFindVirtual() {
        return Containers.INSTANCE != null;
    }

    /** Access to {@code jdk.internal.vm.ThreadContainers}. Needs that package and {@code java.lang} to be opened. */
    private static final class Containers {
        static final @Nullable Containers INSTANCE = create();

        private final VarHandle scheduler;
        private final Set<WeakReference<?>> registry;
        private final Object root;
        private final Method threads;
        private final Method container;
        private final Method onExit;
        private final Census<IdentityHashMap<Object, List<Thread>>> census = new Census<>(this::threadsByScheduler);

        @SuppressWarnings("unchecked") // the type of a private field of the JDK
        private Containers() throws ReflectiveOperationException {
            scheduler = JdkInternal.SCHEDULER.field();
            registry = (Set<WeakReference<?>>) JdkInternal.CONTAINER_REGISTRY.field().get();
            root = JdkInternal.ROOT_CONTAINER.reflected().invoke(null);
            threads = JdkInternal.THREADS_OF_CONTAINER.reflected();
            container = JdkInternal.CONTAINER_OF_THREAD.reflected();
            onExit = JdkInternal.ON_EXIT.reflected();
        }

        private static @Nullable Containers create() {
            try {
                return new Containers();
            } catch (ReflectiveOperationException | RuntimeException e) {
                return null;
            }
        }

        private IdentityHashMap<Object, List<Thread>> threadsByScheduler() {
            IdentityHashMap<Object, List<Thread>> found = new IdentityHashMap<>();
            addThreads(root, found);
            for (WeakReference<?> reference : registry) {
                Object each = reference.get();
                if (each != null) {
                    addThreads(each, found);
                }
            }
            return found;
        }

        private void addThreads(Object each, IdentityHashMap<Object, List<Thread>> found) {
            try (var stream = (Stream<?>) threads.invoke(each)) {
                stream.forEach(thread -> {
                    if (thread instanceof Thread t && t.isVirtual()) {
                        found.computeIfAbsent(scheduler.get(t), _ -> new ArrayList<>()).add(t);
                    }
                });
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("the JDK's containers of threads are not as expected", e);
            }
        }

        void forget(Thread virtual) {
            try {
                onExit.invoke(container.invoke(null, virtual), virtual);
            } catch (ReflectiveOperationException | IllegalStateException e) {
                // the thread has ended
            }
        }
    }
}
