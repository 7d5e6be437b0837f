package dev.corral.redirect;

import dev.corral.thread.Log;
import java.io.ObjectInputFilter;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The filter of deserialization, which may be set once per JVM: here once per worker. The JVM's own is set once and for all to
 * one that asks that of the worker that the current thread belongs to.
 */
@Documented(of = "`ObjectInputFilter.Config.setSerialFilter`",
        becomes = "its own filter, once in each worker; a filter factory is refused")
public final class SerialFilters implements Redirect {
    private static final Log LOG = Log.get();
    private static final AtomicBoolean ASKED = new AtomicBoolean();

    private volatile @Nullable ObjectInputFilter filter;

    /** Without a filter of its own yet. */
    SerialFilters() {}

    @Replaces(type = ObjectInputFilter.Config.class, method = "setSerialFilter")
    void set(ObjectInputFilter filter) {
        synchronized (this) {
            if (this.filter != null) {
                throw new IllegalStateException("Serial filter can only be set once"); // in the JDK's words
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

    private static ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
        SerialFilters current = JvmWide.ofCurrentThread(SerialFilters.class);
        ObjectInputFilter own = current == null ? null : current.filter;
        return own == null ? ObjectInputFilter.Status.UNDECIDED : own.checkInput(info);
    }

    @Replaces(type = ObjectInputFilter.Config.class, method = "getSerialFilter")
    @Nullable
    ObjectInputFilter get() {
        return filter;
    }

    /** There is no telling whose stream the JVM's factory is asked for, so a worker cannot set one. */
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
