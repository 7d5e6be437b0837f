package dev.corral.redirect.cleanup;

import dev.corral.redirect.Documented;
import dev.corral.redirect.ForWeaver;
import dev.corral.redirect.NotForSharedCode;
import dev.corral.redirect.Redirect;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the program has opened and an operating system closes when a process ends: files, channels, selectors, pipes,
 * directory streams, watch services, shared arenas. {@code OpeningCalls} of the weaver is the list of the calls whose
 * results are recorded.
 */
@Documented(of = "open files, channels, selectors, pipes, directory streams, watch services, shared arenas",
        becomes = "they are closed when this worker ends, in whatever way, with their locks. Text that waits in a `Writer` is "
                + "written")
@NotForSharedCode // what shared code opens, other workers may use after the end of this one
public final class OpenResources implements Redirect {
    /** Name of the gate's method that woven code calls with what it has opened. */
    public static final String OPENED = "Resource_opened";
    private static final Log LOG = Log.get();
    private static final int SHOWN = 5;

    private final String worker;
    private final Ledger ledger = new Ledger();

    /** The redirect of the worker with this name. */
    public OpenResources(String worker) {
        this.worker = worker;
    }

    /** Records a resource; null if nothing was opened. */
    @ForWeaver(value = OPENED, otherwise = "openedByNobody")
    void opened(@Nullable Object resource) {
        if (resource != null) {
            ledger.add(resource);
        }
    }

    @SuppressWarnings({"UnusedMethod", "unused"}) // for code that belongs to no worker
    private static void openedByNobody(@Nullable Object resource) {}

    /** Returns the number of resources that are open, as far as that can be known. */
    public int open() {
        return ledger.open();
    }

    /** Closes what is open, and logs what cannot be closed. */
    @Override
    public void close() {
        List<String> left = ledger.closeAll();
        if (!left.isEmpty()) {
            LOG.log(Level.WARNING, "{0} has left {1} resources open, which cannot be closed: {2}", worker, left.size(),
                    left.stream().distinct().limit(SHOWN).toList());
        }
    }
}
