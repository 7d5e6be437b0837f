package dev.corral;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.WorkerStats.Cpu;
import dev.corral.WorkerStats.Heartbeat;
import dev.corral.WorkerStats.Memory;
import dev.corral.WorkerStats.Traffic;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerStatsTest {
    private static final Cpu CPU = new Cpu(Duration.ofSeconds(1), 0.5, 2, 3, 4);
    private static final Memory MEMORY = new Memory(5, OptionalLong.of(6), 7, OptionalLong.of(8));
    private static final Traffic TRAFFIC = new Traffic(9, 10, 11, 12);
    private static final Heartbeat HEARTBEAT = new Heartbeat(13, Optional.of(Duration.ofMillis(14)),
            Optional.of(Duration.ofMillis(15)), Optional.of(Duration.ofMillis(16)));
    /**
     * The only figure that programs from before the groups cannot read, because its name now belongs to a group.
     */
    private static final String USED = "used";

    @Test
    void shouldGiveEachFigureWithoutItsGroup() throws Exception {
        var stats = new WorkerStats(1, 0, WorkerState.ONLINE, Duration.ZERO, CPU, MEMORY, TRAFFIC, HEARTBEAT, 0);
        for (Record group : List.of(CPU, MEMORY, TRAFFIC, HEARTBEAT)) {
            for (RecordComponent figure : group.getClass().getRecordComponents()) {
                if (!figure.getName().equals(USED)) {
                    assertEquals(figure.getAccessor().invoke(group),
                            WorkerStats.class.getMethod(nameOf(figure)).invoke(stats), figure.getName());
                }
            }
        }
    }

    private static String nameOf(RecordComponent figure) {
        String name = figure.getName();
        return Set.of("p50", "p99", "max").contains(name)
                ? "heartbeat" + Character.toUpperCase(name.charAt(0)) + name.substring(1) : name;
    }
}
