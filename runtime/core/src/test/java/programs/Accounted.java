package programs;

import dev.corral.WorkerContext;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Uses up what its first argument says, in slot 0; the workers of other slots rest. */
public final class Accounted {
    private static final int MIB = 1 << 20;
    private static final WorkerContext ME = WorkerContext.current();
    /** Where what was allocated goes, so that it is. */
    private static volatile Object sink;

    private Accounted() {}

    public static void main(String[] args) throws Exception {
        ME.stats(); // whatever is loaded at the first time
        System.out.println("begun");
        if (ME.slot() == 0) {
            use(args);
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void use(String[] args) throws Exception {
        switch (args[0]) {
            case "allocate-on-carrier" -> {
                tellAllocated();
                Thread.startVirtualThread(() -> allocate(Integer.parseInt(args[1]))).join();
                tellAllocated();
            }
            case "allocate-in-pool" -> {
                ExecutorService pool = Executors.newFixedThreadPool(1);
                pool.submit(() -> {}).get();
                tellAllocated();
                pool.submit(() -> allocate(Integer.parseInt(args[1]))).get();
                tellAllocated();
            }
            case "allocate-and-end" -> {
                tellAllocated();
                for (int i = 0; i < 4; i++) {
                    var thread = new Thread(() -> {
                        allocate(Integer.parseInt(args[1]) / 4);
                        ME.stats(); // its last word
                    });
                    thread.start();
                    thread.join();
                }
                tellAllocated();
            }
            case "burn-on-carrier" -> Thread.startVirtualThread(() -> {
                while (true) {}
            });
            case "burn-in-thread" -> {
                long nanos = Long.parseLong(args[1]);
                while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < nanos) {}
                System.out.println("burnt");
            }
            case "virtual-threads" -> {
                var gate = new CountDownLatch(1);
                for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                    Thread.startVirtualThread(() -> awaitQuietly(gate));
                }
                System.out.println("started");
            }
            case "define" -> {
                tellClasses();
                for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                    new Definer().define("Defined" + i);
                }
                tellClasses();
            }
            case "grow" -> {
                while (true) {
                    allocate(1);
                    if (ME.stats().memory().allocatedBytes() > Long.parseLong(args[1]) * MIB) {
                        System.exit(1);
                    }
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void allocate(int mib) {
        for (int i = 0; i < mib; i++) {
            sink = new byte[MIB];
        }
    }

    private static void tellAllocated() {
        System.out.println("allocated " + ME.stats().memory().allocatedBytes());
    }

    private static void tellClasses() {
        System.out.println("classes " + ME.stats().memory().loadedClasses());
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A loader for one class. */
    private static final class Definer extends ClassLoader {
        Definer() {
            super(Accounted.class.getClassLoader());
        }

        void define(String name) {
            byte[] bytes = ClassFile.of().build(ClassDesc.of(name), _ -> {});
            sink = defineClass(name, bytes, 0, bytes.length);
        }
    }
}
