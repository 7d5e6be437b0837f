package dev.corral.master;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.corral.ClusterConfig;
import dev.corral.TestConfig;
import dev.corral.master.StartSequence.Step;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A start that fails leaves nothing behind, whichever of its steps it is that fails. */
@Timeout(60)
class StartTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private final String name = "start-test-" + NUMBERS.incrementAndGet();

    private final FakeIncarnations incarnations = new FakeIncarnations();
    private final ClusterConfig config = TestConfig.of(new Bench.NoProgram(0)).withName(name).withWorkers(2)
            .withShutdownHook(true);

    private static final class MadeUp extends Error {
        private static final long serialVersionUID = 1;
    }

    private Master master(ClusterConfig configuration, MasterClock clock) {
        return new Master(new Bench.NoProgram(0), configuration, incarnations, clock, () -> 0.5);
    }

    private static Consumer<Step> failAt(Step step) {
        return next -> {
            if (next == step) {
                throw new MadeUp();
            }
        };
    }

    private void assertNothingLeft() throws ReflectiveOperationException {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertEquals(List.of(), threads()));
        assertEquals(List.of(), hooks());
        assertEquals(1, incarnations.closed);
    }

    private List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(each -> each.startsWith("corral-" + name + "-")).sorted().toList();
    }

    private List<String> hooks() throws ReflectiveOperationException {
        Class<?> owner = Class.forName("java.lang.ApplicationShutdownHooks");
        var hooks = (IdentityHashMap<?, ?>) MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                .findStaticVarHandle(owner, "hooks", IdentityHashMap.class).get();
        return hooks.keySet().stream().map(hook -> ((Thread) hook).getName())
                .filter(each -> each.startsWith("corral-" + name + "-")).toList();
    }

    /** Sets the handler of the reload signal, and returns the one before. The compiler warns of the class itself. */
    private static Object handle(Object handler) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        return type.getMethod("handle", type, Class.forName("sun.misc.SignalHandler")).invoke(null,
                type.getConstructor(String.class).newInstance("USR2"), handler);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void shouldLeaveNothingWhicheverStepFails(Step step) throws Exception {
        Master master = master(config.withReloadSignal(true), MasterClock.SYSTEM);
        Object ignored = Class.forName("sun.misc.SignalHandler").getField("SIG_IGN").get(null);
        Object before = handle(ignored);
        assertThrows(MadeUp.class, () -> new StartSequence(master).run(failAt(step)));
        assertSame(ignored, handle(before));
        assertNothingLeft();
        assertThrows(IllegalStateException.class, () -> master.fork(Map.of()));
        master.close(); // has nothing to wait for
    }

    /** As the step that starts the last worker does when no memory is left. */
    @Test
    void shouldEndTheWorkersThatHadBegunToStart() throws Exception {
        Thread caller = Thread.currentThread();
        var asked = new AtomicInteger();
        MasterClock clock = new MasterClock() {
            @Override
            public long nanos() {
                if (Thread.currentThread() == caller && isFork() && asked.incrementAndGet() == 2) {
                    throw new MadeUp();
                }
                return System.nanoTime();
            }

            private static boolean isFork() {
                return StackWalker.getInstance()
                        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("newWorker")));
            }

            @Override
            public Instant now() {
                return Instant.now();
            }
        };
        Master master = master(config, clock);
        Thread ends = Thread.ofVirtual().start(() -> {
            await().atMost(Duration.ofSeconds(20)).until(() -> incarnations.all.containsKey(1L)
                    && incarnations.of(1).verbs.stream().anyMatch(List.of("drain", "stop", "kill")::contains));
            incarnations.of(1).ended();
        });
        assertThrows(MadeUp.class, () -> new StartSequence(master).run(_ -> {}));
        ends.join();
        assertNothingLeft();
    }

    @Test
    void shouldLeaveNothingOnceItIsClosed() throws Exception {
        Master master = master(config.withWorkers(0), MasterClock.SYSTEM);
        new StartSequence(master).run(_ -> {});
        assertEquals(List.of("corral-" + name + "-events", "corral-" + name + "-master"), threads());
        assertEquals(List.of("corral-" + name + "-shutdown"), hooks());
        master.close();
        assertNothingLeft();
    }
}
