package dev.corral.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs the handlers of signals, also when no thread can be started. The JDK starts a thread for each signal, and loses the signal when the
 * operating system has no thread, or the heap has no room for one. Here a thread waits for that case from the beginning.
 *
 * <p>The JDK's thread of signals looks up the handler in a table, {@code jdk.internal.misc.Signal.handlers}, and starts a thread if it finds
 * one. The table compares keys by a method of the key that it holds. This class puts a key of its own into the table: when the thread of
 * signals compares it, the key starts a thread for the handler itself, or wakes the one that waits, and answers that it is another signal.
 * For all other threads it is a key like any other, so a handler can be replaced as usual. If the table cannot be reached, everything stays as
 * the JDK does it. Thread-safe.
 */
final class SignalDelivery implements Runnable {
    private static final String INTERNAL = "jdk.internal.misc.Signal";
    /** Name of the thread on which the JVM passes signals to the JDK. */
    private static final String DISPATCHER = "Signal Dispatcher";

    private final List<Key> keys = new CopyOnWriteArrayList<>();
    /** Waits for signals that no thread could be started for. */
    private final Thread standby = Thread.ofPlatform().daemon().name("corral-signals").unstarted(this);

    private final Consumer<Thread> starter;

    private SignalDelivery(Consumer<Thread> starter) {
        this.starter = starter;
    }

    /** Starts the thread that waits. */
    static SignalDelivery start() {
        return start(Thread::start);
    }

    /**
     * The same, for tests.
     *
     * @param starter starts a thread for a signal, or throws
     */
    static SignalDelivery start(Consumer<Thread> starter) {
        var delivery = new SignalDelivery(starter);
        delivery.standby.start();
        return delivery;
    }

    /** Stands in the table for one signal. */
    private final class Key {
        private final Hashtable<Object, Object> handlers;
        private final Object signal;
        private final String name;
        /** The value in the table. Whoever sets another handler replaces the value, and the key stays. */
        private final Object taken;
        private final Runnable handler;
        /** Signals that no thread could be started for. Raised by the thread of signals, lowered by the one that waits. */
        private final AtomicInteger pending = new AtomicInteger();

        Key(Hashtable<Object, Object> handlers, Object signal, String name, Runnable handler) {
            this.handlers = handlers;
            this.taken = handlers.get(signal);
            this.signal = signal;
            this.name = name;
            this.handler = handler;
        }

        @Override
        public int hashCode() {
            return signal.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            if (other == this) {
                return true;
            }
            if (!signal.equals(other)) {
                return false;
            }
            if (!Thread.currentThread().getName().equals(DISPATCHER) || handlers.get(this) != taken) {
                return true;
            }
            deliver();
            return false;
        }

        private void deliver() {
            try {
                starter.accept(new Thread(null, handler, "SIG" + name + " handler", 0, false));
            } catch (RuntimeException | Error e) { // no thread or no memory; what follows needs neither
                pending.incrementAndGet();
                LockSupport.unpark(standby);
            }
        }

        void handlePending() {
            while (pending.get() > 0) {
                pending.decrementAndGet();
                try {
                    handler.run();
                } catch (RuntimeException | Error e) {
                    // no memory for a message; what the signal asks for was noted before that
                }
            }
        }
    }

    @Override
    public void run() {
        while (true) {
            LockSupport.park(this);
            keys.forEach(Key::handlePending);
        }
    }

    /**
     * Takes over a signal that is handled already, until somebody sets another handler.
     *
     * @param name as in {@code TERM}
     * @param handler does what the handler does
     * @return false if this JVM does not open the table, or has none
     */
    boolean take(String name, Runnable handler) {
        try {
            Class<?> type = Class.forName(INTERNAL);
            Constructor<?> constructor = type.getConstructor(String.class);
            Field field = type.getDeclaredField("handlers");
            field.setAccessible(true);
            @SuppressWarnings("unchecked") // its keys are compared by equals only
            var handlers = (Hashtable<Object, Object>) field.get(null);
            synchronized (type) { // as whoever sets a handler
                putKey(handlers, constructor.newInstance(name), name, handler);
            }
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /** Under the table's own lock: a signal that comes meanwhile finds either key. */
    private void putKey(Hashtable<Object, Object> handlers, Object signal, String name, Runnable handler) {
        synchronized (handlers) {
            var key = new Key(handlers, signal, name, handler);
            keys.add(key);
            Object _ = handlers.remove(signal);
            handlers.put(key, key.taken);
        }
    }
}
