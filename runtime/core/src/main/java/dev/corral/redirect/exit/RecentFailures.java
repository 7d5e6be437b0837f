package dev.corral.redirect.exit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The stack traces that the workers of one cluster have printed in the last minute. A program that cannot start fails
 * in the same way in each worker and after each restart, and one trace says as much as fifty. Thread-safe.
 */
public final class RecentFailures {
    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
    /** The name of the worker's class loader, in front of its frames. */
    private static final Pattern LOADER = Pattern.compile("\\bat \\S*#\\d+/");

    private final LongSupplier nanoClock;
    /** By the trace without names of workers. Guarded by the monitor. */
    private final Map<String, Printed> recent = new HashMap<>();

    private record Printed(String worker, long atNanos) {}

    /** The failures of a cluster, none so far. */
    public RecentFailures() {
        this(System::nanoTime);
    }

    RecentFailures(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Returns the worker that has printed this trace in the last minute; null if none has. In the latter case the trace
     * is recorded as printed now.
     */
    @Nullable
    synchronized String printedBefore(String worker, String stackTrace) {
        long now = nanoClock.getAsLong();
        recent.values().removeIf(printed -> now - printed.atNanos >= KEPT_NANOS);
        Printed before = recent.putIfAbsent(LOADER.matcher(stackTrace).replaceAll("at "), new Printed(worker, now));
        return before == null ? null : before.worker;
    }
}
