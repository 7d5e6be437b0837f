package dev.corral.redirect;

import static java.util.Objects.requireNonNull;

import dev.corral.port.SharedServerSocket;
import dev.corral.port.TrackedDatagramSocket;
import dev.corral.port.TrackedMulticastSocket;
import dev.corral.port.TrackedSocket;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.ldap.InitialLdapContext;
import org.jspecify.annotations.Nullable;

/**
 * The table of everything that is intercepted in a worker's code, made from the annotations of the redirects when this class
 * loads. A redirect that does not fit what it replaces fails there.
 */
public final class Interceptions {
    /** Name of the class that woven code calls; each worker has one. No program has a class of that name. */
    public static final String GATE = "dev.corral.weave.Gate$Woven";

    private static final List<Class<? extends Redirect>> REDIRECTS = List.of(
            Exits.class, Output.class, StandardDescriptors.class, ChildProcesses.class, Input.class, Environment.class,
            SystemProperties.class, ShutdownHooks.class, SignalHandlers.class,
            UncaughtExceptions.class, VirtualThreadMaking.class, PlatformThreadMaking.class, CommonPool.class,
            Processors.class, ClassLoading.class, RuntimeClasses.class, NativeLibraries.class, ServerSocketMaking.class,
            SelfConnections.class, AsynchronousChannels.class, Logging.class, ManagementBeans.class, JdbcDrivers.class,
            SecurityProviders.class, NetworkDefaults.class, TlsDefaults.class, HttpClients.class, UrlConnections.class,
            UrlHandlers.class,
            SerialFilters.class, NamingBuilders.class, TimeZones.class, Locales.class, LocaleText.class,
            LocaleFormats.class, Cleaners.class, ClassValues.class, ZipFileSystems.class, ExitFiles.class,
            Upcalls.class, Reflection.class);

    /** Classes that a worker's code extends and makes instead of the JDK's. */
    private static final Map<Class<?>, Class<?>> SUBSTITUTES = new HashMap<>(Map.of(
            ServerSocket.class, SharedServerSocket.class, Socket.class, TrackedSocket.class,
            DatagramSocket.class, TrackedDatagramSocket.class, MulticastSocket.class, TrackedMulticastSocket.class,
            URLClassLoader.class, WovenUrlClassLoader.class, CompletableFuture.class, WorkerFuture.class,
            ForkJoinPool.class, TrackedPool.class, Timer.class, TrackedTimer.class,
            ClassValue.class, TrackedClassValue.class));
    /** The same, by internal name. */
    private static final Map<String, String> SUBSTITUTE_NAMES = new HashMap<>();

    private static final Map<String, Interception> BY_TARGET = new HashMap<>();
    /** Those that something of is intercepted, by internal name: most of what a program calls is none of them. */
    private static final Set<String> OWNERS = new HashSet<>();
    private static final Map<String, Interception> BY_GATE = new HashMap<>();
    /** What constructors of substitutes take in addition, by internal name of the original. */
    private static final Map<String, Interception> ARGUMENTS = new HashMap<>();

    static {
        if (NamingBuilders.PRESENT) {
            SUBSTITUTES.put(InitialContext.class, WorkerInitialContext.class);
            SUBSTITUTES.put(InitialDirContext.class, WorkerInitialDirContext.class);
            SUBSTITUTES.put(InitialLdapContext.class, WorkerInitialLdapContext.class);
        }
        SUBSTITUTES.forEach((original, substitute) -> SUBSTITUTE_NAMES.put(internalName(original),
                internalName(substitute)));
        var lookup = MethodHandles.lookup();
        for (Class<? extends Redirect> redirect : REDIRECTS) {
            if (redirect == NamingBuilders.class && !NamingBuilders.PRESENT) {
                continue; // its methods name what this JVM does not have
            }
            for (Method method : redirect.getDeclaredMethods()) {
                Replaces replaces = method.getAnnotation(Replaces.class);
                ReplacesInEach inEach = method.getAnnotation(ReplacesInEach.class);
                ForWeaver forWeaver = method.getAnnotation(ForWeaver.class);
                MadeWith made = method.getAnnotation(MadeWith.class);
                if (replaces != null) {
                    var interception = Interception.of(lookup, redirect, method, replaces);
                    add(interception);
                    for (Class<?> subclass : replaces.through()) {
                        BY_TARGET.put(interception.targetThrough(subclass), interception);
                        OWNERS.add(internalName(subclass));
                    }
                } else if (inEach != null) {
                    for (Class<?> type : redirect.getAnnotation(AppliesTo.class).value()) {
                        add(Interception.inEach(lookup, redirect, method, type, inEach.method()));
                    }
                } else if (forWeaver != null) {
                    add(Interception.forWeaver(lookup, redirect, method, forWeaver));
                }
                if (made != null) {
                    var argument = Interception.argument(lookup, redirect, method, made.value());
                    ARGUMENTS.put(internalName(made.value()), argument);
                    add(argument);
                }
            }
        }
    }

    private static void add(Interception interception) {
        BY_TARGET.put(interception.target(), interception);
        int dot = interception.target().indexOf('.');
        if (dot > 0) {
            OWNERS.add(interception.target().substring(0, dot));
        }
        BY_GATE.put(interception.gateName() + interception.type(), interception);
    }

    private Interceptions() {}

    /** What stands in for a call of this method; null for most. */
    public static @Nullable Interception ofMethod(String owner, String name, String descriptor) {
        return OWNERS.contains(owner) ? BY_TARGET.get(owner + "." + name + descriptor) : null;
    }

    /** What stands in for a read of this static field; null for most. */
    public static @Nullable Interception ofField(String owner, String name) {
        return OWNERS.contains(owner) ? BY_TARGET.get(owner + "." + name) : null;
    }

    /** Whether anything of this class is intercepted, or it has a substitute. */
    public static boolean concern(String internalName) {
        return OWNERS.contains(internalName) || SUBSTITUTE_NAMES.containsKey(internalName);
    }

    /** What the weaver calls beside what a program calls. */
    public static Interception forWeaver(String name, String descriptor) {
        return requireNonNull(BY_TARGET.get(name + descriptor), name);
    }

    /** Internal name of the class that a worker's code extends and makes instead; null for most. */
    public static @Nullable String substitute(String internalName) {
        return SUBSTITUTE_NAMES.get(internalName);
    }

    /** Of each class that has one, the class that a worker's code extends and makes instead. */
    static Map<Class<?>, Class<?>> substitutes() {
        return Collections.unmodifiableMap(SUBSTITUTES);
    }

    /** What the constructors of the substitute for this class take after the original's arguments; null for most. */
    public static @Nullable Interception ofConstructors(String internalName) {
        return ARGUMENTS.get(internalName);
    }

    /** Whether woven code names this class, so that a worker's loader must find it. */
    public static boolean isSubstitute(String className) {
        return SUBSTITUTE_NAMES.containsValue(className.replace('.', '/'));
    }

    /** All rows; the gate has a method for each. */
    public static List<Interception> all() {
        return new ArrayList<>(BY_GATE.values());
    }

    /** The kinds of redirects, in the order in which they are told to users. */
    public static List<Class<? extends Redirect>> redirects() {
        return REDIRECTS;
    }

    /** Binds a method of the gate to the redirects of one worker. */
    public static CallSite link(String gateName, MethodType type, Redirects redirects) {
        Interception interception = byGate(gateName, type);
        return new ConstantCallSite(interception.handler().bindTo(redirects.get(interception.redirect())));
    }

    /**
     * Binds a method of the gate of code that workers share: at each call to the redirects of the worker that the current
     * thread belongs to, or to the original if it belongs to none.
     */
    public static CallSite linkShared(String gateName, MethodType type, Supplier<@Nullable Redirects> current) {
        Interception interception = byGate(gateName, type);
        MethodHandle redirected = MethodHandles.filterArguments(interception.handler(), 0,
                Shared.GET.bindTo(interception.redirect())
                        .asType(MethodType.methodType(interception.redirect(), Redirects.class)));
        MethodHandle original = MethodHandles.dropArguments(interception.original(), 0, Redirects.class);
        MethodHandle either = MethodHandles.guardWithTest(Shared.IS_PRESENT, redirected, original);
        MethodHandle now = Shared.SUPPLY.bindTo(current).asType(MethodType.methodType(Redirects.class));
        return new ConstantCallSite(MethodHandles.foldArguments(either, now));
    }

    private static Interception byGate(String gateName, MethodType type) {
        Interception interception = BY_GATE.get(gateName + type);
        if (interception == null) {
            throw new IllegalArgumentException("the gate has no " + gateName + type);
        }
        return interception;
    }

    static String internalName(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    /** Handles for {@link #linkShared}. */
    private static final class Shared {
        static final MethodHandle SUPPLY;
        static final MethodHandle IS_PRESENT;
        static final MethodHandle GET;

        static {
            try {
                var lookup = MethodHandles.lookup();
                SUPPLY = lookup.findVirtual(Supplier.class, "get", MethodType.methodType(Object.class));
                IS_PRESENT = lookup.findStatic(Shared.class, "isPresent",
                        MethodType.methodType(boolean.class, Redirects.class));
                GET = lookup.findStatic(Shared.class, "get",
                        MethodType.methodType(Redirect.class, Class.class, Redirects.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @SuppressWarnings("UnusedMethod") // through IS_PRESENT
        private static boolean isPresent(@Nullable Redirects redirects) {
            return redirects != null;
        }

        @SuppressWarnings("UnusedMethod") // through GET
        private static Redirect get(Class<? extends Redirect> type, Redirects redirects) {
            return redirects.get(type);
        }
    }
}
