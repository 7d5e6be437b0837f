package dev.corral.isolate;

import static java.util.Objects.requireNonNull;

import dev.corral.WorkerContext;
import dev.corral.jdk.BeanCaches;
import dev.corral.portable.Receiver;
import dev.corral.redirect.Redirects;
import dev.corral.thread.ServiceThreads;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One worker's own copy of a program: class loader, thread group, kill switch.
 *
 * <p>The master's thread creates the isolate and calls {@link #bind} before it starts the first thread of the isolate,
 * so all threads of the isolate see the bound values. The other methods may be called by any thread, except where they
 * say otherwise.
 */
public final class Isolate {
    /** The prefix of the names of Corral's own classes. */
    public static final String CORRAL_PREFIX = "dev.corral.";

    private final String name;
    private final ProgramCode code;
    private final KillSwitch killSwitch;
    private final WorkerGroup group;
    private final IsolateLoader loader;
    /** Both are written once, by {@link #bind}, before the first thread of the isolate starts. */
    private @Nullable Redirects redirects;
    private @Nullable WorkerContext context;

    /**
     * Creates the class loader and the thread group. Loads no class.
     *
     * @param name the name of the worker, as in {@code hello#3}
     */
    public Isolate(String name, ProgramCode code) {
        this.name = name;
        this.code = code;
        this.killSwitch = new KillSwitch(name);
        this.group = new WorkerGroup(ServiceThreads.rootGroup(), this);
        this.loader = new IsolateLoader(this, code);
    }

    /**
     * Sets the methods that the worker's code calls in place of the JDK's, and the result of
     * {@link WorkerContext#find}. Call it once, before any code of the worker runs.
     */
    public void bind(Redirects redirects, WorkerContext context) {
        this.redirects = redirects;
        this.context = context;
    }

    /**
     * Enters the program on the current thread, which must belong to this isolate, and returns when the program
     * returns. Enters its {@code main} method or its {@link dev.corral.WorkerMain}.
     *
     * @param online is called when the main class has been found, immediately before it is entered
     * @throws Throwable the exception of the program, or the reason why it cannot be entered
     */
    public void enter(Runnable online) throws Throwable {
        EntryPoint.enter(loader, code.program(), context(), online);
    }

    /** Returns the name of the worker, as in {@code hello#3}. */
    public String name() {
        return name;
    }

    /** Returns the class loader. */
    public ClassLoader loader() {
        return loader;
    }

    /** Returns the types that the worker's code sees, for senders of messages. */
    public Receiver types() {
        return ProgramTypes.of(loader, code);
    }

    /** Returns the group of the worker's platform threads. */
    public ThreadGroup group() {
        return group;
    }

    /** Returns the methods that the worker's code calls in place of the JDK's. */
    public Redirects redirects() {
        return requireNonNull(redirects, "not bound yet");
    }

    /** Returns the worker as its own code sees it. */
    public WorkerContext context() {
        return requireNonNull(context, "not bound yet");
    }

    /**
     * Returns whether its loader has defined a class of this name. For a hidden class, returns whether it has defined
     * the class that created the hidden one.
     */
    public boolean hasDefined(String className) {
        int hidden = className.indexOf("$$");
        return loader.hasDefined(hidden < 0 ? className : className.substring(0, hidden));
    }

    /** Returns the number of classes of the program that its loader has defined so far. */
    public int definedClasses() {
        return loader.defined();
    }

    /**
     * Returns the threads that are loading or defining classes of the program, or have done so since the previous call.
     * Only the thread that watches the worker may call it.
     */
    public Set<Thread> takeClassLoaders() {
        return loader.classLoads().take();
    }

    KillSwitch killSwitch() {
        return killSwitch;
    }

    /**
     * Kills the worker's code: from now on each of its loops and calls throws {@link dev.corral.WorkerKilled}. May be
     * called more than once.
     */
    public void condemn() {
        killSwitch.flip();
    }

    /** Returns whether {@link #condemn} has been called. */
    public boolean isCondemned() {
        return killSwitch.isFlipped();
    }

    /**
     * Removes what the JDK has cached about the program's classes as beans. Call it after the worker's threads have
     * ended. Blocks.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public void forgetBeans() throws InterruptedException {
        if (loader.usesBeans()) {
            BeanCaches.flush(group);
        }
    }

    /** Cuts off the threads that could not be ended, so that they no longer keep the isolate reachable. */
    public void dispose() {
        group.forget();
    }
}
