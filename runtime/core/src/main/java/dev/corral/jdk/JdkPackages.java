package dev.corral.jdk;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The class loaders of the packages of the JDK's own modules. As on any class path, the JDK's packages take precedence:
 * a copy of such a package in a jar is ignored. Most packages belong to the platform class loader and its ancestors; a
 * few tools belong to the system class loader. Thread-safe.
 */
public final class JdkPackages {
    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();
    private static final Map<String, ClassLoader> LOADERS = loaders();

    private JdkPackages() {}

    private static Map<String, ClassLoader> loaders() {
        Map<String, ClassLoader> loaders = new HashMap<>();
        ModuleLayer boot = ModuleLayer.boot();
        for (ResolvedModule resolved : boot.configuration().modules()) {
            if (isOfJdk(resolved.reference())) {
                ModuleDescriptor descriptor = resolved.reference().descriptor();
                ClassLoader loader = boot.findLoader(descriptor.name());
                boolean isTool = loader == ClassLoader.getSystemClassLoader();
                descriptor.packages().forEach(name -> loaders.put(name, isTool ? loader : PLATFORM));
            }
        }
        return loaders;
    }

    private static boolean isOfJdk(ModuleReference reference) {
        return reference.location().map(uri -> "jrt".equals(uri.getScheme())).orElse(true);
    }

    /** Returns the class loader of a class of the JDK; null if the JDK does not have its package. */
    public static @Nullable ClassLoader loaderOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? null : LOADERS.get(className.substring(0, dot));
    }
}
