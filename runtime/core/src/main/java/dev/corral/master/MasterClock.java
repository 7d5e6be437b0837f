package dev.corral.master;

import java.time.Instant;

/** The master's time. */
interface MasterClock {
    /** The JVM's. */
    MasterClock SYSTEM = new MasterClock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }
    };

    /** For durations; differences only. */
    long nanos();

    /** For events. */
    Instant now();
}
