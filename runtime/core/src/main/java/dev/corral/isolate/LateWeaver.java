package dev.corral.isolate;

import dev.corral.jdk.JdkPackages;
import dev.corral.redirect.code.RuntimeClasses;
import dev.corral.weave.Gate;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes that were not woven before the JVM defines them: classes that loaders of a layer of modules define,
 * that native code defines, or that the JDK defines for a program. The JVM passes it every class that any loader
 * defines, except hidden classes. It finds the worker of those that are not woven. Thread-safe.
 */
final class LateWeaver implements ClassFileTransformer {
    /** The name of the gate, which is in the constant pool of every woven class that has any code. */
    private static final byte[] MARK = Gate.NAME.replace('.', '/').getBytes(StandardCharsets.US_ASCII);
    /** The class loaders of the JVM itself, whose classes belong to no worker. */
    private static final Set<ClassLoader> OF_JVM = ofJvm();

    private final Instrumentation instrumentation;

    /** Registers a late weaver, which then receives every class. */
    static void install(Instrumentation instrumentation) {
        instrumentation.addTransformer(new LateWeaver(instrumentation));
    }

    private LateWeaver(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    private static Set<ClassLoader> ofJvm() {
        Set<ClassLoader> loaders = new HashSet<>();
        for (ClassLoader start : new ClassLoader[]{ClassLoader.getSystemClassLoader(),
                LateWeaver.class.getClassLoader()}) {
            for (ClassLoader loader = start; loader != null; loader = loader.getParent()) {
                loaders.add(loader);
            }
        }
        return Set.copyOf(loaders);
    }

    @Override
    public byte @Nullable [] transform(Module module, @Nullable ClassLoader loader, @Nullable String className,
            @Nullable Class<?> redefined, @Nullable ProtectionDomain domain, byte[] bytes) {
        if (loader == null || OF_JVM.contains(loader) || redefined != null || isOfJdk(module, className)
                || contains(bytes, MARK)) {
            return null;
        }
        Isolate isolate = Owner.of(loader);
        if (isolate == null) {
            isolate = Owner.current();
        }
        if (isolate == null) {
            return null;
        }
        byte[] woven = isolate.redirects().get(RuntimeClasses.class).wovenOrNull(loader, bytes);
        if (woven != null && module.isNamed()) {
            letRead(module, loader);
        }
        return woven;
    }

    /**
     * Returns whether the JDK generated the class, as it does for proxies, and defined it beside the program's classes.
     * Such classes have no loops.
     */
    private static boolean isOfJdk(Module module, @Nullable String className) {
        return className == null || JdkPackages.loaderOf(className.replace('/', '.')) != null
                || (module.isNamed() && module.getName().startsWith("jdk.proxy"));
    }

    /** Makes a named module read the modules of the gate and of the substitutes; without this it cannot access them. */
    private void letRead(Module module, ClassLoader loader) {
        try {
            Class<?> gate = Class.forName(Gate.NAME, false, loader);
            instrumentation.redefineModule(module, Set.of(gate.getModule(), LateWeaver.class.getModule()), Map.of(),
                    Map.of(), Set.of(), Map.of());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            int j = 0;
            while (j < part.length && bytes[i + j] == part[j]) {
                j++;
            }
            if (j == part.length) {
                return true;
            }
        }
        return false;
    }
}
