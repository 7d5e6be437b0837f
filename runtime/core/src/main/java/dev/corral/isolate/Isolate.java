package dev.corral.isolate;

import static java.util.Objects.requireNonNull;

import dev.corral.WorkerContext;
import dev.corral.jdk.BeanCaches;
import dev.corral.portable.Receiver;
import dev.corral.redirect.Redirects;
import dev.corral.thread.ServiceThreads;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One worker's own copy of a program: class loader, thread group, kill switch. */
public final class Isolate {
    /** With this begin the names of Corral's own classes. */
    public static final String CORRAL_PREFIX = "dev.corral.";

    private final String name;
    private final ProgramCode code;
    private final KillSwitch killSwitch;
    private final WorkerGroup group;
    private final IsolateLoader loader;
    /** Both are set once, before the first thread of the isolate starts. */
    private @Nullable Redirects redirects;
    private @Nullable WorkerContext context;

    /**
     * Makes loader and group; loads no class yet.
     *
     * @param name of the worker, as in {@code hello#3}
     */
    public Isolate(String name, ProgramCode code) {
        this.name = name;
        this.code = code;
        this.killSwitch = new KillSwitch(name);
        this.group = new WorkerGroup(ServiceThreads.rootGroup(), this);
        this.loader = new IsolateLoader(this, code);
    }

    /** Gives it what its code calls in place of the JDK, and what {@link WorkerContext#find} finds. Before anything runs. */
    public void bind(Redirects redirects, WorkerContext context) {
        this.redirects = redirects;
        this.context = context;
    }

    /**
     * Enters the program on the current thread, which belongs to this isolate: its {@code main}, or its
     * {@link dev.corral.WorkerMain}. Returns when that does.
     *
     * @param online called when the class has been found, right before it is entered
     * @throws Throwable what the program throws, or why it cannot be entered
     */
    public void enter(Runnable online) throws Throwable {
        EntryPoint.enter(loader, code.program(), context(), online);
    }

    /** As in {@code hello#3}. */
    public String name() {
        return name;
    }

    /** The class loader. */
    public ClassLoader loader() {
        return loader;
    }

    /** What its code sees, for those who send to it. */
    public Receiver types() {
        return ProgramTypes.of(loader, code);
    }

    /** The group of its platform threads. */
    public ThreadGroup group() {
        return group;
    }

    /** What its code calls in place of the JDK. */
    public Redirects redirects() {
        return requireNonNull(redirects, "not bound yet");
    }

    /** The worker, seen from inside. */
    public WorkerContext context() {
        return requireNonNull(context, "not bound yet");
    }

    /** Whether its loader has defined a class of that name. Of a hidden class, the one that has made it. */
    public boolean hasDefined(String className) {
        int hidden = className.indexOf("$$");
        return loader.hasDefined(hidden < 0 ? className : className.substring(0, hidden));
    }

    /** Classes of its program that its loader has defined so far. Any thread. */
    public int definedClasses() {
        return loader.defined();
    }

    /**
     * Threads that load or define classes of its program, or have since the call before. For one thread, that watches it.
     */
    public Set<Thread> takeClassLoaders() {
        return loader.classLoads().take();
    }

    KillSwitch killSwitch() {
        return killSwitch;
    }

    /** From now on every loop and call of its code throws {@link dev.corral.WorkerKilled}. */
    public void condemn() {
        killSwitch.flip();
    }

    /** Whether {@link #condemn} has been called. */
    public boolean isCondemned() {
        return killSwitch.isFlipped();
    }

    /** Has the JDK forget what it found out about the program's classes as beans, once its threads have ended. */
    public void forgetBeans() throws InterruptedException {
        if (loader.usesBeans()) {
            BeanCaches.flush(group);
        }
    }

    /** Cuts the threads that could not be ended off from it. */
    public void dispose() {
        group.forget();
    }
}
