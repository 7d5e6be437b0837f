package dev.corral.isolate;

import dev.corral.isolate.ProgramCode.Woven;
import dev.corral.jdk.JdkPackages;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.redirect.code.RuntimeClasses;
import dev.corral.weave.Gate;
import dev.corral.weave.OrphanGates;
import dev.corral.weave.Weaver;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A class loader that defines woven classes of one program. It searches in this order: the JDK, the package
 * {@code dev.corral} (which all workers share), the loader that {@link #loaderOf} returns, the program's class path.
 * Thread-safe.
 */
abstract sealed class WeavingLoader extends ClassLoader implements Gate.Linker, RuntimeClasses.Weaving
        permits IsolateLoader, SharedLoader {
    private static final ClassLoader CORRAL = WeavingLoader.class.getClassLoader();

    static {
        registerAsParallelCapable();
    }

    final ProgramCode code;
    private final Map<ClassPath.Place, ProtectionDomain> domains = new ConcurrentHashMap<>();

    WeavingLoader(String name, ProgramCode code) {
        super(name, getPlatformClassLoader());
        this.code = code;
        WeavingLoader.class.getModule().addReads(getUnnamedModule()); // for method handles, where Corral is a named module
    }

    /** Links a method of this loader's gate. */
    @Override
    public abstract CallSite apply(String gateName, MethodType type);

    @Override
    public byte[] weave(byte[] original) {
        return Weaver.weave(original, code.ancestry());
    }

    @Override
    public byte @Nullable [] weaveFor(ClassLoader orphan, byte[] original) {
        return OrphanGates.weave(orphan, this, original);
    }

    /**
     * Returns another loader that has the class and takes precedence over the program's class path; null if there is
     * none.
     */
    abstract @Nullable ClassLoader loaderOf(String className);

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null) {
                type = load(name);
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    private Class<?> load(String name) throws ClassNotFoundException {
        ClassLoader ofJdk = JdkPackages.loaderOf(name);
        if (ofJdk != null) {
            return ofJdk.loadClass(name);
        }
        if (name.startsWith(Isolate.CORRAL_PREFIX)) {
            if (name.equals(Gate.NAME)) {
                byte[] bytes = Gate.bytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
            if (name.indexOf('.', Isolate.CORRAL_PREFIX.length()) < 0 || Catalogue.interceptions().isSubstitute(name)) {
                return loadFrom(CORRAL, name);
            }
        }
        ClassLoader other = loaderOf(name);
        return other == null ? findClass(name) : other.loadClass(name);
    }

    static Class<?> loadFrom(@Nullable ClassLoader loader, String name) throws ClassNotFoundException {
        return Class.forName(name, false, loader);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Woven woven = code.find(name);
        if (woven == null) {
            throw new ClassNotFoundException(name);
        }
        ProtectionDomain domain = domains.computeIfAbsent(woven.place(),
                place -> new ProtectionDomain(place.source, null, this, null));
        definePackageOf(name, woven.place());
        return defineClass(name, woven.bytes(), 0, woven.bytes().length, domain);
    }

    /** Defines the package with the attributes of the manifest, from which programs read their version. */
    private void definePackageOf(String className, ClassPath.Place place) {
        int dot = className.lastIndexOf('.');
        Manifest manifest = place.manifest();
        if (dot < 0 || manifest == null) {
            return;
        }
        String name = className.substring(0, dot);
        if (getDefinedPackage(name) != null) {
            return;
        }
        Attributes own = manifest.getAttributes(name.replace('.', '/') + "/");
        try {
            definePackage(name, value(manifest, own, Attributes.Name.SPECIFICATION_TITLE),
                    value(manifest, own, Attributes.Name.SPECIFICATION_VERSION),
                    value(manifest, own, Attributes.Name.SPECIFICATION_VENDOR),
                    value(manifest, own, Attributes.Name.IMPLEMENTATION_TITLE),
                    value(manifest, own, Attributes.Name.IMPLEMENTATION_VERSION),
                    value(manifest, own, Attributes.Name.IMPLEMENTATION_VENDOR), null);
        } catch (IllegalArgumentException _) {
            // another thread has defined it
        }
    }

    private static @Nullable String value(Manifest manifest, @Nullable Attributes own, Attributes.Name name) {
        String value = own == null ? null : own.getValue(name);
        return value == null ? manifest.getMainAttributes().getValue(name) : value;
    }

    @Override
    protected @Nullable URL findResource(String name) {
        ClassPath.Found found = code.classPath().find(name);
        return found == null ? null : found.url();
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        List<URL> urls = code.classPath().findAll(name).stream().map(ClassPath.Found::url).toList();
        return Collections.enumeration(urls);
    }

    /**
     * Opens a resource. Returns the same bytes as its URL, but does not open the jar a second time, which would then
     * stay open in the JVM.
     */
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        URL ofJdk = getPlatformClassLoader().getResource(name);
        try {
            if (ofJdk != null) {
                return ofJdk.openStream();
            }
            ClassPath.Found found = code.classPath().find(name);
            return found == null ? null : found.open();
        } catch (IOException e) {
            return null; // as the JDK's loaders do
        }
    }

    @Override
    public String toString() {
        return "loader " + getName();
    }
}
