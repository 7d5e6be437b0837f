package dev.corral.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.ExitReason.OverThreads;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThreadLimitTest {
    private final ThreadLimit limit = new ThreadLimit(100, 1000, Integer.MAX_VALUE);
    private long nowNanos = Long.MAX_VALUE - ThreadLimit.FULL_NANOS / 2; // overflow is on the way

    private Optional<OverThreads> virtual(boolean isFull, long afterNanos) {
        nowNanos += afterNanos;
        return limit.virtual(1000, isFull, nowNanos);
    }

    @Test
    void shouldKillForOnePlatformThreadTooMany() {
        assertEquals(Optional.empty(), limit.platform(100));
        assertEquals(Optional.of(new OverThreads("platform", 101, 100)), limit.platform(101));
    }

    @Test
    void shouldAllowHalfOfWhatTheSystemAllows() {
        var limit = new ThreadLimit(100, 1000, 120);
        assertEquals(Optional.empty(), limit.platform(60));
        assertEquals(Optional.of(new OverThreads("platform", 61, 60)), limit.platform(61));
        assertEquals(100, new ThreadLimit(100, 1000, 200).maxPlatform());
        assertEquals(1, new ThreadLimit(100, 1000, 0).maxPlatform());
    }

    @Test
    void shouldKillForAsManyVirtualThreadsAsThereMayBeForASecond() {
        assertEquals(Optional.empty(), virtual(true, 0));
        assertEquals(Optional.empty(), virtual(true, ThreadLimit.FULL_NANOS - 1));
        assertEquals(Optional.of(new OverThreads("virtual", 1000, 1000)), virtual(true, 1));
    }

    @Test
    void shouldForgiveARush() {
        virtual(true, 0);
        assertEquals(Optional.empty(), virtual(false, ThreadLimit.FULL_NANOS / 2));
        assertEquals(Optional.empty(), virtual(true, ThreadLimit.FULL_NANOS));
        assertEquals(Optional.empty(), virtual(true, ThreadLimit.FULL_NANOS / 2));
    }
}
