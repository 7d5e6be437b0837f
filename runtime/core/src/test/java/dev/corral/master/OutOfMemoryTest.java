package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.AllocationFaults;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wherever the master's thread runs out of memory, it does in the end what it was to do. */
class OutOfMemoryTest {
    private static final List<String> PACKAGES =
            List.of("dev.corral.master", "dev.corral.rollout", "dev.corral.supervision");
    /** Allocations that fail in a row: one alone, and so many that what is run again fails again, further on or not. */
    private static final int[] FAIL = {1, 2, 7};

    @ParameterizedTest
    @EnumSource(OutOfMemoryScenario.class)
    void shouldDoItAllTheSameWhicheverAllocationFails(OutOfMemoryScenario scenario) throws Exception {
        Class<?> scenarios = new AllocationFaults(PACKAGES).loadClass(OutOfMemoryScenario.class.getName());
        Method run = scenarios.getMethod("run", String.class);
        for (int fail : FAIL) {
            long succeed = -1;
            do {
                succeed++;
                AllocationFaults.plan(succeed, fail);
                try {
                    run.invoke(null, scenario.name());
                } catch (InvocationTargetException e) {
                    throw new AssertionError("after " + succeed + " allocations " + fail + " failed", e.getCause());
                }
            } while (AllocationFaults.isPlanOver());
            assertTrue(succeed > 50, "only " + succeed + " allocations: are the classes woven?");
        }
    }
}
