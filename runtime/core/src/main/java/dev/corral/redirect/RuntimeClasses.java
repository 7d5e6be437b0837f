package dev.corral.redirect;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.security.SecureClassLoader;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Classes that a program defines while it runs: they are woven, each time they are defined. That covers lookups, the
 * {@code defineClass} that a class loader of the program inherits, also called by {@linkplain Reflection reflection}, and
 * {@link URLClassLoader}s; not what is called from native code.
 *
 * <p>Woven code finds the gate by its name, through the loader that defines it. Where that loader does not find it, as one
 * without a parent, the class is defined as it is, and counted.
 */
@Effect(of = "`Lookup.defineClass`, `defineHiddenClass`, class loaders of its own, `URLClassLoader`",
        becomes = "what they define has checkpoints and redirects too, if the loader finds the worker's classes")
public final class RuntimeClasses implements Redirect {
    /** Name of the method that weaves the argument of a {@code defineClass}. */
    public static final String WEAVE = "ClassLoader_weave";
    private static final Set<String> DEFINE_CLASS = Set.of("([BII)Ljava/lang/Class;",
            "(Ljava/lang/String;[BII)Ljava/lang/Class;",
            "(Ljava/lang/String;[BIILjava/security/ProtectionDomain;)Ljava/lang/Class;",
            "(Ljava/lang/String;[BIILjava/security/CodeSource;)Ljava/lang/Class;",
            "(Ljava/lang/String;Ljava/nio/ByteBuffer;Ljava/security/ProtectionDomain;)Ljava/lang/Class;",
            "(Ljava/lang/String;Ljava/nio/ByteBuffer;Ljava/security/CodeSource;)Ljava/lang/Class;");
    private static final System.Logger LOG = System.getLogger("dev.corral");

    private final AtomicInteger unwoven = new AtomicInteger();

    /** What the loader of a gate can do. */
    public interface Weaving {
        /**
         * The woven class.
         *
         * @throws RuntimeException if it cannot be woven
         */
        byte[] weave(byte[] original);
    }

    /** Without any classes yet. */
    RuntimeClasses() {}

    /** Classes that were defined as they are. Any thread. */
    public int unwoven() {
        return unwoven.get();
    }

    @Replaces(type = Lookup.class, method = "defineClass")
    Class<?> defineClass(Lookup lookup, byte[] bytes) throws IllegalAccessException {
        return lookup.defineClass(wovenFor(lookup, bytes));
    }

    @Replaces(type = Lookup.class, method = "defineHiddenClass")
    Lookup defineHiddenClass(Lookup lookup, byte[] bytes, boolean initialize, ClassOption... options)
            throws IllegalAccessException {
        return lookup.defineHiddenClass(wovenFor(lookup, bytes), initialize, options);
    }

    @Replaces(type = Lookup.class, method = "defineHiddenClassWithClassData")
    Lookup defineHiddenClassWithClassData(Lookup lookup, byte[] bytes, Object classData, boolean initialize,
            ClassOption... options) throws IllegalAccessException {
        return lookup.defineHiddenClassWithClassData(wovenFor(lookup, bytes), classData, initialize, options);
    }

    private byte[] wovenFor(Lookup lookup, byte[] bytes) {
        return woven(lookup.lookupClass().getClassLoader(), bytes.clone()); // as the JDK does, against later changes
    }

    /**
     * The bytes that are handed to a {@code defineClass}, in an array of their own. Whether that is the method of a class
     * loader, only its receiver tells; of anything else the bytes are left as they are.
     */
    @ForWeaver(value = WEAVE, otherwise = "copy")
    byte[] weave(Object receiver, byte[] bytes, int offset, int length) {
        byte[] own = copy(receiver, bytes, offset, length);
        return receiver instanceof ClassLoader loader ? woven(loader, own) : own;
    }

    @ForWeaver(value = WEAVE, otherwise = "copy")
    ByteBuffer weave(Object receiver, ByteBuffer buffer) {
        if (receiver instanceof ClassLoader loader) {
            var own = new byte[buffer.remaining()];
            buffer.duplicate().get(own);
            return ByteBuffer.wrap(woven(loader, own));
        }
        return buffer;
    }

    /** Whether it is one of the methods that class loaders inherit to define a class. All are final. */
    static boolean definesClass(Method method) {
        Class<?> owner = method.getDeclaringClass();
        return (owner == ClassLoader.class || owner == SecureClassLoader.class)
                && method.getName().equals("defineClass");
    }

    /** The same, by name and descriptor. Of anything else than a class loader, or of a static method, it says nothing. */
    public static boolean definesClass(String name, String descriptor) {
        return name.equals("defineClass") && DEFINE_CLASS.contains(descriptor);
    }

    /** The arguments of such a method, with the woven class in place of the original. */
    @Nullable
    Object[] weaveArguments(ClassLoader loader, @Nullable Object[] arguments) {
        var own = arguments.clone();
        for (int i = 0; i < own.length; i++) {
            if (own[i] instanceof ByteBuffer buffer) {
                own[i] = weave(loader, buffer);
            } else if (own[i] instanceof byte[] bytes && i + 2 < own.length && own[i + 1] instanceof Integer offset
                    && own[i + 2] instanceof Integer length) {
                byte[] woven = weave(loader, bytes, offset, length);
                own[i] = woven;
                own[i + 1] = 0;
                own[i + 2] = woven.length;
            }
        }
        return own;
    }

    @SuppressWarnings("UnusedVariable") // has the parameters of the other one
    private static byte[] copy(Object receiver, byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that no worker owns
    private static ByteBuffer copy(Object receiver, ByteBuffer buffer) {
        return buffer;
    }

    @Replaces(type = URLClassLoader.class, method = "newInstance")
    URLClassLoader newInstance(URL[] urls, @Nullable ClassLoader parent) {
        return new WovenUrlClassLoader(urls, parent);
    }

    /** What the loader is to define: woven, or the original. */
    private byte[] woven(@Nullable ClassLoader loader, byte[] original) {
        Weaving weaving = weavingOf(loader);
        byte[] woven = weaving == null ? null : wovenBy(weaving, original);
        if (woven == null) {
            unwoven.incrementAndGet();
            return original;
        }
        return woven;
    }

    /** The woven class; null if it cannot be woven: broken, or too large with checkpoints. The JVM tells the former. */
    static byte @Nullable [] wovenBy(Weaving weaving, byte[] original) {
        try {
            return weaving.weave(original);
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "a class that is defined at run time could not be woven: {0}", e);
            return null;
        }
    }

    /** For the worker that the current thread belongs to. */
    static void countUnwoven() {
        RuntimeClasses current = JvmWide.ofCurrentThread(RuntimeClasses.class);
        if (current != null) {
            current.unwoven.incrementAndGet();
        }
    }

    /** The weaving of the gate that this loader finds; null if it finds none. */
    static @Nullable Weaving weavingOf(@Nullable ClassLoader loader) {
        if (loader == null) {
            return null;
        }
        try {
            return loader.loadClass(Interceptions.GATE).getClassLoader() instanceof Weaving weaving ? weaving : null;
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) { // its loadClass is the program's code
            return null;
        }
    }
}
