package dev.corral.guard;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import dev.corral.hotspot.Collectors;
import dev.corral.memory.CollectionCounts;
import dev.corral.memory.LiveBytes;
import dev.corral.memory.Reserve;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The heap of this JVM. Thread-safe. */
final class JvmHeap implements Heap {
    private static final Log LOG = Log.get();
    private static final List<MemoryPoolMXBean> POOLS = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP).toList();
    /** The pools of young objects; empty if the collector does not collect these separately. */
    private static final List<MemoryPoolMXBean> YOUNG = POOLS.stream()
            .filter(pool -> pool.getName().contains("Eden") || pool.getName().contains("Survivor")).toList();
    private static final boolean HAS_COLLECTION_DETAILS = ModuleLayer.boot().findModule("jdk.management").isPresent();
    private static final Reserve RESERVE = new Reserve(Runtime.getRuntime().maxMemory());
    private static final AtomicLong ASKED = new AtomicLong();
    private static final Executor COLLECTING = ServiceThreads.single("corral-collection");

    @Override
    public CollectionCounts collections() {
        return new CollectionCounts(Collectors.count(), Collectors.fullCount(), Collectors.majorCount(),
                Collectors.markCount(), ASKED.get());
    }

    @Override
    public long usedBytes() {
        return HAS_COLLECTION_DETAILS ? LastCollection.usedBytes() : usedBytesByPool();
    }

    @Override
    public long inUseBytes() {
        long used = 0;
        for (MemoryPoolMXBean pool : POOLS) {
            used += pool.getUsage().getUsed();
        }
        return used;
    }

    /**
     * Returns the bytes that the last collection has left, by the figures of the pools. Objects in the old pool were
     * left by a collection, except for those that are too large to be young.
     */
    private static long usedBytesByPool() {
        long used = 0;
        for (MemoryPoolMXBean pool : POOLS) {
            boolean isOld = pool.getName().contains("Old") || pool.getName().contains("Tenured");
            MemoryUsage usage = isOld ? pool.getUsage() : pool.getCollectionUsage();
            used += usage == null ? 0 : usage.getUsed();
        }
        return used;
    }

    /** The part that needs the module {@code jdk.management}. */
    private static final class LastCollection {
        static long usedBytes() {
            GcInfo last = last();
            long used = 0;
            if (last != null) {
                Map<String, MemoryUsage> after = last.getMemoryUsageAfterGc();
                for (MemoryPoolMXBean pool : POOLS) {
                    MemoryUsage usage = after.get(pool.getName());
                    used += usage == null ? 0 : usage.getUsed();
                }
            }
            return used;
        }

        private static @Nullable GcInfo last() {
            GcInfo last = null;
            for (var bean : Collectors.beans()) {
                GcInfo info = bean instanceof GarbageCollectorMXBean collector ? collector.getLastGcInfo() : null;
                if (info != null && (last == null || info.getEndTime() >= last.getEndTime())) {
                    last = info;
                }
            }
            return last;
        }
    }

    /**
     * Returns the heap in use without the young pools. The old pool of G1 counts a large object only after the next
     * collection, so this method does not use its figure.
     */
    @Override
    public long oldBytes() {
        if (YOUNG.isEmpty()) {
            return 0;
        }
        Runtime runtime = Runtime.getRuntime();
        long old = runtime.totalMemory() - runtime.freeMemory();
        for (MemoryPoolMXBean pool : YOUNG) {
            old -= pool.getUsage().getUsed();
        }
        return Math.max(0, old);
    }

    @Override
    public long collectingNanos() {
        return Collectors.haltingNanos();
    }

    @Override
    public long maxBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public void holdReserve() {
        RESERVE.hold();
    }

    @Override
    public void releaseHalfOfReserve() {
        RESERVE.releaseHalf();
    }

    @Override
    public void releaseReserve() {
        RESERVE.release();
    }

    private static void expectCollection() {
        try {
            LiveBytes.expectCollection();
        } catch (OutOfMemoryError e) { // the figures are updated by a later collection; this one is needed nevertheless
            LOG.failed("figures of live bytes are delayed", e);
        }
    }

    @Override
    public void collect(Runnable then) {
        COLLECTING.execute(() -> {
            expectCollection();
            long before = Collectors.count();
            System.gc();
            if (Collectors.count() > before) { // otherwise a flag disables System.gc
                ASKED.incrementAndGet();
            }
            then.run();
        });
    }
}
