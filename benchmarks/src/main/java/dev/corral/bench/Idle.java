package dev.corral.bench;

import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import java.util.concurrent.CountDownLatch;

/** A program that does nothing, so that only Corral's own cost is measured. */
public final class Idle implements WorkerMain {
    @Override
    public void run(WorkerContext me) throws InterruptedException {
        me.ready();
        new CountDownLatch(1).await();
    }
}
