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
 * The limits of memory that the command advises, from the peaks of workers that ran without limits. A limit is the
 * highest peak plus half of it. There is no advice about a figure that was never known.
 *
 * @param peaks the peaks of each slot, by number
 * @param maxLive the advised limit in bytes; empty if there is no advice
 * @param maxMetaspace the advised limit in bytes; empty if there is no advice
 * @param maxAllocated the bytes that the worker with the highest rate allocates in a day; empty if there is no advice
 * @param heap the size in bytes that the heap needs so that all workers fit within {@code maxLive}; empty if it is
 *        large enough
 */
record Advice(List<Peak> peaks, Facts facts, OptionalLong maxLive, OptionalLong maxMetaspace, OptionalLong maxAllocated,
        OptionalLong heap) {
    private static final double MARGIN = 1.5;
    /**
     * The smallest limit. A smaller one is within the error of an estimate, and a small change of the program may
     * exceed it.
     */
    private static final long SMALLEST_LIMIT = 16 << 20;
    private static final int LIMIT_DIGITS = 2;
    private static final int FIGURE_DIGITS = 3;
    /** Figures of a shorter time are called preliminary. */
    private static final Duration SHORT = Duration.ofMinutes(1);
    /** Figures of fewer collections are called preliminary. */
    private static final long FEW = 10;
    /** A rate over a shorter time describes the start of the program. */
    private static final Duration SHORT_FOR_A_RATE = Duration.ofMinutes(10);

    /**
     * The conditions of the observation.
     *
     * @param observed how long it took
     * @param collections the number of collections of any kind that have ended during it
     * @param recycled the number of workers that were replaced during it because the heap was short
     * @param pressure the fraction of the heap from which a worker is replaced; 1: never
     * @param heapBytes the largest size of the heap
     * @param whyNotLive why live bytes cannot have been known; empty if they could
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

    /** Returns the highest of the known figures. */
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

    /** Returns the bytes that the workers of the slot have allocated per hour, on average. */
    long allocatedPerHour(Peak peak) {
        return per(Duration.ofHours(1), peak, facts);
    }

    /** Whether more time is needed for reliable figures. */
    boolean isEarly() {
        return facts.observed.compareTo(SHORT) < 0 || facts.collections < FEW;
    }

    /** Returns the options to use in place of {@code --advise-limits}; empty if there is nothing to advise. */
    String options() {
        List<String> options = new ArrayList<>();
        maxLive.ifPresent(bytes -> options.add("--max-live " + Sizes.text(bytes)));
        maxMetaspace.ifPresent(bytes -> options.add("--max-metaspace " + Sizes.text(bytes)));
        maxAllocated.ifPresent(bytes -> options.add("--max-allocated " + Sizes.text(bytes)));
        return String.join(" ", options);
    }

    /** Returns remarks on the options, each in one sentence. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (isEarly()) {
            notes.add("these figures are preliminary: observe the program for at least " + SHORT.toSeconds() + " s and "
                    + FEW + " collections, under its usual load");
        }
        if (maxLive.isEmpty()) {
            notes.add("no figure for --max-live: live bytes were never known, because "
                    + facts.whyNotLive.orElse("no collection has examined the workers yet"));
        }
        if (maxMetaspace.isEmpty()) {
            notes.add("no figure for --max-metaspace: metaspace was never known");
        }
        if (facts.recycled > 0) {
            notes.add(count(facts.recycled, "worker")
                    + " had to be replaced because the heap was short; peaks in a short heap are not representative");
        }
        maxAllocated.ifPresent(bytes -> notes.add("with --max-allocated " + Sizes.text(bytes)
                + " the worker that allocates most is replaced about once a day; omit the option if nothing leaks"));
        if (maxLive.isPresent() && heap.isPresent()) {
            notes.add(shortHeap(maxLive.getAsLong(), heap.getAsLong()));
        }
        return notes;
    }

    private String shortHeap(long limit, long needed) {
        String room = facts.pressure < 1
                ? Math.round(facts.pressure * 100) + "% (--pressure) of the heap of " + figure(facts.heapBytes)
                : "the heap of " + figure(facts.heapBytes);
        return count(peaks.size(), "worker") + " with " + Sizes.text(limit) + " each need more than " + room
                + "; use a heap of at least " + Sizes.text(needed) + " (CORRAL_OPTS=-Xmx" + Sizes.text(needed)
                + ") or fewer workers";
    }

    /** Returns the advice as lines of text. */
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
