package dev.corral.it;

import static dev.corral.it.Mailing.ask;
import static dev.corral.it.Mailing.mail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Message;
import dev.corral.NotPortableException;
import dev.corral.RestartPolicy;
import dev.corral.Subscription;
import dev.corral.Worker;
import dev.corral.testing.Harness;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import programs.Mail;
import programs.common.Counter;
import programs.common.Token;

/** Messages between the master and workers, and among workers. */
class MessagesIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void shouldAskAndBeAnswered() throws Exception {
        try (var it = mail(1)) {
            assertEquals("1 hears 0, reply true, true", ask(it.worker(1), "who"));
            assertEquals("later", ask(it.worker(1), "later"));
            assertEquals("x", ask(it.worker(1), "echo x"));
        }
    }

    /** The worker loads its own copies of the classes that the test uses. */
    @Test
    void shouldRebuildRecordsAndEnums() throws Exception {
        try (var it = mail(1)) {
            var order = new Mail.Order("tea", List.of(new Mail.Line(1, 2), new Mail.Line(3, 4)), Mail.Kind.SMALL);
            assertEquals(new Mail.Order("tea!", List.of(new Mail.Line(3, 4), new Mail.Line(1, 2)), Mail.Kind.LARGE),
                    it.worker(1).ask(order, Mail.Order.class, Harness.LONG));
        }
    }

    /** An object is passed by reference if its class is shared and the object is immutable. */
    @Test
    void shouldHandOverWhatIsSharedAndImmutable() throws Exception {
        var token = new Token("x");
        try (var it = mail(1)) {
            Token back = it.worker(1).ask(token, Token.class, Harness.LONG);
            assertEquals(token, back);
            assertNotSame(token, back);
        }
        try (var it = mail(Harness.program("Mail").withShared("programs.common"), 1, config -> config)) {
            assertSame(token, it.worker(1).ask(token, Token.class, Harness.LONG));
            var e = assertThrows(NotPortableException.class, () -> it.worker(1).send(new Counter()));
            assertTrue(e.getMessage().contains("field count of programs.common.Counter is not final"), e.getMessage());
        }
    }

    @Test
    void shouldKeepCyclesAndSharedReferences() throws Exception {
        try (var it = mail(1)) {
            var shared = new ArrayList<Object>(List.of("x"));
            var all = new ArrayList<Object>(List.of(shared, shared));
            all.add(all);
            List<?> back = it.worker(1).ask(all, List.class, Harness.LONG);
            assertSame(back, back.get(2));
            assertSame(back.get(0), back.get(1));
            assertEquals(List.of("x"), back.getFirst());
            assertNotSame(all, back);
        }
    }

    /** The message is sent long before the program can receive it. */
    @Test
    void shouldDeliverWhatIsSentRightAfterTheFork() throws Exception {
        try (var it = mail(1)) {
            Worker worker = it.cluster.fork();
            worker.send("echo first");
            assertEquals("2 hears 0, reply true, true", ask(worker, "who"));
            it.awaitLine(2, "got first");
        }
    }

    @Test
    void shouldHandOverBytesWithoutACopy() throws Exception {
        try (var it = mail(1)) {
            var transfer = Message.transfer(new byte[10_000]);
            assertEquals(10_000, it.worker(1).ask(transfer, Integer.class, Harness.LONG));
            assertThrows(IllegalStateException.class, () -> it.worker(1).send(transfer));
        }
    }

    @Test
    void shouldRefuseWhatMayNotCrossAndSayWhere() throws Exception {
        try (var it = mail(1); var socket = new Socket()) {
            var e = assertThrows(NotPortableException.class,
                    () -> it.worker(1).send(List.of(Map.of("connection", socket))));
            assertTrue(e.getMessage().contains("[0][\"connection\"]: java.net.Socket is not portable"), e.getMessage());
            assertThrows(NullPointerException.class, () -> it.worker(1).send(null));
        }
    }

    @Test
    void shouldDeliverInOrderThroughAFullMailbox() throws Exception {
        try (var it = mail(1, config -> config.withMailbox(4))) {
            for (int i = 0; i < 20_000; i++) {
                it.worker(1).send(i);
            }
            assertEquals(20_000, it.worker(1).ask("count", Integer.class, Harness.LONG));
        }
    }

    @Test
    void shouldSendFromWorkerToWorker() throws Exception {
        try (var it = mail(2)) {
            it.worker(1).send("tell 2 echo hello");
            it.awaitLine(2, "got hello");
            assertEquals("2 hears 1, reply true, true", ask(it.worker(1), "ask 2 who"));
        }
    }

    @Test
    void shouldReceiveWhatWorkersSend() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        try (var it = mail(2)) {
            it.worker(1).send("order"); // before there is a handler
            Subscription subscription = it.cluster.onMessage(message -> {
                received.add(message.from() + " " + message.body());
                if (message.wantsReply()) {
                    message.reply("from the master");
                }
                if (message.body().equals("bad")) {
                    throw new IllegalStateException("made up");
                }
            });
            assertThrows(IllegalStateException.class, () -> it.cluster.onMessage(_ -> {}));
            await().until(() -> received.contains("1 Order[item=own, lines=[Line[count=1, cents=2]], kind=SMALL]"));
            assertEquals("from the master", ask(it.worker(2), "ask 0 question"));
            it.worker(2).send("tell 0 bad");
            it.worker(2).send("tell 0 good");
            await().until(() -> received.contains("2 good"));

            subscription.close();
            it.worker(2).send("tell 0 unheard");
            assertEquals("x", ask(it.worker(2), "echo x"));
            assertFalse(received.contains("2 unheard"));
            it.cluster.onMessage(message -> received.add("again " + message.body()));
            await().until(() -> received.contains("again unheard"));
        }
    }

    /** The messages that a worker has sent before its end are handled. */
    @Test
    void shouldHandleWhatAWorkerHasSentBeforeItsEnd() throws Exception {
        List<Object> received = new CopyOnWriteArrayList<>();
        var go = new CountDownLatch(1);
        try (var it = mail(1)) {
            it.cluster.onMessage(message -> {
                go.await();
                received.add(message.body());
            });
            for (int i = 0; i < 100; i++) {
                it.worker(1).send("tell 0 " + i);
            }
            assertEquals("x", ask(it.worker(1), "echo x"));
            it.worker(1).kill().join();
            go.countDown();
            await().until(() -> received.size() == 100);
        }
    }

    @Test
    void shouldDealOutWhatIsForAny() throws Exception {
        try (var it = mail(2)) {
            it.cluster.send("echo a");
            it.cluster.send("echo b");
            it.awaitLine(1, "got a");
            it.awaitLine(2, "got b");
            assertEquals(2, it.cluster.broadcast("echo c"));
            it.awaitLine(1, "got c");
            it.awaitLine(2, "got c");

            it.worker(1).setWeight(0);
            await().until(() -> it.cluster.broadcast("echo d") == 1);
            it.cluster.disconnect().join();
            assertThrows(CorralException.class, () -> it.cluster.send("echo e"));
            assertEquals(0, it.cluster.broadcast("echo e"));
        }
    }

    /** A worker that never reads fills its own mailbox, and no other mailbox. */
    @Test
    void shouldBoundWhatASlowReceiverIsSent() throws Exception {
        try (var it = mail(2, config -> config.withMailbox(16))) {
            it.worker(1).send("stay");
            it.awaitLine(1, "staying");
            int taken = 0;
            while (it.worker(1).trySend("echo x")) {
                taken++;
            }
            assertEquals(16, taken);
            assertEquals(16, it.worker(1).stats().traffic().mailbox());
            assertThrows(TimeoutException.class, () -> it.worker(1).ask("who", String.class, SHORT));
            assertEquals("x", ask(it.worker(2), "echo x"));
            assertEquals(1, it.cluster.broadcast("echo y"));
        }
    }

    @Test
    void shouldEndWhenItsHandlerIsClosed() throws Exception {
        try (var it = mail(1)) {
            it.worker(1).send("close");
            it.awaitExit(1);
        }
    }

    @Test
    void shouldTakeOneHandlerAtATime() throws Exception {
        try (var it = new Harness(Harness.program("Mail"), config -> config.withEnv(Map.of("DO", "twice"))
                .withRestart(RestartPolicy.NEVER))) {
            var reason = assertInstanceOf(ExitReason.Crashed.class, it.awaitExit(1).reason());
            assertTrue(reason.failure().message().contains("handled already"), reason.toString());
        }
    }

    /** The messages that have arrived before the disconnect are handled before the end. */
    @Test
    void shouldHandleWhatHasComeBeforeItDrains() throws Exception {
        try (var it = mail(1)) {
            Worker worker = it.worker(1);
            for (int i = 0; i < 500; i++) {
                worker.send("echo " + i);
            }
            Exit exit = worker.disconnect().join();
            assertEquals(List.of(), exit.undelivered());
            it.awaitLine(1, "got 499");
        }
    }
}
