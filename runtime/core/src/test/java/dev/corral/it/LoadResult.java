package dev.corral.it;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a {@link ClosedLoop}.
 *
 * @param sent requests, each of which was answered or has failed
 * @param reconnected how often a client found its connection closed before it sent the next request
 * @param intervals answers in each half second, the last one of which is not whole
 */
public record LoadResult(long sent, long answered, long reconnected, List<Failure> failures, List<Integer> intervals) {
    /** Checks the sum. */
    public LoadResult {
        failures = List.copyOf(failures);
        intervals = List.copyOf(intervals);
        if (sent != answered + failures.size()) {
            throw new IllegalArgumentException(
                    sent + " sent, " + answered + " answered, " + failures.size() + " failed");
        }
    }

    /** How a request fails. */
    public enum Kind {
        /** No connection could be made. */
        CONNECT,
        /** The connection was reset after the request had been written. */
        RESET,
        /** It was closed after the request had been written, and before there was an answer, or all of it. */
        CLOSED,
        /** Another answer than 200. */
        STATUS,
        /** Something else than was to be answered, or an answer that nobody has asked for. */
        BODY,
        /** No answer came in time. */
        LATE
    }

    /**
     * A request that failed.
     *
     * @param at when
     * @param what whatever else is known
     */
    public record Failure(Duration at, Kind kind, String what) {
        @Override
        public String toString() {
            return at.toMillis() + " ms: " + kind + ", " + what;
        }
    }

    /** How many failures there are of each kind. */
    public Map<Kind, Integer> kinds() {
        var kinds = new EnumMap<Kind, Integer>(Kind.class);
        failures.forEach(failure -> kinds.merge(failure.kind, 1, Integer::sum));
        return kinds;
    }

    /** Answers per second in the whole half seconds within this time; 0 if there is none. */
    public double rate(Duration from, Duration to) {
        int begin = (int) Math.ceilDiv(from.toNanos(), ClosedLoop.INTERVAL.toNanos());
        int end = Math.min(interval(to), intervals.size());
        return begin >= end ? 0 : perSecond(intervals.subList(begin, end).stream().mapToInt(n -> n).sum(), end - begin);
    }

    /** Answers per second in the half second with the fewest of those that this time touches. */
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
