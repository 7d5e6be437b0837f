package programs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** All ways to come by a stage, and where the asynchronous ones that follow it run. */
final class Stages {
    /** Of the worker, whose main thread comes here first. */
    private static final ThreadGroup GROUP = Thread.currentThread().getThreadGroup();
    private static final Executor DIRECT = Runnable::run;

    private Stages() {}

    private static final class Own<T> extends CompletableFuture<T> {
        Own(T value) {
            complete(value);
        }
    }

    private static Map<String, CompletionStage<?>> all() {
        Map<String, CompletionStage<?>> all = new LinkedHashMap<>();
        var made = new CompletableFuture<String>();
        all.put("new", made);
        Supplier<CompletableFuture<String>> maker = CompletableFuture::new;
        CompletableFuture<String> byReference = maker.get();
        byReference.complete("");
        all.put("reference", byReference);
        all.put("subclass", new Own<>(""));
        all.put("copy", made.copy());
        all.put("minimal", made.minimalCompletionStage());
        all.put("future of minimal", made.minimalCompletionStage().toCompletableFuture());
        all.put("stage of minimal", made.minimalCompletionStage().thenApply(x -> x));
        all.put("supplyAsync", CompletableFuture.supplyAsync(() -> ""));
        all.put("supplyAsync elsewhere", CompletableFuture.supplyAsync(() -> "", DIRECT));
        all.put("runAsync", CompletableFuture.runAsync(() -> {}));
        all.put("runAsync elsewhere", CompletableFuture.runAsync(() -> {}, DIRECT));
        all.put("completedFuture", CompletableFuture.completedFuture(""));
        all.put("completedStage", CompletableFuture.completedStage(""));
        all.put("failedFuture", CompletableFuture.failedFuture(new IllegalStateException()));
        all.put("failedStage", CompletableFuture.failedStage(new IllegalStateException()));
        all.put("allOf", CompletableFuture.allOf(made, byReference));
        all.put("anyOf", CompletableFuture.anyOf(made, byReference));
        all.put("anyOf completed", CompletableFuture.anyOf(byReference));
        all.put("thenCompose", byReference.thenCompose(_ -> made));
        all.put("orTimeout", new CompletableFuture<String>().orTimeout(1, TimeUnit.MILLISECONDS));
        all.put("completeOnTimeout",
                new CompletableFuture<String>().completeOnTimeout("", 1, TimeUnit.MILLISECONDS));
        all.put("delayedExecutor", CompletableFuture.runAsync(() -> {},
                CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS)));
        made.complete("");
        return all;
    }

    private static boolean isInPool() {
        return Thread.currentThread() instanceof ForkJoinWorkerThread worker
                && worker.getPool() == ForkJoinPool.commonPool() && worker.getThreadGroup() == GROUP;
    }

    /**
     * Those whose asynchronous stages run in another place than the common pool, and all else that is not as in the
     * JDK.
     */
    static String strayed() throws Exception {
        Map<String, Object> strayed = new LinkedHashMap<>();
        for (var entry : all().entrySet()) {
            var where = new CompletableFuture<Boolean>();
            entry.getValue().handleAsync((_, _) -> where.complete(isInPool()));
            if (!where.get(10, TimeUnit.SECONDS)) {
                strayed.put(entry.getKey(), "not in the pool");
            }
        }
        if (!CompletableFuture.supplyAsync(Stages::isInPool).get()) {
            strayed.put("supplyAsync", "itself");
        }
        var inDelayed = new CompletableFuture<Boolean>();
        CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS).execute(() -> inDelayed.complete(isInPool()));
        if (!inDelayed.get()) {
            strayed.put("delayedExecutor", "itself");
        }
        Throwable timedOut = new CompletableFuture<String>().orTimeout(1, TimeUnit.MILLISECONDS).handle((_, e) -> e)
                .get();
        if (!(timedOut instanceof TimeoutException)) {
            strayed.put("orTimeout", timedOut);
        }
        addIfStageIsMore(strayed);
        ForkJoinPool pool = ForkJoinPool.commonPool();
        pool.shutdown();
        pool.shutdownNow();
        pool.close();
        if (pool.isShutdown() || pool.awaitTermination(1, TimeUnit.SECONDS)) {
            strayed.put("pool", "ends");
        }
        return strayed.toString();
    }

    private static void addIfStageIsMore(Map<String, Object> strayed) {
        var origin = new CompletableFuture<String>();
        CompletionStage<String> stage = origin.minimalCompletionStage();
        try {
            strayed.put("stage", ((CompletableFuture<String>) stage).complete("by caller"));
        } catch (UnsupportedOperationException _) {
            // as it should be
        }
        stage.toCompletableFuture().complete("by caller");
        if (origin.isDone()) {
            strayed.put("stage", "completes its origin");
        }
    }
}
