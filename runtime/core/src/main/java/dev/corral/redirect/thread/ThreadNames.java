package dev.corral.redirect.thread;

import static java.util.Objects.requireNonNull;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.util.Collection;

/**
 * Names of platform threads. Thread dumps and the other tools of the JVM show all workers at once, so the worker's name
 * stands in front of each name there: {@code hello#3/pool-1-thread-1}. The worker's own code sets and gets the name
 * without it. Code of the JDK creates threads as well, so names are also completed from outside, from time to time.
 * Thread-safe.
 */
@Documented(of = "names of threads",
        becomes = "its code sees its own names; in thread dumps the worker's name stands in front, as in "
                + "`hello#3/pool-1-thread-1`")
public final class ThreadNames implements Redirect {
    private final String prefix;

    /** The redirect of the worker with this name. */
    public ThreadNames(String worker) {
        this.prefix = worker + "/";
    }

    /** Returns the name as the worker's code sees it. */
    @Replaces(type = Thread.class, method = "getName")
    public String getName(Thread thread) {
        String name = thread.getName();
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    @Replaces(type = Thread.class, method = "setName")
    void setName(Thread thread, String name) {
        if (thread.isVirtual()) {
            thread.setName(name);
            return;
        }
        String complete = prefix + requireNonNull(name, "name");
        synchronized (this) { // otherwise complete() could write back the name that it has read before
            thread.setName(complete);
        }
    }

    /** Puts the worker's name in front of the names of these threads of the worker, where it is missing. */
    public void complete(Collection<Thread> platformThreads) {
        for (Thread thread : platformThreads) {
            synchronized (this) {
                String name = thread.getName();
                if (!name.startsWith(prefix)) {
                    thread.setName(prefix + name);
                }
            }
        }
    }
}
