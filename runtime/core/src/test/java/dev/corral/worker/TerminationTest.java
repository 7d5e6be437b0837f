package dev.corral.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason;
import dev.corral.WorkerKilled;
import dev.corral.report.Reports;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("c2")
class TerminationTest {
    private final ConcurrentLinkedQueue<List<Object>> reported = new ConcurrentLinkedQueue<>();
    private final Reports reports = (Reports) Proxy.newProxyInstance(Reports.class.getClassLoader(),
            new Class<?>[]{Reports.class}, (_, _, arguments) -> {
                reported.add(List.of(arguments));
                return null;
            });
    private final Termination termination = new Termination("it#1", reports);
    private final ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();

    @Test
    void shouldComeBackFromExitOnlyOnceCondemned() throws InterruptedException {
        Thread thread = exitOnAThread(3);
        for (int i = 0; i < 10; i++) { // whatever else wakes it
            thread.interrupt();
            LockSupport.unpark(thread);
            await().until(() -> !thread.isInterrupted() && thread.getState() == Thread.State.WAITING);
        }
        assertTrue(termination.isWaiting(thread));
        termination.condemned();
        thread.join();
        assertInstanceOf(WorkerKilled.class, thrown.peek());
        assertEquals(List.of(List.of(new ExitReason.Completed(3), false)), List.copyOf(reported));
        assertEquals(3, termination.code().orElseThrow());
    }

    @Test
    void shouldThrowAtOnceWhenCondemnedBefore() throws InterruptedException {
        termination.condemned();
        exitOnAThread(1).join();
        assertInstanceOf(WorkerKilled.class, thrown.peek());
    }

    private Thread exitOnAThread(int code) {
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                termination.exit(code, false);
            } catch (WorkerKilled e) {
                thrown.add(e);
            }
        });
        await().until(() -> termination.isWaiting(thread) || !thread.isAlive());
        return thread;
    }
}
