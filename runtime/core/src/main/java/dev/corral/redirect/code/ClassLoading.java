package dev.corral.redirect.code;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Enumeration;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The class loaders that a program expects to find its classes: the system class loader, and the context class loader
 * of threads that the JDK has created with it. In a worker both are the worker's loader.
 */
@Documented(of = "the system class loader, context class loaders", becomes = "find the worker's code")
public final class ClassLoading implements Redirect {
    private static final ClassLoader OF_JVM = ClassLoader.getSystemClassLoader();

    private final ClassLoader loader;

    /** The redirect of the worker with this loader. */
    public ClassLoading(ClassLoader loader) {
        this.loader = loader;
    }

    @Replaces(type = ClassLoader.class, method = "getSystemClassLoader")
    ClassLoader getSystemClassLoader() {
        return loader;
    }

    @Replaces(type = ClassLoader.class, method = "getSystemResource")
    @Nullable
    URL getSystemResource(String name) {
        return loader.getResource(name);
    }

    @Replaces(type = ClassLoader.class, method = "getSystemResources")
    Enumeration<URL> getSystemResources(String name) throws IOException {
        return loader.getResources(name);
    }

    @Replaces(type = ClassLoader.class, method = "getSystemResourceAsStream")
    @Nullable
    InputStream getSystemResourceAsStream(String name) {
        return loader.getResourceAsStream(name);
    }

    @Replaces(type = Thread.class, method = "getContextClassLoader")
    @Nullable
    ClassLoader getContextClassLoader(Thread thread) {
        ClassLoader context = thread.getContextClassLoader();
        return context == OF_JVM ? loader : context;
    }

    @Replaces(type = ServiceLoader.class, method = "load")
    <S> ServiceLoader<S> load(Class<S> service) {
        return ServiceLoader.load(service, getContextClassLoader(Thread.currentThread()));
    }
}
