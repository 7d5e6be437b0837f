package dev.corral.master;

import dev.corral.Worker;
import dev.corral.supervision.RestartHistory.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the supervision of its slot has noted about one worker. Belongs to the master's thread. */
final class SupervisionState {
    /** What follows the worker's end in its slot; null until that is decided. */
    @Nullable
    Decision decision;
    /** Whether another worker has taken its place, or its place stays empty after a reload. */
    boolean replaced;
    /** The requests to replace the worker because of its memory. */
    final Recycling recycling = new Recycling();
    /** The futures of the calls of {@link Worker#replace} that are under way. */
    final List<CompletableFuture<Worker>> replaceCalls = new ArrayList<>();
}
