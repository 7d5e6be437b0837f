package dev.corral.leak;

import dev.corral.isolate.Isolate;
import java.lang.ref.WeakReference;
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
        this(isolate.loader(), GcCounts::now);
    }

    LoaderWatch(ClassLoader loader, Supplier<GcCounts> counts) {
        this.loader = new WeakReference<>(loader);
        FinalizerLocals.removeUntilCollected(loader);
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

    /** What holds a leaked loader, as far as Java can see. Takes a while: see {@link PathToLoader}. Platform threads only. */
    public String holder() {
        ClassLoader leaked = loader.get();
        return leaked == null ? "nothing any more" : PathToLoader.to(leaked);
    }
}
