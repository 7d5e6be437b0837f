package dev.corral.leak;

import dev.corral.isolate.Isolate;
import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Determines whether the class loader of an ended isolate has been collected. Does not keep the class loader reachable.
 *
 * <p>A class loader that still exists proves nothing before the collector has examined it: class loaders are freed only
 * when classes are unloaded, which may be hours later. A full collection that began after the isolate's end finds an
 * unreachable class loader, and another one finds what cleaners and finalizers referred to. A collection that was under
 * way at the end may not. A collector that works in parts takes longer: objects to which dead objects of the old
 * generation refer stay until they are old as well, and so does the class loader to which their classes refer.
 * {@link Unloadings} count only after that.
 */
public final class LoaderWatch {
    /**
     * The number of full collections, or otherwise of unloadings, that an unreachable class loader does not outlive.
     */
    private static final int LOOKS = 3;
    /**
     * The number of collections after which all objects that existed before are old. An object is young for at most 15
     * collections, and ZGC counts four for each one.
     */
    private static final int AGEING = 64;

    private final WeakReference<ClassLoader> loader;
    private final Supplier<GcCounts> counts;
    private final GcCounts atEnd;
    private long lastFull;
    /** The number of full collections. Several between two checks count as one, because cleaners need time as well. */
    private int fullCollections;
    /** The counts when all objects that existed at the end were old; null before. */
    private @Nullable GcCounts aged;

    /** Begins to watch the class loader of an isolate that has just ended. */
    public LoaderWatch(Isolate isolate) {
        this(isolate.loader(), GcCounts::now);
    }

    LoaderWatch(ClassLoader loader, Supplier<GcCounts> counts) {
        this.loader = new WeakReference<>(loader);
        FinalizerLocals.removeUntilCollected(loader);
        this.counts = counts;
        atEnd = counts.get();
        lastFull = atEnd.full();
    }

    /** What is known about the class loader. */
    public enum Finding {
        /** The collector has not yet examined it. */
        UNKNOWN,
        /** It was collected. */
        COLLECTED,
        /** It still exists although the collector has examined it. */
        LEAKED
    }

    /** Checks the class loader. Call it from time to time, on one thread. */
    public Finding check() {
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

    /**
     * Returns the path that keeps a leaked class loader reachable, as far as Java can find it. Blocks for some time:
     * see {@link PathToLoader}. Platform threads only.
     */
    public String holder() {
        ClassLoader leaked = loader.get();
        return leaked == null ? "nothing: it was collected in the meantime" : PathToLoader.to(leaked);
    }
}
