package dev.corral.cli;

import static dev.corral.cli.Observed.MB;
import static dev.corral.cli.Observed.megabytes;
import static dev.corral.cli.Observed.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.cli.Peaks.Peak;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeaksTest {
    private final Peaks peaks = new Peaks();

    @Test
    void shouldKeepTheMostOfEachFigure() {
        peaks.add(worker(1, 0, 10, 5, 30));
        peaks.add(worker(1, 0, 20, 9, 20));
        peaks.add(worker(1, 0, 30, 7, 25));
        assertEquals(List.of(new Peak(0, megabytes(9), megabytes(30), 30 * MB)), peaks.all());
    }

    @Test
    void shouldTellSlotsApartInOrder() {
        peaks.add(worker(2, 1, 10, 5, 30));
        peaks.add(worker(1, 0, 20, 6, 31));
        assertEquals(List.of(new Peak(0, megabytes(6), megabytes(31), 20 * MB),
                new Peak(1, megabytes(5), megabytes(30), 10 * MB)), peaks.all());
    }

    @Test
    void shouldAddWhatTheWorkersOfASlotHaveAllocatedAndNothingElse() {
        peaks.add(worker(1, 0, 10, 5, 30));
        peaks.add(worker(3, 0, 20, 6, 20));
        assertEquals(List.of(new Peak(0, megabytes(6), megabytes(30), 30 * MB)), peaks.all());
    }

    /** The event thread and the one that looks are two. */
    @Test
    void shouldNotCountAWorkerTwiceThatWasSeenAfterItsExit() {
        peaks.add(worker(1, 0, 10, 5, 30));
        peaks.add(worker(2, 0, 1, 1, 1));
        peaks.add(worker(1, 0, 9, 5, 30));
        assertEquals(11 * MB, peaks.all().getFirst().allocatedBytes());
    }

    @Test
    void shouldNotInventWhatWasNeverKnownAndNotForgetWhatWas() {
        peaks.add(worker(1, 0, 10, -1, -1));
        assertEquals(List.of(new Peak(0, megabytes(-1), megabytes(-1), 10 * MB)), peaks.all());
        peaks.add(worker(1, 0, 10, 4, -1));
        peaks.add(worker(2, 0, 0, -1, -1));
        assertEquals(List.of(new Peak(0, megabytes(4), megabytes(-1), 10 * MB)), peaks.all());
    }
}
