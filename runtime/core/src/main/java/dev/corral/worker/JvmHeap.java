package dev.corral.worker;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import dev.corral.hotspot.Collectors;
import dev.corral.memory.Collections;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** That of this JVM. Any thread. */
final class JvmHeap implements Heap {
    private static final Set<String> POOLS = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP).map(MemoryPoolMXBean::getName)
            .collect(toUnmodifiableSet());
    private static final AtomicLong ASKED = new AtomicLong();

    @Override
    public Collections collections() {
        return new Collections(Collectors.count(), Collectors.fullCount(), Collectors.cycleCount(), ASKED.get());
    }

    @Override
    public long usedBytes() {
        GcInfo last = null;
        for (var bean : Collectors.beans()) {
            GcInfo info = bean instanceof GarbageCollectorMXBean collector ? collector.getLastGcInfo() : null;
            if (info != null && (last == null || info.getEndTime() >= last.getEndTime())) {
                last = info;
            }
        }
        if (last == null) {
            return 0;
        }
        long used = 0;
        for (Map.Entry<String, MemoryUsage> pool : last.getMemoryUsageAfterGc().entrySet()) {
            used += POOLS.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
        }
        return used;
    }

    @Override
    public long maxBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public void collect() {
        long before = Collectors.count();
        System.gc();
        if (Collectors.count() > before) { // else the JVM was told not to listen
            ASKED.incrementAndGet();
        }
    }
}
