package programs;

import dev.corral.samples.Zombie;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Looks like a runaway and is none; then the sample {@code zombie}, which can be made one. Arguments: how it looks, its
 * port, and how much of that.
 */
public final class Innocent {
    private static final int KIB = 1024;
    private static final List<Node> HELD = new ArrayList<>();
    private static long sink;

    private Innocent() {}

    public static void main(String[] args) throws Exception {
        int amount = Integer.parseInt(args[2]);
        switch (args[0]) {
            case "plain" -> {
            }
            case "crowd" -> crowd(amount);
            case "garbage" -> Thread.ofPlatform().name("garbage").start(() -> fillAndLitter(amount));
            case "classes" -> loadClasses(amount);
            default -> throw new IllegalArgumentException(args[0]);
        }
        serve(args[1]);
    }

    private static void serve(String port) throws IOException {
        Zombie.main(new String[]{port});
    }

    /** So many virtual threads, all of them always runnable. */
    private static void crowd(int threads) {
        for (int i = 0; i < threads; i++) {
            Thread.startVirtualThread(() -> {
                while (true) {
                    sink++;
                    Thread.yield();
                }
            });
        }
    }

    /** An element of what has to be looked through. */
    private record Node(Node next) {}

    /** Holds so many MiB in small objects, and goes on making garbage that lives for a while, with rests in between. */
    private static void fillAndLitter(int mebibytes) {
        for (int i = 0; i < mebibytes; i++) {
            Node chain = null;
            for (int j = 0; j < KIB * KIB / 16; j++) {
                chain = new Node(chain);
            }
            HELD.add(chain);
        }
        System.out.println("holds " + HELD.size() + " MiB");
        Deque<byte[]> litter = new ArrayDeque<>();
        while (true) {
            for (int i = 0; i < KIB; i++) {
                litter.add(new byte[KIB]);
                if (litter.size() > 8 * KIB) {
                    litter.remove();
                }
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Those that {@code dev.corral.it.ManyClasses} has made. */
    private static void loadClasses(int classes) throws ReflectiveOperationException {
        long start = System.nanoTime();
        for (int i = 0; i < classes; i++) {
            Class.forName("many.C" + i).getMethod("run").invoke(null);
        }
        System.out.println("has loaded them in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
}
