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
     * @param limit which one: {@code live}, {@code allocated}, {@code metaspace} or {@code heap pressure}
     * @param bytes what it had
     * @param limitBytes what it was allowed; of heap pressure, its fair share
     * @param kept what it kept reachable, an estimate: the 20 types that took most of it, the largest first; empty where that was not found
     *     out
     */
    record OverMemory(String limit, long bytes, long limitBytes, List<Kept> kept) implements ExitReason {
        private static final int SHOWN = 3;

        /** Objects of one type. */
        public record Kept(String type, long bytes) {
            @Override
            public String toString() {
                return type + " " + bytes;
            }
        }

        /** With nothing known of what it kept. */
        public OverMemory(String limit, long bytes, long limitBytes) {
            this(limit, bytes, limitBytes, List.of());
        }

        /** Copies the list. */
        public OverMemory {
            kept = List.copyOf(kept);
        }

        @Override
        public String toString() {
            String how = limit.equals("heap pressure")
                    ? "over its fair share of a heap that is short: " + bytes + " live bytes, its share is "
                            + limitBytes
                    : "over its limit of " + limit + " bytes: " + bytes + ", allowed are " + limitBytes;
            return kept.isEmpty() ? how
                    : how + "; most bytes are in " + kept.stream().limit(SHOWN).map(Kept::toString)
                            .collect(Collectors.joining(", "));
        }
    }

    /** Whether the end was wanted: Node's {@code exitedAfterDisconnect}. */
    default boolean voluntary() {
        return switch (this) {
            case OnRequest _,Replaced _ -> true;
            case Completed _,Crashed _,Killed _,Zombie _,OverMemory _ -> false;
        };
    }
}
