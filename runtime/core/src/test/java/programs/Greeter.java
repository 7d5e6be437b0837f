package programs;

import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import java.util.concurrent.CountDownLatch;

/** A program that wants its context; what it does is in its environment. */
public final class Greeter implements WorkerMain {
    @Override
    public void run(WorkerContext me) throws Exception {
        System.out.println("I am " + me.id() + " of " + me.cluster() + " in slot " + me.slot() + ", virtual "
                + Thread.currentThread().isVirtual() + ", worker " + dev.corral.Cluster.isWorker() + ", same "
                + (WorkerContext.current() == me) + ", " + me.env().get("DO"));
        switch (me.env().getOrDefault("DO", "stay")) {
            case "return" -> {
            }
            case "ready" -> {
                me.ready();
                me.ready();
                new CountDownLatch(1).await();
            }
            case "leave" -> {
                me.disconnect();
                new CountDownLatch(1).await();
            }
            case "drain" -> {
                me.onDrain(() -> System.out.println("first registered, last run"));
                me.onDrain(() -> {
                    throw new IllegalStateException("an action that throws");
                });
                me.onDrain(() -> System.out.println("removed")).close();
                me.onDrain(() -> System.out.println("last registered, first run"));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook after drain")));
                me.ready();
                new CountDownLatch(1).await();
            }
            case "drain-for-ever" -> {
                me.onDrain(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        System.out.println("drain interrupted");
                    }
                });
                me.ready();
                new CountDownLatch(1).await();
            }
            case "fail" -> throw new java.io.IOException("checked");
            case "stats" -> {
                while (me.stats().state() == dev.corral.WorkerState.STARTING) {
                    Thread.onSpinWait();
                }
                System.out.println("slot " + me.stats().slot() + " " + me.stats().state());
                new CountDownLatch(1).await();
            }
            case "open" -> dev.corral.Cluster.open(dev.corral.Program.main(Greeter.class), 1);
            default -> new CountDownLatch(1).await();
        }
    }
}
