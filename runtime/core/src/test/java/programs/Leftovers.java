package programs;

import com.sun.net.httpserver.HttpServer;
import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.naming.Context;
import javax.naming.directory.InitialDirContext;
import programs.common.Kept;
import sun.misc.Signal;

/** Leaves behind what its argument says, held by its statics as well. */
public final class Leftovers {
    private static final List<Object> KEPT = new ArrayList<>();
    private static final ClassValue<Leftovers> OF_CLASSES = new ClassValue<>() {
        @Override
        protected Leftovers computeValue(Class<?> type) {
            return new Leftovers();
        }
    };

    private Leftovers() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "busy-common-pool" -> {
                for (int i = 0; i < 3; i++) {
                    KEPT.add(CompletableFuture.runAsync(Leftovers::sleep));
                }
            }
            case "signals" -> {
                KEPT.add(Signal.handle(new Signal("TERM"), _ -> KEPT.clear()));
                KEPT.add(Signal.handle(new Signal("USR1"), _ -> KEPT.clear()));
            }
            case "timeouts" -> {
                KEPT.add(new CompletableFuture<Leftovers>().orTimeout(1, TimeUnit.HOURS));
                KEPT.add(new CompletableFuture<Leftovers>().completeOnTimeout(new Leftovers(), 1, TimeUnit.HOURS));
                CompletableFuture.delayedExecutor(1, TimeUnit.HOURS).execute(Leftovers::sleep);
            }
            case "schedule-in-common-pool" -> schedule(ForkJoinPool.commonPool());
            case "schedule-in-pool" -> schedule(new ForkJoinPool(1));
            case "schedule-in-work-stealing-pool" -> schedule((ForkJoinPool) Executors.newWorkStealingPool(1));
            case "forked-task" -> KEPT.add(ForkJoinTask.adapt(() -> KEPT.add(new Leftovers())).fork());
            case "parallel-stream" -> KEPT.add(IntStream.range(0, 1000).parallel()
                    .mapToObj(_ -> new Leftovers()).toList());
            case "http-client" -> httpClient(HttpClient.newHttpClient());
            case "deaf-http-client" -> {
                var pool = new ThreadPoolExecutor(0, 8, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
                        new ThreadPoolExecutor.DiscardPolicy());
                httpClient(HttpClient.newBuilder().executor(pool).build());
                pool.shutdownNow(); // as any is whose threads have ended
                interrupt("SelectorManager");
            }
            case "cleaner" -> {
                Cleaner cleaner = Cleaner.create();
                KEPT.add(cleaner);
                KEPT.add(cleaner.register(KEPT, () -> System.out.println("cleaned")));
            }
            case "cleaner-of-factory" -> {
                Cleaner cleaner = Cleaner.create(task -> new Thread(task, "own cleaner"));
                KEPT.add(cleaner.register(KEPT, () -> System.out.println("cleaned")));
                KEPT.add(cleaner);
                var run = new CountDownLatch(1);
                cleaner.register(new Leftovers(), run::countDown);
                while (!run.await(10, TimeUnit.MILLISECONDS)) {
                    System.gc();
                }
            }
            case "timer" -> new Timer().schedule(new TimerTask() {
                @Override
                public void run() {
                    sleep();
                }
            }, 1, TimeUnit.HOURS.toMillis(1));
            case "dead-timer" -> deadTimer();
            case "scheduled-executor" -> {
                var executor = Executors.newSingleThreadScheduledExecutor();
                KEPT.add(executor.scheduleWithFixedDelay(() -> KEPT.add(new Leftovers()), 1, 1,
                        TimeUnit.MILLISECONDS));
                KEPT.add(executor.schedule(Leftovers::sleep, 1, TimeUnit.HOURS));
            }
            case "own-interrupt" -> new OwnInterrupt().start();
            case "own-handler" -> {
                var thread = new Thread(Leftovers::sleep);
                thread.setUncaughtExceptionHandler(Kept.THROWN::put);
                thread.start();
            }
            case "jdbc-driver" -> {
                Class.forName("programs.TinyDriver");
                KEPT.add(DriverManager.getConnection("tiny:it"));
            }
            case "h2" -> {
                var connection = DriverManager.getConnection("jdbc:h2:mem:it;DB_CLOSE_DELAY=-1");
                KEPT.add(connection.createStatement().execute("create table mine(id int)"));
            }
            case "directory" -> KEPT.add(new InitialDirContext(new Hashtable<>(
                    Map.of(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory",
                            Context.PROVIDER_URL, "ldap://127.0.0.1:" + args[1],
                            "com.sun.jndi.ldap.connect.pool", args[2]))));
            case "class-value" -> KEPT.add(OF_CLASSES.get(String.class));
            case "beans" -> KEPT.add(Introspector.getBeanInfo(Leftovers.class));
            case "beans-of-virtual-threads" -> Thread.ofVirtual().start(() -> {
                try {
                    KEPT.add(Introspector.getBeanInfo(Leftovers.class));
                } catch (IntrospectionException e) {
                    throw new AssertionError(e);
                }
            }).join();
            case "caught-exceptions" -> {
                for (int i = 1; i < 12; i++) {
                    MethodHandle target = MethodHandles.empty(MethodType.methodType(void.class,
                            Collections.nCopies(i, Leftovers.class)));
                    KEPT.add(MethodHandles.catchException(target, Throwable.class,
                            MethodHandles.empty(MethodType.methodType(void.class, Throwable.class))));
                }
            }
            case "record" -> KEPT.add(new Left(new Leftovers()).equals(new Left(null)));
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("left");
        new CountDownLatch(1).await();
    }

    /** Its methods are linked at their first use. */
    private record Left(Leftovers component) {}

    /** Takes part in how it is interrupted. */
    private static final class OwnInterrupt extends Thread {
        @Override
        public void run() {
            Leftovers.sleep();
        }

        @Override
        public void interrupt() {
            super.interrupt();
        }
    }

    /** Whose thread has ended before its worker does. */
    private static void deadTimer() throws InterruptedException {
        var timer = new Timer();
        KEPT.add(timer);
        var threads = new SynchronousQueue<Thread>();
        timer.schedule(new TimerTask() {
            @Override
            public void run() {
                Thread thread = Thread.currentThread();
                thread.setUncaughtExceptionHandler((_, _) -> {});
                try {
                    threads.put(thread);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                throw new IllegalStateException("of a task");
            }
        }, 0);
        threads.take().join();
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void schedule(ForkJoinPool pool) {
        KEPT.add(pool.schedule(Leftovers::sleep, 1, TimeUnit.HOURS));
        KEPT.add(pool.scheduleAtFixedRate(() -> KEPT.add(new Leftovers()), 1, 1, TimeUnit.HOURS));
    }

    /** Interrupts a thread, and waits for its end. */
    private static void interrupt(String name) throws InterruptedException {
        var all = new Thread[Thread.activeCount() + 16];
        int count = Thread.enumerate(all);
        for (int i = 0; i < count; i++) {
            if (all[i].getName().contains(name)) {
                all[i].interrupt();
                all[i].join();
            }
        }
    }

    /** With an answer that never comes, and one that did. */
    private static void httpClient(HttpClient client) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/never")) {
                sleep();
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        KEPT.add(client);
        KEPT.add(client.sendAsync(request(server, "/never"), HttpResponse.BodyHandlers.ofString())
                .thenApplyAsync(response -> KEPT.add(response)));
        System.out.println(client.send(request(server, "/"), HttpResponse.BodyHandlers.ofString()).statusCode());
    }

    private static HttpRequest request(HttpServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path)).build();
    }
}
