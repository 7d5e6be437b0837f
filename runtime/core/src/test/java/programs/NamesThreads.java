package programs;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;

/** Prints the names that its threads see: in every way to ask for a name, and of threads that the JDK creates. */
public final class NamesThreads {
    private NamesThreads() {}

    private static void see(String how, String name) {
        System.out.println(how + " " + name);
    }

    /** Asks by the simple name, which names the subclass in the class file. */
    private static class Own extends Thread {
        private final CountDownLatch end;

        Own(CountDownLatch end) {
            super("own-thread");
            this.end = end;
        }

        @Override
        public void run() {
            see("inherited", getName());
            setName("renamed");
            see("renamed", getName());
            try {
                end.await();
            } catch (InterruptedException e) {
                // ends
            }
        }
    }

    /** A subclass of a subclass. */
    private static final class Deep extends Own {
        Deep(CountDownLatch end) {
            super(end);
            setName("deep");
        }

        @Override
        public void run() {
            see("deep", getName());
            super.run();
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        var end = new CountDownLatch(1);
        see("main", Thread.currentThread().getName());
        Function<Thread, String> reference = Thread::getName;
        see("reference", reference.apply(Thread.currentThread()));
        new Own(end).start();
        var deep = new Deep(end);
        deep.start();
        see("other", deep.getName());
        Thread.ofVirtual().name("virtual").start(() -> see("virtual", Thread.currentThread().getName())).join();

        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(1, Thread.ofPlatform().name("pool").factory());
        server.setExecutor(pool);
        server.createContext("/", exchange -> {
            byte[] answer = Thread.currentThread().getName().getBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter("HTTP-Dispatcher"::equals)
                .forEach(name -> see("listed", name));
        end.await();
    }
}
