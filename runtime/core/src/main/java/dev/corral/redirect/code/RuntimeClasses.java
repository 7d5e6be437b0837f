package dev.corral.redirect.code;

import dev.corral.redirect.CurrentWorker;
import dev.corral.redirect.Documented;
import dev.corral.redirect.ForWeaver;
import dev.corral.redirect.Interceptions;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.Substitutes;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.lang.invoke.MethodHandles.Lookup;
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
 * Classes that a program defines at run time: they are woven when they are defined. This covers lookups, the {@code
 * defineClass} that a class loader of the program inherits, also if {@linkplain Reflection reflection} calls it, and
 * {@link URLClassLoader}s. It does not cover calls from native code.
 *
 * <p>Woven code finds the gate by its name, through the loader that defines it. A loader that does not find it, such as
 * one without a parent, gets a gate. A class that cannot be woven is defined unchanged, and counted.
 */
@Documented(of = "`Lookup.defineClass`, `defineHiddenClass`, class loaders of the program, `URLClassLoader`",
        becomes = "the classes that they define have checkpoints and redirects, too")
@Substitutes(type = URLClassLoader.class, by = WovenUrlClassLoader.class)
public final class RuntimeClasses implements Redirect {
    /** Name of the gate's method that weaves the argument of a {@code defineClass}. */
    public static final String WEAVE = "ClassLoader_weave";
    /** Descriptors of the methods of that name. */
    private static final Set<String> DEFINE_CLASS = Set.of("([BII)Ljava/lang/Class;",
            "(Ljava/lang/String;[BII)Ljava/lang/Class;",
            "(Ljava/lang/String;[BIILjava/security/ProtectionDomain;)Ljava/lang/Class;",
            "(Ljava/lang/String;[BIILjava/security/CodeSource;)Ljava/lang/Class;",
            "(Ljava/lang/String;Ljava/nio/ByteBuffer;Ljava/security/ProtectionDomain;)Ljava/lang/Class;",
            "(Ljava/lang/String;Ljava/nio/ByteBuffer;Ljava/security/CodeSource;)Ljava/lang/Class;");
    private static final Log LOG = Log.get();

    private final ClassLoader loader;
    private final AtomicInteger unwoven = new AtomicInteger();
    private final AtomicInteger defined = new AtomicInteger();

    /** Implemented by the loader of a gate. */
    public interface Weaving {
        /**
         * The woven class.
         *
         * @throws RuntimeException if it cannot be woven
         */
        byte[] weave(byte[] original);

        /**
         * The woven class for a loader that does not find the gate; null if that loader cannot get one.
         *
         * @throws RuntimeException if it cannot be woven
         */
        byte @Nullable [] weaveFor(ClassLoader orphan, byte[] original);
    }

    /** The redirect of the worker with this loader, which has defined no class yet. */
    public RuntimeClasses(ClassLoader loader) {
        this.loader = loader;
    }

    /** Number of classes that were defined unchanged. For any thread. */
    public int unwoven() {
        return unwoven.get();
    }

    /**
     * Number of classes that the program has defined at run time, including those that the JVM has refused. For any
     * thread.
     */
    public int defined() {
        return defined.get();
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
        return woven(lookup.lookupClass().getClassLoader(), bytes.clone()); // the JDK copies them, too, because the program may change them
    }

    /**
     * The bytes for a call of a method {@code defineClass}, in a new array. They are woven if the receiver is a class
     * loader; a class of the program may have a method of this name and type as well, which gets the bytes unchanged.
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

    /** Whether this is a method {@code defineClass} that class loaders inherit. All of these are final. */
    static boolean definesClass(Method method) {
        Class<?> owner = method.getDeclaringClass();
        return (owner == ClassLoader.class || owner == SecureClassLoader.class)
                && method.getName().equals("defineClass");
    }

    /** The same by name and descriptor, for an instance method of a class loader. */
    public static boolean definesClass(String name, String descriptor) {
        return name.equals("defineClass") && DEFINE_CLASS.contains(descriptor);
    }

    /** The arguments for such a method, with the woven class instead of the original. */
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

    @SuppressWarnings("UnusedVariable") // must have the parameters of its counterpart
    private static byte[] copy(Object receiver, byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that belongs to no worker
    private static ByteBuffer copy(Object receiver, ByteBuffer buffer) {
        return buffer;
    }

    @Replaces(type = URLClassLoader.class, method = "newInstance")
    URLClassLoader newInstance(URL[] urls, @Nullable ClassLoader parent) {
        return new WovenUrlClassLoader(urls, parent);
    }

    /** The class that the loader will define: woven, or the original. */
    private byte[] woven(@Nullable ClassLoader definer, byte[] original) {
        byte[] woven = definer == null ? null : wovenOrNull(definer, original);
        return woven == null ? original : woven;
    }

    /**
     * The woven class; null, and counted, if it cannot be woven because it is broken or too large, or because there is
     * no gate.
     */
    public byte @Nullable [] wovenOrNull(ClassLoader definer, byte[] original) {
        defined.incrementAndGet();
        byte[] woven = wovenBy(loader instanceof Weaving own ? own : null, definer, original);
        if (woven == null) {
            unwoven.incrementAndGet();
        }
        return woven;
    }

    /**
     * The same for the worker that the current thread belongs to or, if it belongs to none, for the worker whose gate
     * the loader finds.
     */
    static byte @Nullable [] wovenForCurrent(ClassLoader definer, byte[] original) {
        RuntimeClasses current = CurrentWorker.redirect(RuntimeClasses.class);
        return current == null ? wovenBy(null, definer, original) : current.wovenOrNull(definer, original);
    }

    private static byte @Nullable [] wovenBy(@Nullable Weaving own, ClassLoader definer, byte[] original) {
        try {
            Weaving weaving = weavingOf(definer);
            if (weaving != null) {
                return weaving.weave(original);
            }
            return own == null ? null : own.weaveFor(definer, original);
        } catch (RuntimeException e) { // if the class is broken, the JVM will report it
            LOG.log(Level.DEBUG, "a class that is defined at run time could not be woven: {0}", e);
            return null;
        }
    }

    /** The loader of the gate that this loader finds; null if it finds none. */
    private static @Nullable Weaving weavingOf(ClassLoader loader) {
        try {
            return loader.loadClass(Interceptions.GATE).getClassLoader() instanceof Weaving weaving ? weaving : null;
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) { // its loadClass is code of the program
            return null;
        }
    }
}
