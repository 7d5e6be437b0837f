package dev.corral.it;

import static dev.corral.it.Mailing.ask;
import static dev.corral.it.Mailing.awaitNothingLeft;
import static dev.corral.it.Mailing.mail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.HandlerException;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import programs.Mail;

/** Messages that fail: handlers that throw, replies that do not come, and workers that have ended. */
class MessageFailuresIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void shouldTellAnAskerThatTheHandlerThrew() throws Exception {
        try (var it = mail(1)) {
            var e = assertThrows(HandlerException.class, () -> ask(it.worker(1), "throw"));
            assertEquals("java.lang.IllegalStateException", e.failure().type());
            assertEquals("as asked", e.failure().message());
            assertEquals("once", ask(it.worker(1), "twice"), "the first reply stands");
            // the handler of "twice" has thrown after its reply, which is an uncaught exception
            assertInstanceOf(ExitReason.Crashed.class, it.awaitExit(1).reason());
        }
    }

    @Test
    void shouldTellAnAskerThatAReplyDoesNotFit() throws Exception {
        try (var it = mail(1)) {
            var e = assertThrows(ClassCastException.class,
                    () -> it.worker(1).ask("echo x", Integer.class, Harness.LONG));
            assertTrue(e.getMessage().contains("java.lang.String"), e.getMessage());
        }
    }

    @Test
    void shouldEndByWhatAHandlerThrowsAtAPlainMessage() throws Exception {
        try (var it = mail(1)) {
            it.worker(1).send("throw");
            var reason = assertInstanceOf(ExitReason.Crashed.class, it.awaitExit(1).reason());
            assertEquals("as asked", reason.failure().message());
        }
    }

    @Test
    void shouldGoOnAfterWhatAHandlerThrowsWhereThatEndsNobody() throws Exception {
        try (var it = mail(1, config -> config.withUncaughtEnds(false))) {
            it.worker(1).send("throw");
            assertEquals("x", ask(it.worker(1), "echo x"));
        }
    }

    /** A worker whose own handler of uncaught exceptions throws still receives all later messages. */
    @Test
    void shouldGoOnWhateverItsDefaultHandlerThrows() throws Exception {
        try (var it = mail(1, config -> config.withEnv(Map.of("DO", "throwing-default-handler")))) {
            it.worker(1).send("throw");
            assertEquals("x", ask(it.worker(1), "echo x"));
        }
    }

    @Test
    void shouldDropALateReply() throws Exception {
        try (var it = mail(1)) {
            assertThrows(TimeoutException.class, () -> it.worker(1).ask("never", String.class, SHORT));
            assertThrows(TimeoutException.class,
                    () -> it.worker(1).ask("ask-briefly 1 never", String.class, Duration.ofMillis(1)));
            assertEquals("x", ask(it.worker(1), "echo x"));
            assertThrows(IllegalArgumentException.class,
                    () -> it.worker(1).ask("never", String.class, Duration.ZERO));
        }
    }

    /** The thread of a worker waits for another worker, which asks the first one. */
    @Test
    void shouldEndACycleOfAsksByItsDeadline() throws Exception {
        try (var it = mail(2)) {
            var e = assertThrows(HandlerException.class, () -> ask(it.worker(1), "ask 2 ask-briefly 1 who"));
            assertEquals("java.util.concurrent.TimeoutException", innermost(e).replaceAll(":.*", ""));
            assertEquals("x", ask(it.worker(1), "echo x"));
            assertEquals("x", ask(it.worker(2), "echo x"));
        }
    }

    /** The message of a failure contains the failure of the worker that was asked next. */
    private static String innermost(HandlerException e) {
        String text = e.failure().message();
        return text.substring(text.lastIndexOf("java.util.concurrent.TimeoutException"));
    }

    @Test
    void shouldGiveBackWhatWasNotTaken() throws Exception {
        try (var it = mail(1)) {
            Worker worker = it.worker(1);
            worker.send("stay");
            it.awaitLine(1, "staying");
            worker.send(new Mail.Order("tea", List.of(), Mail.Kind.SMALL));
            worker.send("echo x");
            CompletableFuture<Throwable> asked = asking(worker);
            await().until(() -> worker.stats().traffic().mailbox() == 3);
            Exit exit = worker.kill().join();
            assertEquals(List.of(new Mail.Order("tea", List.of(), Mail.Kind.SMALL), "echo x"), exit.undelivered());
            assertEquals(exit, assertInstanceOf(WorkerExitedException.class, asked.join()).exit());
            assertEquals(exit, assertThrows(WorkerExitedException.class, () -> worker.send("late")).exit());
            assertFalse(worker.trySend("late"));
            assertThrows(WorkerExitedException.class, () -> ask(worker, "late"));
        }
    }

    private static CompletableFuture<Throwable> asking(Worker worker) {
        var thrown = new CompletableFuture<Throwable>();
        Thread.ofVirtual().start(() -> {
            try {
                thrown.completeExceptionally(new AssertionError(ask(worker, "who")));
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        return thrown;
    }

    @Test
    void shouldTellAnAskerWhoseMessageWasTakenThatTheWorkerEnded() throws Exception {
        try (var it = mail(1)) {
            var thrown = new CompletableFuture<Throwable>();
            Thread.ofVirtual().start(() -> {
                try {
                    thrown.completeExceptionally(new AssertionError(ask(it.worker(1), "spin")));
                } catch (Throwable e) {
                    thrown.complete(e);
                }
            });
            it.awaitLine(1, "spinning");
            it.worker(1).kill().join();
            assertInstanceOf(WorkerExitedException.class, thrown.join());
        }
    }

    /** The isolate of a worker that has ended is held neither by a waiting sender nor by a message. */
    @Test
    void shouldHoldNoWorkerThatEndsWhileItSends() throws Exception {
        long others = Footprint.loadersOfOthers();
        try (var it = mail(2, config -> config.withMailbox(16))) {
            it.worker(2).send("stay");
            it.awaitLine(2, "staying");
            it.worker(1).send("fill 2");
            await().until(() -> it.worker(2).stats().traffic().mailbox() == 16);
            it.worker(1).kill().join();
            awaitNothingLeft(it, others + 1);
        }
    }

    @Test
    void shouldTellWhomItCannotReach() throws Exception {
        try (var it = mail(2)) {
            it.worker(2).kill().join();
            var gone = assertThrows(HandlerException.class, () -> ask(it.worker(1), "ask 2 who"));
            assertEquals("dev.corral.WorkerExitedException", gone.failure().type());
            var unknown = assertThrows(HandlerException.class, () -> ask(it.worker(1), "ask 17 who"));
            assertEquals("java.lang.IllegalArgumentException", unknown.failure().type());
            assertTrue(unknown.failure().message().contains("17"), unknown.failure().message());
        }
    }

    @Test
    void shouldRefuseToWaitOnTheEventThread() throws Exception {
        var thrown = new ArrayList<Throwable>();
        var done = new CountDownLatch(1);
        try (var it = mail(1)) {
            it.cluster.on(ClusterEvent.Forked.class, event -> {
                thrown.add(assertThrows(IllegalStateException.class, () -> event.worker().send("x")));
                thrown.add(assertThrows(IllegalStateException.class, () -> ask(event.worker(), "x")));
                thrown.add(assertThrows(IllegalStateException.class, () -> it.cluster.send("x")));
                done.countDown();
            });
            it.cluster.fork();
            done.await();
            assertEquals(3, thrown.size());
        }
    }
}
