package dev.corral.isolate;

import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.weave.Gate;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of the packages that all workers of a program have in common. Classes that the embedding program has
 * come from the embedding program; this loader defines the others, once. The code belongs to no worker: its calls are
 * redirected for the worker that the current thread belongs to, and it has no checkpoints. Thread-safe.
 */
final class SharedLoader extends WeavingLoader {
    static {
        registerAsParallelCapable();
    }

    SharedLoader(ProgramCode code) {
        super(code.program().name() + "-shared", code);
    }

    @Override
    @Nullable
    ClassLoader loaderOf(String className) {
        ClassLoader parent = code.program().parent();
        String resource = className.replace('.', '/') + ".class";
        return parent.getResource(resource) == null ? null : parent;
    }

    @Override
    public CallSite apply(String gateName, MethodType type) {
        return gateName.equals(Gate.CHECKPOINT)
                ? new ConstantCallSite(MethodHandles.zero(void.class))
                : Catalogue.interceptions().linkShared(gateName, type, Owner::redirects);
    }
}
