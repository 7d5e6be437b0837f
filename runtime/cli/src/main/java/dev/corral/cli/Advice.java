package dev.corral.cli;

import dev.corral.cli.Peaks.Peak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Which limits of memory to set, from the peaks of workers that ran without: the highest one and half as much again. What was not seen is
 * not advised.
 *
 * @param peaks of each slot, by number
 * @param maxLive bytes; empty: no advice
 * @param maxMetaspace likewise
 * @param maxAllocated what the worker that allocates most would reach once a day; empty: no advice
 * @param heap bytes that the heap must have at least for as many workers that are all just within {@code maxLive}; empty: it has them
 */
record Advice(List<Peak> peaks, Facts facts, OptionalLong maxLive, OptionalLong maxMetaspace, OptionalLong maxAllocated,
        OptionalLong heap) {
    private static final double MARGIN = 1.5;
    /** Less is within the error of an estimate, and a program that changes a little may need more. */
    private static final long SMALLEST_LIMIT = 16 << 20;
    private static final int LIMIT_DIGITS = 2;
    private static final int FIGURE_DIGITS = 3;
    /** Figures of less are said to be early. */
    private static final Duration SHORT = Duration.ofMinutes(1);
    private static final long FEW = 10;
    /** A rate of less is the start, not the program. */
    private static final Duration SHORT_FOR_A_RATE = Duration.ofMinutes(10);

    /**
     * How it was observed.
     *
     * @param observed for how long
     * @param collections of any kind that have ended meanwhile
     * @param recycled workers that had to go meanwhile since the heap was short
     * @param pressure share of the heap from which somebody has to go; 1: never
     * @param heapBytes that the heap may have at most
     * @param whyNotLive why live bytes cannot have been known; empty: they could
     */
    record Facts(Duration observed, long collections, long recycled, double pressure, long heapBytes,
            Optional<String> whyNotLive) {}

    static Advice of(List<Peak> peaks, Facts facts) {
        OptionalLong maxLive = limit(highest(peaks, Peak::liveBytes));
        OptionalLong maxMetaspace = limit(highest(peaks, Peak::metaspaceBytes));
        long perDay = peaks.stream().mapToLong(peak -> per(Duration.ofDays(1), peak, facts)).max().orElse(0);
        OptionalLong maxAllocated = perDay == 0 || facts.observed.compareTo(SHORT_FOR_A_RATE) < 0
                ? OptionalLong.empty()
                : OptionalLong.of(Sizes.roundUp(perDay, LIMIT_DIGITS));
        double room = facts.pressure * facts.heapBytes;
        OptionalLong heap = maxLive.isEmpty() || peaks.size() * maxLive.getAsLong() <= room
                ? OptionalLong.empty()
                : OptionalLong.of(Sizes.roundUp((long) Math.ceil(peaks.size() * maxLive.getAsLong() / facts.pressure),
                        LIMIT_DIGITS));
        return new Advice(peaks, facts, maxLive, maxMetaspace, maxAllocated, heap);
    }

    /** The highest of those that are known. */
    static OptionalLong highest(Collection<Peak> peaks, Function<Peak, OptionalLong> figure) {
        return peaks.stream().map(figure).flatMapToLong(OptionalLong::stream).max();
    }

    private static OptionalLong limit(OptionalLong peak) {
        return peak.isEmpty()
                ? peak
                : OptionalLong.of(Sizes.roundUp(Math.max(SMALLEST_LIMIT, (long) Math.ceil(peak.getAsLong() * MARGIN)),
                        LIMIT_DIGITS));
    }

    private static long per(Duration time, Peak peak, Facts facts) {
        return (long) (peak.allocatedBytes() / (double) Math.max(1, facts.observed.toMillis()) * time.toMillis());
    }

    /** What the workers of the slot have allocated in an hour, on average. */
    long allocatedPerHour(Peak peak) {
        return per(Duration.ofHours(1), peak, facts);
    }

    /** Whether more time is needed for figures to rely on. */
    boolean isEarly() {
        return facts.observed.compareTo(SHORT) < 0 || facts.collections < FEW;
    }

    /** The options to give to the command in place of {@code --advise-limits}; empty if there is nothing to advise. */
    String options() {
        List<String> options = new ArrayList<>();
        maxLive.ifPresent(bytes -> options.add("--max-live " + Sizes.text(bytes)));
        maxMetaspace.ifPresent(bytes -> options.add("--max-metaspace " + Sizes.text(bytes)));
        maxAllocated.ifPresent(bytes -> options.add("--max-allocated " + Sizes.text(bytes)));
        return String.join(" ", options);
    }

    /** What is to be known beside the options, each in one sentence. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (isEarly()) {
            notes.add("these figures are early: observe it for " + SHORT.toSeconds() + " s and " + FEW
                    + " collections at least, under its usual load");
        }
        if (maxLive.isEmpty()) {
            notes.add("live bytes were never known, since "
                    + facts.whyNotLive.orElse("no collection has looked at the workers yet")
                    + ": no figure for --max-live");
        }
        if (maxMetaspace.isEmpty()) {
            notes.add("metaspace was never known: no figure for --max-metaspace");
        }
        if (facts.recycled > 0) {
            notes.add(count(facts.recycled, "worker")
                    + " had to go since the heap was short; peaks in a short heap are no measure");
        }
        maxAllocated.ifPresent(bytes -> notes.add("at --max-allocated " + Sizes.text(bytes)
                + " the worker that allocates most is replaced about once a day; leave it out if nothing leaks"));
        if (maxLive.isPresent() && heap.isPresent()) {
            notes.add(shortHeap(maxLive.getAsLong(), heap.getAsLong()));
        }
        return notes;
    }

    private String shortHeap(long limit, long needed) {
        String room = facts.pressure < 1
                ? Math.round(facts.pressure * 100) + "% (--pressure) of the heap of " + figure(facts.heapBytes)
                : "the heap of " + figure(facts.heapBytes);
        return count(peaks.size(), "worker") + " with " + Sizes.text(limit) + " each: that is more than " + room
                + "; the heap must be " + Sizes.text(needed) + " at least (CORRAL_OPTS=-Xmx" + Sizes.text(needed)
                + "), or the workers fewer";
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("memory, observed for " + time(facts.observed) + ", with " + count(facts.collections, "collection")
                + ":");
        for (Peak peak : peaks) {
            lines.add("slot " + peak.slot() + ": live at most " + figure(peak.liveBytes()) + ", metaspace at most "
                    + figure(peak.metaspaceBytes()) + ", allocates " + figure(allocatedPerHour(peak)) + " an hour");
        }
        lines.add(options().isEmpty() ? "there is nothing to advise" : "set " + options());
        lines.addAll(notes());
        return lines;
    }

    static String figure(long bytes) {
        return Sizes.text(Sizes.roundUp(bytes, FIGURE_DIGITS));
    }

    private static String figure(OptionalLong bytes) {
        return bytes.isPresent() ? figure(bytes.getAsLong()) : "not known";
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String time(Duration time) {
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }
}
