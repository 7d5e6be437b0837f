package dev.corral;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures as libraries see them that turn records into JSON. */
class RecordsTest {
    /**
     * Such a library takes {@code isReady()} for the property {@code ready}, and then loses the component of this name.
     */
    @ParameterizedTest
    @ValueSource(classes = {ClusterStats.class, WorkerStats.class, WorkerStats.Cpu.class, WorkerStats.Memory.class,
            WorkerStats.Traffic.class, WorkerStats.Heartbeat.class, ClusterStats.ServiceThread.class, Exit.class})
    void shouldHaveEachPropertyOnce(Class<? extends Record> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = component.getName();
            String capital = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
            for (Method method : type.getMethods()) {
                assertFalse(method.getName().equals("is" + capital) || method.getName().equals("get" + capital),
                        method.toString());
            }
        }
    }
}
