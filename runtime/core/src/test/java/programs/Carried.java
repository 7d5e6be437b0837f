package programs;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What virtual threads do to their carrier and to their siblings. */
public final class Carried {
    private static final CountDownLatch SIBLING = new CountDownLatch(1);
    private static final CountDownLatch SPINNING = new CountDownLatch(1);

    private Carried() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "fifo" -> {
                for (int i = 1; i < args.length; i++) {
                    Path fifo = Path.of(args[i]);
                    Thread.startVirtualThread(() -> read(fifo));
                }
                Thread.sleep(50);
                Thread.startVirtualThread(() -> System.out.println("sibling ran"));
            }
            case "class-initialiser" -> {
                Thread.startVirtualThread(() -> System.out.println(Waiting.class.getName() + " " + Waiting.VALUE));
                Thread.sleep(50);
                Thread.startVirtualThread(SIBLING::countDown);
            }
            case "spin" -> Thread.startVirtualThread(() -> {
                System.out.println("spinning");
                while (true) {}
            });
            case "spin-and-sibling" -> {
                Thread.startVirtualThread(() -> {
                    System.out.println("spinning"); // may give the carrier away for a moment
                    SPINNING.countDown();
                    while (true) {}
                });
                SPINNING.await();
                Thread.startVirtualThread(() -> System.out.println("sibling ran"));
                System.out.println("sibling started");
            }
            case "parallel" -> {
                int n = Integer.parseInt(args[1]);
                var met = new AtomicInteger();
                for (int i = 0; i < n; i++) {
                    Thread.startVirtualThread(() -> {
                        met.incrementAndGet();
                        while (met.get() < n) {
                            Thread.onSpinWait();
                        }
                        System.out.println("met");
                    });
                }
            }
            case "many" -> {
                int n = 100_000;
                var done = new CountDownLatch(n);
                for (int i = 0; i < n; i++) {
                    Thread.startVirtualThread(() -> {
                        Thread.yield();
                        done.countDown();
                    });
                }
                done.await();
                System.out.println("all done");
            }
            case "inherit" -> Thread.startVirtualThread(() -> {
                Thread.startVirtualThread(() -> System.out.println("child of " + System.getenv("CORRAL_ID")));
                new Thread(() -> System.out.println("thread of " + System.getenv("CORRAL_ID") + " in "
                        + Thread.currentThread().getThreadGroup().getName())).start();
            });
            default -> throw new IllegalArgumentException(args[0]);
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void read(Path fifo) {
        try (var in = new FileInputStream(fifo.toFile())) {
            System.out.println("read " + in.read());
        } catch (IOException e) {
            System.out.println("fifo: " + e);
        }
    }

    private static final class Waiting {
        static final int VALUE;

        static {
            try {
                SIBLING.await();
            } catch (InterruptedException e) {
                throw new ExceptionInInitializerError(e);
            }
            VALUE = 42;
        }
    }
}
