package dev.corral.master;

import java.time.Instant;

/** The clock of one cluster. Thread-safe. */
interface MasterClock {
    /** The clock of the JVM. */
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

    /** Returns a number of nanoseconds, of which only differences have a meaning. */
    long nanos();

    /** Returns the time of day, for events. */
    Instant now();
}
