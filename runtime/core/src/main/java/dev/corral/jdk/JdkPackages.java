package dev.corral.jdk;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which loader has the packages of the JDK's own modules. As for any class path, these come first: a copy of such a package
 * in a jar is not seen. Most are in the platform loader and above; a few tools are in the system loader.
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

    /** The loader to ask for this class; null if its package is none of the JDK's. */
    public static @Nullable ClassLoader loaderOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? null : LOADERS.get(className.substring(0, dot));
    }
}
