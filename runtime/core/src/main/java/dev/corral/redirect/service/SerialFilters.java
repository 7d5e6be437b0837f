package dev.corral.redirect.service;

import dev.corral.redirect.CurrentWorker;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.thread.Log;
import java.io.ObjectInputFilter;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The filter of deserialisation. It may be set once per JVM; here it may be set once per worker. When the first worker
 * sets one, the JVM's filter becomes a dispatcher, for good.
 */
@Documented(of = "`ObjectInputFilter.Config.setSerialFilter`",
        becomes = "its own filter, which it may set once. A filter factory is refused")
public final class SerialFilters implements Redirect {
    private static final Log LOG = Log.get();
    /** Whether the JVM's filter has been set, or setting it was refused. */
    private static final AtomicBoolean ASKED = new AtomicBoolean();

    /** Written under the monitor. */
    private volatile @Nullable ObjectInputFilter filter;

    /** The redirect of a worker without a filter. */
    public SerialFilters() {}

    @Replaces(type = ObjectInputFilter.Config.class, method = "setSerialFilter")
    void set(ObjectInputFilter filter) {
        synchronized (this) {
            if (this.filter != null) {
                throw new IllegalStateException("Serial filter can only be set once"); // the JDK's message
            }
            this.filter = filter;
        }
        if (ASKED.compareAndSet(false, true)) {
            try {
                ObjectInputFilter.Config.setSerialFilter(SerialFilters::check);
            } catch (IllegalStateException e) {
                LOG.log(Level.WARNING,
                        "this JVM has a serial filter of its own; filters that workers set have no effect");
            }
        }
    }

    /** The JVM's filter: it passes the question on to the filter of the worker that the current thread belongs to. */
    private static ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
        SerialFilters current = CurrentWorker.redirect(SerialFilters.class);
        ObjectInputFilter own = current == null ? null : current.filter;
        return own == null ? ObjectInputFilter.Status.UNDECIDED : own.checkInput(info);
    }

    @Replaces(type = ObjectInputFilter.Config.class, method = "getSerialFilter")
    @Nullable
    ObjectInputFilter get() {
        return filter;
    }

    /** Refuses a factory, because the JVM's factory cannot know which worker a stream belongs to. */
    @SuppressWarnings("DoNotCallSuggester") // woven code calls it
    @Replaces(type = ObjectInputFilter.Config.class, method = "setSerialFilterFactory")
    void setFactory(BinaryOperator<@Nullable ObjectInputFilter> factory) {
        throw new IllegalStateException("a worker cannot set the serial filter factory of the JVM; set a filter");
    }

    @Override
    public void close() {
        filter = null;
    }
}
