package dev.corral.isolate;

import dev.corral.jdk.BeanCaches;
import dev.corral.redirect.Redirects;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.weave.Gate;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of one worker. It has the worker's name, so that each stack trace and heap dump shows the worker.
 * Thread-safe.
 */
final class IsolateLoader extends WeavingLoader {
    static {
        registerAsParallelCapable();
    }

    private final Isolate isolate;
    private volatile boolean usesBeans;
    private final ClassLoads classLoads = new ClassLoads();
    private final AtomicInteger defined = new AtomicInteger();

    IsolateLoader(Isolate isolate, ProgramCode code) {
        super(isolate.name(), code);
        this.isolate = isolate;
    }

    Isolate isolate() {
        return isolate;
    }

    @Override
    @Nullable
    ClassLoader loaderOf(String className) {
        return code.isShared(className) ? code.sharedLoader() : null;
    }

    @Override
    public CallSite apply(String gateName, MethodType type) {
        Redirects redirects = isolate.redirects();
        return gateName.equals(Gate.CHECKPOINT)
                ? isolate.killSwitch().checkpoint()
                : Catalogue.interceptions().link(gateName, type, redirects);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(BeanCaches.PACKAGE)) {
            usesBeans = true;
        }
        return super.loadClass(name, resolve);
    }

    /** Returns whether the program has loaded a class of {@code java.beans} so far. */
    boolean usesBeans() {
        return usesBeans;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (var load = classLoads.begin()) {
            Class<?> type = super.findClass(name);
            load.succeeded();
            defined.incrementAndGet();
            return type;
        }
    }

    /** Returns the number of classes of the program that this loader has defined so far. */
    int defined() {
        return defined.get();
    }

    @Override
    public byte[] weave(byte[] original) {
        try (var load = classLoads.begin()) {
            byte[] woven = super.weave(original);
            load.succeeded();
            return woven;
        }
    }

    @Override
    public byte @Nullable [] weaveFor(ClassLoader orphan, byte[] original) {
        try (var load = classLoads.begin()) {
            byte[] woven = super.weaveFor(orphan, original);
            load.succeeded();
            return woven;
        }
    }

    ClassLoads classLoads() {
        return classLoads;
    }

    boolean hasDefined(String className) {
        Class<?> type = findLoadedClass(className);
        return type != null && type.getClassLoader() == this;
    }
}
