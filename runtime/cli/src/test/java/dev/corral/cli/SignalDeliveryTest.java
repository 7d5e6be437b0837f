package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** With a signal that does nothing by default. */
class SignalDeliveryTest {
    private static final String NAME = "WINCH";
    private static final Signal SIGNAL = new Signal(NAME);
    private static final long LONG_SECONDS = 60;

    /** Names of the threads that have handled the signal. */
    private final BlockingQueue<String> handledBy = new LinkedBlockingQueue<>();
    private final SignalHandler handler = _ -> handledBy.add("the JDK's");
    private SignalHandler before;

    @BeforeEach
    void handle() {
        before = Signal.handle(SIGNAL, handler);
    }

    @AfterEach
    void restore() {
        Signal.handle(SIGNAL, before);
    }

    private void noteThread() {
        handledBy.add(Thread.currentThread().getName());
    }

    private String next() throws InterruptedException {
        return handledBy.poll(LONG_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void shouldHandleASignalOnAThreadOfItsOwn() throws Exception {
        assertTrue(SignalDelivery.start().take(NAME, this::noteThread));
        Signal.raise(SIGNAL);
        assertEquals("SIGWINCH handler", next());
    }

    @Test
    void shouldHandleEachSignalThatNoThreadCanBeStartedFor() throws Exception {
        var delivery = SignalDelivery.start(_ -> {
            throw new OutOfMemoryError("unable to create native thread: made up");
        });
        assertTrue(delivery.take(NAME, this::noteThread));
        for (int i = 0; i < 3; i++) {
            Signal.raise(SIGNAL);
            assertEquals("corral-signals", next());
        }
    }

    @Test
    void shouldGoOnWhenAHandlerThrows() throws Exception {
        var delivery = SignalDelivery.start(_ -> {
            throw new OutOfMemoryError("unable to create native thread: made up");
        });
        assertTrue(delivery.take(NAME, () -> {
            noteThread();
            throw new OutOfMemoryError("made up: no memory for a message");
        }));
        for (int i = 0; i < 2; i++) {
            Signal.raise(SIGNAL);
            assertEquals("corral-signals", next());
        }
    }

    @Test
    void shouldLeaveTheHandlerToWhoeverSetsAnother() throws Exception {
        assertTrue(SignalDelivery.start().take(NAME, this::noteThread));
        assertSame(handler, Signal.handle(SIGNAL, _ -> handledBy.add("another")));
        Signal.raise(SIGNAL);
        assertEquals("another", next());
    }
}
