package programs;

import dev.corral.WorkerContext;
import java.util.concurrent.CountDownLatch;

/** Is ready, and does nothing until it is stopped. */
public final class Idle {
    private Idle() {}

    public static void main(String[] args) throws InterruptedException {
        WorkerContext.current().ready();
        new CountDownLatch(1).await();
    }
}
