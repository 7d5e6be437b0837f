package dev.corral;

import dev.corral.text.Quantities;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a worker ended. {@link Exit#code} is the exit code: the program's own code; 0 if the worker ended on request; 1
 * if it crashed; 137 if it was killed.
 */
public sealed interface ExitReason {
    /**
     * The program ended by itself: it called {@link System#exit}, or none of its threads, ports and message handlers
     * were left.
     *
     * @param code the exit code
     */
    record Completed(int code) implements ExitReason {
        @Override
        public String toString() {
            return "completed with " + code;
        }
    }

    /**
     * The worker ended because of an uncaught exception.
     *
     * @param failure the exception, as text
     */
    record Crashed(Failure failure) implements ExitReason {
        @Override
        public String toString() {
            return "crashed, " + failure;
        }
    }

    /**
     * The worker was asked to end: by {@link Worker#disconnect}, by {@link Cluster#close} or by itself. The exit code
     * is 137 if it had to be killed.
     */
    record OnRequest() implements ExitReason {
        @Override
        public String toString() {
            return "on request";
        }
    }

    /**
     * A new worker took the place of this one.
     *
     * @param why the reason, for people
     */
    record Replaced(String why) implements ExitReason {
        @Override
        public String toString() {
            return "replaced, " + why;
        }
    }

    /** The worker was killed by {@link Worker#kill}. */
    record Killed() implements ExitReason {
        @Override
        public String toString() {
            return "killed";
        }
    }

    /**
     * The worker was silent for too long, and was killed: see {@link HeartbeatPolicy}.
     *
     * @param silence the time since the last progress
     * @param autopsy what the worker was doing
     */
    record Zombie(Duration silence, Autopsy autopsy) implements ExitReason {
        @Override
        public String toString() {
            return "zombie, " + autopsy;
        }
    }

    /**
     * The worker crossed a limit of {@link MemoryPolicy}. The exit code is 0 if it drained and stopped after its
     * replacement was ready, and 137 if it was killed.
     *
     * @param limit the limit that the worker crossed
     * @param bytes the bytes that it had
     * @param limitBytes the bytes that it was allowed. For {@link Limit#FAIR_SHARE} and {@link Limit#FULL_HEAP} this is
     *        its fair share, or 0 if no thread could allocate any more and shares did not matter
     * @param kept what the worker kept reachable, an estimate: the 20 types with the most bytes, the largest first;
     *        empty where it is not known
     * @param allocatedAt where the worker allocated in the last minute, an estimate: the 10 stacks with the most bytes,
     *        the largest first; empty unless a flight recording that samples allocations runs
     */
    record OverMemory(Limit limit, long bytes, long limitBytes, List<Kept> kept, List<AllocatedAt> allocatedAt)
            implements
                ExitReason {
        private static final int SHOWN = 3;

        /**
         * The limit that a worker crossed. {@link #toString} is the text in the log and in the output of
         * {@code --json}.
         */
        public enum Limit {
            /** {@link MemoryPolicy#maxLiveBytes}. */
            LIVE("live"),
            /** {@link MemoryPolicy#maxAllocatedBytes}. */
            ALLOCATED("allocated"),
            /** {@link MemoryPolicy#maxMetaspaceBytes}. */
            METASPACE("metaspace"),
            /**
             * The worker had more than its fair share of a heap that was nearly full: see
             * {@link MemoryPolicy#heapPressure}.
             */
            FAIR_SHARE("heap pressure"),
            /**
             * No worker had crossed a limit, but the heap stayed full. The worker was the largest one, or all workers
             * had to end.
             */
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

        /**
         * The objects of one type.
         *
         * @param type the name of the type
         * @param bytes the bytes of these objects
         */
        public record Kept(String type, long bytes) {
            @Override
            public String toString() {
                return type + " " + Quantities.bytes(bytes);
            }
        }

        /**
         * The allocations in one place of the code.
         *
         * @param stack the stack frames, as in {@code com.example.App.handle:12}, the innermost first, at most 12
         * @param bytes the bytes that were allocated there
         */
        public record AllocatedAt(List<String> stack, long bytes) {
            /** Creates the record and copies the list. */
            public AllocatedAt {
                stack = List.copyOf(stack);
            }
        }

        /** Creates the record without details of what the worker kept and where it allocated. */
        public OverMemory(Limit limit, long bytes, long limitBytes) {
            this(limit, bytes, limitBytes, List.of(), List.of());
        }

        /** Creates the record and copies the lists. */
        public OverMemory {
            kept = List.copyOf(kept);
            allocatedAt = List.copyOf(allocatedAt);
        }

        @Override
        public String toString() {
            String how = switch (limit) {
                case FAIR_SHARE ->
                        "over its fair share of a heap that is short: " + text(bytes) + " live, its share is "
                                + text(limitBytes);
                case FULL_HEAP -> ofFullHeap();
                case LIVE, ALLOCATED, METASPACE ->
                        "over its limit of " + limit + " bytes: " + text(bytes) + ", allowed are " + text(limitBytes);
            };
            return how + ofKept() + ofAllocatedAt();
        }

        private String ofFullHeap() {
            return limitBytes == 0
                    ? "ended to make room, because no thread could allocate any more: " + text(bytes) + " live"
                    : "the largest worker in a heap that stays full: " + text(bytes)
                            + " live, no worker keeps more than its share of " + text(limitBytes);
        }

        private static String text(long bytes) {
            return Quantities.bytes(bytes);
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
     * The worker had more threads than {@link ClusterConfig#withMaxThreads} allows, and was killed.
     *
     * @param kind "platform" or "virtual"
     * @param threads the number of threads that it had
     * @param limit the number of threads that it was allowed
     */
    record OverThreads(String kind, int threads, int limit) implements ExitReason {
        @Override
        public String toString() {
            return "over its limit of " + kind + " threads: " + threads + ", allowed are " + limit;
        }
    }

    /** Returns whether the end was requested: Node's {@code exitedAfterDisconnect}. */
    default boolean voluntary() {
        return switch (this) {
            case OnRequest _,Replaced _ -> true;
            case Completed _,Crashed _,Killed _,Zombie _,OverMemory _,OverThreads _ -> false;
        };
    }
}
