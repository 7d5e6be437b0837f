package programs;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/** An ordinary program that does what its first argument says. */
public final class Probe {
    private static int counter;
    private static Timer timer;

    private Probe() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "return" -> {
            }
            case "identity" -> identity();
            case "statics" -> statics();
            case "args" -> System.out.println(List.of(args));
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            case "exit-in-pool" -> exitInPool();
            case "exit-through-catch" -> exitThroughCatch();
            case "exit-in-hook" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> System.exit(3)));
            case "exit-in-virtual" -> {
                Thread.startVirtualThread(() -> System.exit(3));
                sleepForEver();
            }
            case "exit-in-common-pool" -> {
                var _ = CompletableFuture.runAsync(() -> System.exit(3));
                sleepForEver();
            }
            case "exit-in-forked-task" -> { // goes to the common pool of the JVM
                var _ = ForkJoinTask.adapt(() -> System.exit(3)).fork();
                sleepForEver();
            }
            case "exit-in-uncaught-handler" -> {
                Thread.setDefaultUncaughtExceptionHandler((_, _) -> System.exit(3));
                throw new IllegalStateException("to the handler");
            }
            case "exit-locked" -> exitWithLock();
            case "halt" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
                Runtime.getRuntime().halt(4);
            }
            case "throw" -> throw new IllegalStateException("boom", new IllegalArgumentException("cause"));
            case "throw-in-thread" -> {
                new Thread(() -> {
                    throw new IllegalStateException("boom");
                }, "thrower").start();
                sleepForEver();
            }
            case "throw-in-virtual" -> {
                Thread.ofVirtual().name("thrower").start(() -> {
                    throw new IllegalStateException("boom");
                });
                sleepForEver();
            }
            case "throw-strange" -> throw new Strange();
            case "own-handler" -> ownHandler();
            case "hooks" -> hooks();
            case "slow-hook" -> slowHook();
            case "streams" -> streams();
            case "lines-then-throw" -> {
                for (int i = 0; i < 500; i++) {
                    System.out.println("line " + i);
                }
                System.out.print("half a line");
                throw new IllegalStateException("after the lines");
            }
            case "daemon" -> {
                var thread = new Thread(Probe::sleepForEver);
                thread.setDaemon(true);
                thread.start();
                Thread.startVirtualThread(Probe::sleepForEver);
            }
            case "non-daemon" -> {
                var latch = new CountDownLatch(1);
                new Thread(() -> {
                    try {
                        latch.await();
                        System.out.println("thread done");
                    } catch (InterruptedException e) {
                        System.out.println("interrupted");
                    }
                }).start();
                Thread.sleep(100);
                latch.countDown();
            }
            case "sleep" -> sleepForEver();
            case "wait" -> {
                System.out.println("waiting");
                sleepForEver();
            }
            case "spin" -> {
                System.out.println("spinning");
                while (true) {}
            }
            case "loaders" -> loaders();
            case "cast" -> {
                try {
                    System.out.println((Crossed) programs.common.Kept.OBJECTS.getFirst());
                } catch (ClassCastException e) {
                    throw new IllegalStateException("wrapped", e);
                }
            }
            case "leak" -> {
                programs.common.Kept.OBJECTS.add(new Probe());
                System.out.println("leaked");
                sleepForEver();
            }
            case "tidy" -> tidy();
            case "timer" -> timers();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void sleepForEver() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            System.out.println("interrupted");
        }
    }

    private static void identity() {
        System.out.println("id " + System.getenv("CORRAL_ID") + " slot " + System.getenv("CORRAL_SLOT") + " name "
                + System.getenv("CORRAL_NAME") + " own " + System.getenv("OWN") + " all " + System.getenv().get("OWN")
                + " path " + (System.getenv("PATH") != null));
        sleepForEver();
    }

    private static void statics() {
        counter++;
        String before = System.getProperty("probe", "none");
        System.setProperty("probe", "set by " + System.getenv("CORRAL_ID"));
        Thread.setDefaultUncaughtExceptionHandler((_, _) -> {});
        System.out.println("counter " + counter + " before " + before + " now " + System.getProperty("probe"));
        sleepForEver();
    }

    private static void exitInPool() {
        var pool = Executors.newFixedThreadPool(2);
        pool.submit(() -> {
            IntConsumer exit = System::exit;
            exit.accept(3);
            System.out.println("came back");
        });
    }

    private static void exitThroughCatch() {
        for (int i = 0; i < 3; i++) {
            try {
                System.exit(3);
            } catch (Throwable t) {
                System.out.println("caught " + t);
            } finally {
                System.out.println("finally");
            }
        }
        System.out.println("came back");
    }

    /** A hook that needs a lock which the caller of exit holds: as in Java, it waits for ever. */
    private static void exitWithLock() {
        Object lock = new Object();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            synchronized (lock) {
                System.out.println("hook has the lock");
            }
        }));
        synchronized (lock) {
            System.exit(5);
        }
    }

    private static void ownHandler() throws InterruptedException {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> System.out.println(thread.getName() + " " + e.getMessage()));
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofPlatform().name("platform").start(() -> {
            throw new IllegalStateException("one");
        }));
        threads.add(Thread.ofVirtual().name("virtual").start(() -> {
            throw new IllegalStateException("two");
        }));
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("alive");
        sleepForEver();
    }

    private static void hooks() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook one")));
        var removed = new Thread(() -> System.out.println("removed hook"));
        Runtime.getRuntime().addShutdownHook(removed);
        System.out.println("removed " + Runtime.getRuntime().removeShutdownHook(removed));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Runtime.getRuntime().addShutdownHook(new Thread());
            } catch (IllegalStateException e) {
                System.out.println("late: " + e.getMessage());
            }
        }));
        System.out.println("hooked");
        sleepForEver();
    }

    private static void slowHook() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("hook begins");
            sleepForEver();
        }));
        System.out.println("hooked");
        sleepForEver();
    }

    private static void streams() {
        System.out.println("out");
        System.err.println("err");
        new IllegalStateException("trace").printStackTrace();
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        System.out.print("captured");
        System.setOut(before);
        System.out.println("got " + bytes.toString(StandardCharsets.UTF_8));
        System.setOut(new PrintStream(before, true) { // a tee, as test frameworks and loggers make it
            @Override
            public void println(String line) {
                super.println("tee " + line);
            }
        });
        System.out.println("teed");
        System.out.print("no line break");
    }

    private static void loaders() throws Exception {
        ClassLoader own = Probe.class.getClassLoader();
        System.out.println("system " + (ClassLoader.getSystemClassLoader() == own));
        System.out.println("context " + (Thread.currentThread().getContextClassLoader() == own));
        System.out.println("resource " + (own.getResource("programs/Probe.class") != null));
        System.out.println("name " + own.getName());
        try {
            Class.forName("dev.corral.master.Master");
            System.out.println("master visible");
        } catch (ClassNotFoundException e) {
            System.out.println("master invisible");
        }
        System.out.println("api " + Class.forName("dev.corral.Cluster").getSimpleName());
        System.out.println("jdk " + Class.forName("java.sql.Driver").getSimpleName());
        var forkJoin = new ForkJoinPool(1);
        System.out.println(
                "forkjoin " + forkJoin.submit(() -> Thread.currentThread().getContextClassLoader() == own).get());
        URL source = Probe.class.getProtectionDomain().getCodeSource().getLocation();
        System.out.println("source " + new File(source.toURI()).exists());
        System.out.println("class path " + System.getProperty("java.class.path").contains("corral-"));
        System.out.println("done");
        System.exit(0);
    }

    /** Leaves behind everything that a careless program leaves behind. */
    private static void tidy() throws Exception {
        var local = new ThreadLocal<Object>();
        local.set(new Probe());
        var fixed = Executors.newFixedThreadPool(2);
        fixed.submit(() -> local.set(new Probe())).get();
        var wrapped = Executors.newFixedThreadPool(1, task -> new Thread(() -> {
            Runnable again = () -> task.run();
            again.run();
        }, "wrapped"));
        wrapped.submit(() -> local.set(new Probe())).get();
        var scheduled = Executors.newScheduledThreadPool(1);
        var _ = scheduled.scheduleAtFixedRate(() -> local.set(new Probe()), 0, 10, TimeUnit.MILLISECONDS);
        var forkJoin = new ForkJoinPool(2);
        forkJoin.submit(() -> local.set(new Probe())).get();
        timer = new Timer("timer");
        timer.schedule(new TimerTask() {
            @Override
            public void run() {
                local.set(new Probe());
            }
        }, 1, 1);
        var perTask = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < 10; i++) {
            perTask.submit(() -> {
                local.set(new Probe());
                sleepForEver();
            });
            Thread.startVirtualThread(() -> {
                synchronized (local) {
                    try {
                        local.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
        }
        CompletableFuture.runAsync(() -> {}).join();
        var memory = (NotificationEmitter) ManagementFactory.getMemoryMXBean();
        NotificationListener removed = (_, _) -> {};
        memory.addNotificationListener(removed, null, null);
        memory.removeNotificationListener(removed, null, null);
        memory.addNotificationListener((_, _) -> {}, null, null);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));
        Thread.setDefaultUncaughtExceptionHandler((_, _) -> {});
        new Thread(() -> {
            while (true) {
                try {
                    Thread.sleep(1_000_000);
                } catch (InterruptedException e) {
                    // takes no notice
                }
            }
        }, "stubborn").start();
        awaitUninterruptibly(new ReentrantLock());
        awaitUninterruptibly(new ReentrantReadWriteLock().writeLock());
        System.out.println("untidy");
    }

    /** Two threads, which take no notice of interrupts, but the JDK has the loop. */
    private static void awaitUninterruptibly(Lock lock) {
        Condition never = lock.newCondition();
        Runnable waiting = () -> {
            lock.lock();
            try {
                while (true) {
                    never.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        };
        new Thread(waiting, "awaits").start();
        Thread.ofVirtual().name("awaits").start(waiting);
    }

    private static void timers() {
        new Timer("timer").schedule(new TimerTask() {
            @Override
            public void run() {
                System.out.println("tick");
            }
        }, 1, 1);
    }

    /** An exception that does harm to whoever looks at it. */
    private static final class Strange extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("message");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("toString");
        }
    }
}
