package dev.corral.samples.leaky;

import dev.corral.samples.leaky.Kept.Piece;
import java.lang.management.ManagementFactory;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** Ways to keep objects that are no longer needed, named like the paths of the requests. */
public enum Leak {
    /** Blocks in a static field. */
    LEAK {
        @Override
        public Piece keep(long amount, int size) {
            var data = Blocks.of(amount, size);
            return new Piece(data, data.bytes(), Leak::nothing);
        }
    },
    /** Strings in a static field, all different. */
    STRINGS {
        @Override
        public Piece keep(long amount, int size) {
            // A String: the reference to its bytes, hash (int), coder (byte), hashIsZero (boolean).
            long each = Layout.object(Layout.REFERENCE + Integer.BYTES + 2) + Layout.array(CHARACTERS);
            var data = new String[Math.toIntExact(Math.ceilDiv(amount, each))];
            for (int i = 0; i < data.length; i++) {
                data[i] = Long.toString(FIRST_STRING + i);
            }
            return new Piece(data, data.length * each + Layout.references(data.length), Leak::nothing);
        }
    },
    /** A HashMap of boxed keys and values. */
    MAP {
        @Override
        public Piece keep(long amount, int size) {
            long boxed = Layout.object(Integer.BYTES + Long.BYTES); // 4 bytes before the number, to align it
            long each = Layout.object(Integer.BYTES + 3 * Layout.REFERENCE) + 2 * boxed;
            int entries = Math.toIntExact(Math.ceilDiv(amount, each));
            Map<Long, Long> data = new HashMap<>();
            for (long i = 0; i < entries; i++) {
                data.put(UNCACHED + i, -UNCACHED - i);
            }
            int table = 16;
            while (table * 0.75 < entries) {
                table *= 2;
            }
            long map = Layout.object(4 * Layout.REFERENCE + 4 * Integer.BYTES) + Layout.references(table);
            return new Piece(data, map + entries * each, Leak::nothing);
        }
    },
    /** Thread locals of the threads of a pool that is never shut down. */
    THREADLOCAL {
        @Override
        @SuppressWarnings("ThreadLocalUsage") // each call leaks another thread local
        public Piece keep(long amount, int size) {
            var local = new ThreadLocal<Blocks>();
            long bytes = 0;
            for (ExecutorService thread : POOL_THREADS) {
                bytes += CompletableFuture.supplyAsync(() -> {
                    local.set(Blocks.of(amount / POOL_THREADS.size(), size));
                    return local.get().bytes();
                }, thread).join();
            }
            return new Piece(local, bytes, () -> POOL_THREADS
                    .forEach(thread -> CompletableFuture.runAsync(local::remove, thread).join()));
        }
    },
    /** A shutdown hook that refers to data. */
    HOOK {
        @Override
        public Piece keep(long amount, int size) {
            var data = Blocks.of(amount, size);
            var hook = new Thread(() -> System.out.println("a hook holds " + data.count() + " blocks"));
            Runtime.getRuntime().addShutdownHook(hook);
            return new Piece(hook, data.bytes(), () -> Runtime.getRuntime().removeShutdownHook(hook));
        }
    },
    /** A timer with a task that refers to data. */
    TIMER {
        @Override
        public Piece keep(long amount, int size) {
            var data = Blocks.of(amount, size);
            var timer = new Timer("leaky timer");
            timer.schedule(new TimerTask() {
                @Override
                public void run() {
                    sink = data.count();
                }
            }, 0, 1000);
            return new Piece(timer, data.bytes(), timer::cancel);
        }
    },
    /** A JDBC driver that refers to data. */
    DRIVER {
        @Override
        public Piece keep(long amount, int size) {
            var data = Blocks.of(amount, size);
            var driver = new HoldingDriver(data);
            try {
                DriverManager.registerDriver(driver);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return new Piece(driver, data.bytes(), () -> deregister(driver));
        }

        private static void deregister(HoldingDriver driver) {
            try {
                DriverManager.deregisterDriver(driver);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    },
    /** An MBean that refers to data. */
    MBEAN {
        @Override
        public Piece keep(long amount, int size) {
            var data = Blocks.of(amount, size);
            var bean = new Held(data);
            try {
                var name = new ObjectName("dev.corral.samples:type=Held,number=" + BEANS.incrementAndGet());
                ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name);
                return new Piece(bean, data.bytes(), () -> unregister(name));
            } catch (JMException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void unregister(ObjectName name) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (JMException e) {
                throw new IllegalStateException(e);
            }
        }
    },
    /** A pool that is never shut down. Its threads refer to data while they wait for an element that never comes. */
    POOL {
        @Override
        public Piece keep(long amount, int size) {
            int threads = 2;
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            long bytes = 0;
            for (int i = 0; i < threads; i++) {
                var data = Blocks.of(amount / threads, size);
                bytes += data.bytes();
                pool.execute(() -> hold(data));
            }
            return new Piece(pool, bytes, pool::shutdownNow);
        }

        private static void hold(Blocks data) {
            try {
                new LinkedBlockingQueue<>().take();
            } catch (InterruptedException e) {
                sink = data.count();
            }
        }
    },
    /**
     * Classes; the amount is their number. They take memory outside of the heap, and some hundred bytes of the heap
     * that are not counted.
     */
    METASPACE {
        @Override
        public Piece keep(long amount, int size) {
            var data = new MadeClasses(Math.toIntExact(amount));
            return new Piece(data, Layout.references(data.count()), Leak::nothing);
        }
    };

    private static final int CHARACTERS = 19;
    private static final long FIRST_STRING = 1_000_000_000_000_000_000L;
    /** The smallest number that is always boxed to a new object. */
    private static final long UNCACHED = 1000;
    private static final List<ExecutorService> POOL_THREADS =
            Stream.generate(() -> Executors.newSingleThreadExecutor()).limit(2).toList();
    private static final AtomicLong BEANS = new AtomicLong();

    /** Values derived from the data, so that the JIT cannot remove the data. */
    private static volatile int sink;

    /**
     * Keeps more objects.
     *
     * @param amount the number of bytes; for {@link #METASPACE} the number of classes
     * @param size the size of a block, for those that use blocks
     * @return the objects, and how to release them
     */
    public abstract Piece keep(long amount, int size);

    private static void nothing() {}

    /** Returns the path of its requests. */
    public String path() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }
}
