package dev.corral;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a worker ended. {@link Exit#code} tells how: the program's own code; 0 when ended on request; 1 crashed; 137 ended by
 * force.
 */
public sealed interface ExitReason {
    /** The program ended by itself: it called {@link System#exit}, or nothing of it was left to run. */
    record Completed(int code) implements ExitReason {
        @Override
        public String toString() {
            return "completed with " + code;
        }
    }

    /** An exception that nobody caught. */
    record Crashed(Failure failure) implements ExitReason {
        @Override
        public String toString() {
            return "crashed, " + failure;
        }
    }

    /**
     * Somebody asked it to end: {@link Worker#disconnect}, {@link Cluster#close} or the worker itself. The code is 137 where
     * that had to be forced.
     */
    record OnRequest() implements ExitReason {
        @Override
        public String toString() {
            return "on request";
        }
    }

    /** A fresh worker took its place. */
    record Replaced(String why) implements ExitReason {
        @Override
        public String toString() {
            return "replaced, " + why;
        }
    }

    /** {@link Worker#kill}. */
    record Killed() implements ExitReason {
        @Override
        public String toString() {
            return "killed";
        }
    }

    /** It was silent for too long, and was killed: see {@link HeartbeatPolicy}. */
    record Zombie(Duration silence, Autopsy autopsy) implements ExitReason {
        @Override
        public String toString() {
            return "zombie, " + autopsy;
        }
    }

    /**
     * It crossed a limit of {@link MemoryPolicy}. The code is 0 where it drained and stopped, its replacement in place; 137 where it
     * was killed.
     *
     * @param limit the limit that it crossed
     * @param bytes the bytes that it had
     * @param limitBytes the bytes that it was allowed; its fair share for {@link Limit#FAIR_SHARE} and {@link Limit#FULL_HEAP}, or 0 if no
     *     thread could allocate any more, and shares did not matter
     * @param kept what it kept reachable, an estimate: the 20 types that took most of it, the largest first; empty where that was not found
     *     out
     * @param allocatedAt where it allocated in the minute before, an estimate: the 10 stacks with most bytes, the largest first; empty where
     *     no flight recording runs that samples allocations
     */
    record OverMemory(Limit limit, long bytes, long limitBytes, List<Kept> kept, List<AllocatedAt> allocatedAt)
            implements
                ExitReason {
        private static final int SHOWN = 3;

        /** Why a worker had to go. Its text is the one of the log and of {@code --json}. */
        public enum Limit {
            /** {@link MemoryPolicy#maxLiveBytes}. */
            LIVE("live"),
            /** {@link MemoryPolicy#maxAllocatedBytes}. */
            ALLOCATED("allocated"),
            /** {@link MemoryPolicy#maxMetaspaceBytes}. */
            METASPACE("metaspace"),
            /** It had more than its fair share of a heap that was short: see {@link MemoryPolicy#heapPressure}. */
            FAIR_SHARE("heap pressure"),
            /** No worker had crossed a limit, but the heap stayed full, and the worker was the largest one; or all had to go. */
            FULL_HEAP("full heap");

            private final String text;

            Limit(String text) {
                this.text = text;
            }

            @Override
            public String toString() {
                return text;
            }
        }

        /** Objects of one type. */
        public record Kept(String type, long bytes) {
            @Override
            public String toString() {
                return type + " " + bytes;
            }
        }

        /**
         * Allocations in one place.
         *
         * @param stack as in {@code com.example.App.handle:12}, the innermost frame first, 12 at most
         * @param bytes what it allocated there
         */
        public record AllocatedAt(List<String> stack, long bytes) {
            /** Copies the list. */
            public AllocatedAt {
                stack = List.copyOf(stack);
            }
        }

        /** With nothing known of what it kept, and where it came from. */
        public OverMemory(Limit limit, long bytes, long limitBytes) {
            this(limit, bytes, limitBytes, List.of(), List.of());
        }

        /** Copies the lists. */
        public OverMemory {
            kept = List.copyOf(kept);
            allocatedAt = List.copyOf(allocatedAt);
        }

        @Override
        public String toString() {
            String how = switch (limit) {
                case FAIR_SHARE ->
                        "over its fair share of a heap that is short: " + bytes + " live bytes, its share is "
                                + limitBytes;
                case FULL_HEAP -> ofFullHeap();
                case LIVE, ALLOCATED, METASPACE ->
                        "over its limit of " + limit + " bytes: " + bytes + ", allowed are " + limitBytes;
            };
            return how + ofKept() + ofAllocatedAt();
        }

        private String ofFullHeap() {
            return limitBytes == 0
                    ? "ended to make room, because no thread could allocate any more: " + bytes + " live bytes"
                    : "the largest worker in a heap that stays full: " + bytes
                            + " live bytes, no worker keeps more than its share of " + limitBytes;
        }

        private String ofKept() {
            return kept.isEmpty() ? "" : "; most bytes are in "
                    + kept.stream().limit(SHOWN).map(Kept::toString).collect(Collectors.joining(", "));
        }

        private String ofAllocatedAt() {
            return allocatedAt.isEmpty() ? "" : "; most were allocated at "
                    + allocatedAt.getFirst().stack().stream().limit(SHOWN).collect(Collectors.joining(" < "));
        }
    }

    /**
     * It had more threads than {@link ClusterConfig#withMaxThreads} allows, and was killed.
     *
     * @param kind "platform" or "virtual"
     * @param threads how many it had
     * @param limit how many it was allowed
     */
    record OverThreads(String kind, int threads, int limit) implements ExitReason {
        @Override
        public String toString() {
            return "over its limit of " + kind + " threads: " + threads + ", allowed are " + limit;
        }
    }

    /** Whether the end was wanted: Node's {@code exitedAfterDisconnect}. */
    default boolean voluntary() {
        return switch (this) {
            case OnRequest _,Replaced _ -> true;
            case Completed _,Crashed _,Killed _,Zombie _,OverMemory _,OverThreads _ -> false;
        };
    }
}
