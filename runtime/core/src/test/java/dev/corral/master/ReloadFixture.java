package dev.corral.master;

import dev.corral.Program;
import dev.corral.ReloadPolicy;
import dev.corral.Worker;
import dev.corral.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A master whose workers are fakes, the next version of its program, and ways to bring a reload to its end. */
abstract class ReloadFixture {
    static final Program NEXT = new Bench.NoProgram(1);
    static final Duration READY_WITHIN = ReloadPolicy.DEFAULT.readyWithin();

    final Bench bench = new Bench(config -> config);

    CompletableFuture<Void> turned(CompletableFuture<Void> future) {
        bench.turn();
        return future;
    }

    static List<Worker> forkReady(Bench bench, int workers) {
        for (int i = 0; i < workers; i++) {
            bench.forkReady();
        }
        return bench.master.workers();
    }

    /** Returns the number of replacements that have started and have not taken over their slot. */
    static long replacements(Bench bench) {
        return bench.master.registry().live().stream().filter(worker -> worker.lifecycle().reason() == null
                && bench.master.slot(worker.slot()).filter(current -> current == worker).isEmpty()).count();
    }

    static Set<Program> programs(Bench bench) {
        return bench.master.workers().stream().map(Worker::program).collect(Collectors.toSet());
    }

    /** Lets every worker end that must end. Each successor becomes ready. */
    static void endAllThatGo(Bench bench) {
        for (int i = 0; i < 100; i++) {
            for (WorkerHandle worker : List.copyOf(bench.master.registry().live())) {
                if (worker.lifecycle().reason() != null) {
                    bench.of(worker).ended();
                } else if (worker.program().equals(bench.master.program())) {
                    bench.of(worker).ready();
                }
                bench.turn();
            }
        }
    }

    /** Lets everything succeed until the future completes. */
    static void finish(Bench bench, CompletableFuture<?> future) {
        bench.turn();
        for (int i = 0; i < 100 && !future.isDone(); i++) {
            for (WorkerHandle worker : List.copyOf(bench.master.registry().live())) {
                if (worker.lifecycle().reason() != null) {
                    bench.of(worker).ended();
                } else if (worker.state() == WorkerState.STARTING) {
                    bench.of(worker).ready();
                }
                bench.turn();
            }
        }
    }
}
