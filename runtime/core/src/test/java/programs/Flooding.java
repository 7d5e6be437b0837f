package programs;

import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Starts threads without end, in the way that the first argument names; or, with {@code rush}, as many as it may have
 * for a moment.
 */
public final class Flooding {
    private static long refused;

    private Flooding() {}

    public static void main(String[] args) throws Exception {
        System.out.println("begins");
        switch (args[0]) {
            case "virtual" -> {
                while (true) {
                    Thread.startVirtualThread(Flooding::rest);
                }
            }
            case "insisting" -> {
                while (true) {
                    try {
                        Thread.startVirtualThread(Flooding::rest);
                    } catch (RejectedExecutionException e) {
                        refused++;
                    }
                }
            }
            case "handler" -> Thread.startVirtualThread(() -> {
                while (refused == 0) {
                    try {
                        Thread.startVirtualThread(Flooding::rest);
                    } catch (RejectedExecutionException e) {
                        refused++; // and ends
                    }
                }
            });
            case "executor" -> {
                var executor = Executors.newVirtualThreadPerTaskExecutor();
                executor.execute(() -> {
                    while (true) {
                        executor.execute(Flooding::rest);
                    }
                });
            }
            case "platform" -> {
                while (true) {
                    new Thread(Flooding::rest).start();
                }
            }
            case "pool" -> { // whose threads the JDK makes
                var pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.DAYS, new LinkedBlockingQueue<>(1));
                while (true) {
                    pool.execute(Flooding::rest);
                }
            }
            case "rush" -> {
                while (refused == 0) {
                    try {
                        Thread.startVirtualThread(() -> sleep(200));
                    } catch (RejectedExecutionException e) {
                        refused++;
                        System.out.println(e.getMessage());
                    }
                }
                Thread.sleep(3000);
                Thread.startVirtualThread(() -> System.out.println("recovered"));
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
        rest();
    }

    private static void rest() {
        sleep(Long.MAX_VALUE);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
