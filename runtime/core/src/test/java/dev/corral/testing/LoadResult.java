package dev.corral.testing;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a {@link ClosedLoop}.
 *
 * @param sent the number of requests, each of which was answered or has failed
 * @param reconnected how often a client found its connection closed before it sent the next request
 * @param intervals the number of answers in each half second; the last half second is not complete
 */
public record LoadResult(long sent, long answered, long reconnected, List<Failure> failures, List<Integer> intervals) {
    /** Checks that every request was answered or has failed. */
    public LoadResult {
        failures = List.copyOf(failures);
        intervals = List.copyOf(intervals);
        if (sent != answered + failures.size()) {
            throw new IllegalArgumentException(
                    sent + " sent, " + answered + " answered, " + failures.size() + " failed");
        }
    }

    /** The way in which a request failed. */
    public enum Kind {
        /** No connection could be opened. */
        CONNECT,
        /** The connection was reset after the request had been written. */
        RESET,
        /** The connection was closed after the request had been written and before the answer was complete. */
        CLOSED,
        /** The status of the answer was not 200. */
        STATUS,
        /** The body was not the expected one, or an answer came without a request. */
        BODY,
        /** The answer did not come in time. */
        LATE
    }

    /**
     * A request that failed.
     *
     * @param at the time since the start
     * @param what further details
     */
    public record Failure(Duration at, Kind kind, String what) {
        @Override
        public String toString() {
            return at.toMillis() + " ms: " + kind + ", " + what;
        }
    }

    /** Returns the number of failures by kind. */
    public Map<Kind, Integer> kinds() {
        var kinds = new EnumMap<Kind, Integer>(Kind.class);
        failures.forEach(failure -> kinds.merge(failure.kind, 1, Integer::sum));
        return kinds;
    }

    /** Returns the answers per second in the complete half seconds within this time; 0 if it contains none. */
    public double rate(Duration from, Duration to) {
        int begin = (int) Math.ceilDiv(from.toNanos(), ClosedLoop.INTERVAL.toNanos());
        int end = Math.min(interval(to), intervals.size());
        return begin >= end ? 0 : perSecond(intervals.subList(begin, end).stream().mapToInt(n -> n).sum(), end - begin);
    }

    /** Returns the answers per second in the worst half second that overlaps this time. */
    public double worst(Duration from, Duration to) {
        int worst = Integer.MAX_VALUE;
        for (int i = interval(from); i <= interval(to); i++) {
            worst = Math.min(worst, i < intervals.size() ? intervals.get(i) : 0);
        }
        return perSecond(worst, 1);
    }

    private static int interval(Duration at) {
        return (int) (at.toNanos() / ClosedLoop.INTERVAL.toNanos());
    }

    private static double perSecond(int answers, int intervals) {
        return answers * 1e9 / ClosedLoop.INTERVAL.toNanos() / intervals;
    }
}
