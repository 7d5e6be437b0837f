package dev.corral.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs the handlers of signals, even if no thread can be started. The JDK starts a thread for each signal. It loses the
 * signal if the operating system has no thread or the heap has no room for one. For that case a thread waits here from
 * the beginning.
 *
 * <p>The JDK's signal thread looks up the handler in a table, {@code jdk.internal.misc.Signal.handlers}, and starts a
 * thread if it finds a handler. The table compares keys by the {@code equals} of the key that it holds. This class puts
 * its own key into the table. When the signal thread compares the key, the key itself starts a thread for the handler,
 * or wakes the waiting thread, and returns that it is not equal. For all other threads it is an ordinary key, so a
 * handler can be replaced as usual. If the table is not accessible, the JDK delivers signals as before. Thread-safe.
 */
final class SignalDelivery implements Runnable {
    private static final String INTERNAL = "jdk.internal.misc.Signal";
    /** The name of the thread on which the JVM passes signals to the JDK. */
    private static final String DISPATCHER = "Signal Dispatcher";

    private final List<Key> keys = new CopyOnWriteArrayList<>();
    /** Handles the signals for which no thread could be started. */
    private final Thread standby = Thread.ofPlatform().daemon().name("corral-signals").unstarted(this);

    private final Consumer<Thread> starter;

    private SignalDelivery(Consumer<Thread> starter) {
        this.starter = starter;
    }

    /** Starts the waiting thread. */
    static SignalDelivery start() {
        return start(Thread::start);
    }

    /**
     * Starts the waiting thread, for tests.
     *
     * @param starter starts the thread of a signal, or throws
     */
    static SignalDelivery start(Consumer<Thread> starter) {
        var delivery = new SignalDelivery(starter);
        delivery.standby.start();
        return delivery;
    }

    /** The key of one signal in the table. */
    private final class Key {
        private final Hashtable<Object, Object> handlers;
        private final Object signal;
        private final String name;
        /**
         * The value in the table when this key was added. Code that sets another handler replaces the value and keeps
         * the key.
         */
        private final Object taken;
        private final Runnable handler;
        /**
         * The number of signals for which no thread could be started. Incremented by the signal thread, decremented by
         * the waiting thread.
         */
        private final AtomicInteger pending = new AtomicInteger();

        Key(Hashtable<Object, Object> handlers, Object signal, String name, Runnable handler) {
            this.handlers = handlers;
            this.taken = Objects.requireNonNull(handlers.get(signal));
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
            if (!Thread.currentThread().getName().equals(DISPATCHER) || !taken.equals(handlers.get(this))) {
                return true;
            }
            deliver();
            return false;
        }

        private void deliver() {
            try {
                starter.accept(new Thread(null, handler, "SIG" + name + " handler", 0, false));
            } catch (RuntimeException | Error e) { // no thread or no memory; the next statements need neither
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
                    // no memory for a message; the handler has recorded the request before that
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
     * Takes over the delivery of a signal that is handled already, until another handler is set.
     *
     * @param name the name without SIG, for example {@code TERM}
     * @param handler does the same as the handler that is set
     * @return false if this JVM does not open the table, or has none
     */
    boolean take(String name, Runnable handler) {
        try {
            Class<?> type = Class.forName(INTERNAL);
            Constructor<?> constructor = type.getConstructor(String.class);
            Field field = type.getDeclaredField("handlers");
            field.setAccessible(true);
            @SuppressWarnings("unchecked") // the table compares its keys by equals only
            var handlers = (Hashtable<Object, Object>) field.get(null);
            synchronized (type) { // the lock under which the JDK sets handlers
                putKey(handlers, constructor.newInstance(name), name, handler);
            }
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /** Replaces the key under the lock of the table, so that a signal finds either the old key or the new one. */
    private void putKey(Hashtable<Object, Object> handlers, Object signal, String name, Runnable handler) {
        synchronized (handlers) {
            var key = new Key(handlers, signal, name, handler);
            keys.add(key);
            Object _ = handlers.remove(signal);
            handlers.put(key, key.taken);
        }
    }
}
