package dev.corral.bench;

import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import dev.corral.bench.common.Bodies;
import dev.corral.bench.common.Body;
import dev.corral.bench.common.Errands;
import java.util.HashMap;
import java.util.Map;

/**
 * The work of {@link AllocationCost}, on a virtual thread of this worker. Most objects are garbage at once, some a
 * little later, as in a server, so that collections find some of them live.
 */
public final class Allocations implements WorkerMain {
    @Override
    public void run(WorkerContext me) throws InterruptedException {
        Bodies.leave(Allocations::of);
        Thread.startVirtualThread(() -> {
            try {
                Errands.serve();
            } catch (InterruptedException e) {
                // the worker ends
            }
        }).join();
    }

    /**
     * Returns the work with this name, as {@link AllocationCost} has it. Each run takes about a millisecond, so the
     * hand-over does not matter.
     */
    static Body of(String name) {
        return switch (name) {
            case "objects" -> new Objects();
            case "arrays" -> new Arrays();
            case "strings" -> new Strings();
            case "map" -> new Entries();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Stores the latest of some objects. */
    private static final class Latest {
        // These numbers are powers of 2.
        private static final int EACH = 32;

        private final Object[] recent = new Object[64];
        private final Object[] kept = new Object[4096];

        private int made;

        /**
         * Stores an object, so that the JIT cannot remove the allocation. Each 32nd object is kept until 4096 further
         * ones were kept.
         */
        void add(Object one) {
            recent[made & recent.length - 1] = one;
            if ((made++ & EACH - 1) == 0) {
                kept[made / EACH & kept.length - 1] = one;
            }
        }
    }

    /** Objects of 32 bytes. */
    private static final class Objects implements Body {
        private final Latest latest = new Latest();

        private record Point(long x, long y) {}

        @Override
        public long run() {
            for (int i = 0; i < 200_000; i++) {
                latest.add(new Point(i, -i));
            }
            return latest.made;
        }
    }

    /** Arrays of 16 bytes to 4 KiB. */
    private static final class Arrays implements Body {
        private final Latest latest = new Latest();

        @Override
        public long run() {
            for (int i = 0; i < 5_000; i++) {
                latest.add(new byte[i * 31 % 4080]);
            }
            return latest.made;
        }
    }

    private static final class Strings implements Body {
        private final Latest latest = new Latest();

        @Override
        public long run() {
            for (int i = 0; i < 50_000; i++) {
                latest.add("request " + i + " of client " + latest.made);
            }
            return latest.made;
        }
    }

    /** Entries of maps that are filled and dropped. */
    private static final class Entries implements Body {
        private final Latest latest = new Latest();

        @Override
        public long run() {
            for (int i = 0; i < 500; i++) {
                Map<Long, String> map = new HashMap<>();
                for (long key = 0; key < 100; key++) {
                    map.put(1000L * i + key, "value");
                }
                latest.add(map);
            }
            return latest.made;
        }
    }
}
