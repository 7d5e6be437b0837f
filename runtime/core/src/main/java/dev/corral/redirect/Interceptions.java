package dev.corral.redirect;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The table of everything that is intercepted in a worker's code. It is built from the annotations of redirects,
 * initialises none of them, and never changes. A member that another version of the JDK does not have, or has with
 * another type, is left out.
 */
public final class Interceptions {
    /** Name of the class that woven code calls; each worker has one. No program has a class of that name. */
    public static final String GATE = "dev.corral.weave.Gate$Woven";

    private final List<Class<? extends Redirect>> redirects;
    /** The substitute of each class that has one. */
    private final Map<Class<?>, Class<?>> substitutes = new HashMap<>();
    /** The same by internal name. */
    private final Map<String, String> substituteNames = new HashMap<>();
    private final Map<String, Interception> byTarget = new HashMap<>();
    /** Internal names of the classes of which something is intercepted. Most calls of a program name none of them. */
    private final Set<String> owners = new HashSet<>();
    private final Predicate<String> hidden;
    /** The members that redirects replace and this JDK does not have, each with the reason. */
    private final Map<String, String> absent = new TreeMap<>();
    /** Names and descriptors of all methods that are intercepted somewhere. */
    private final Set<String> members = new HashSet<>();
    private final Map<String, Interception> byGate = new HashMap<>();
    /** Suppliers of the additional argument for constructors of substitutes, by internal name of the original. */
    private final Map<String, Interception> arguments = new HashMap<>();
    /** Created when it is first needed. Several threads may create it; all create the same. */
    private volatile @Nullable StandIns standIns;

    /**
     * The table for these redirects. Leaves out a redirect whose {@linkplain RequiresModule module} the JVM does not
     * have, and a row whose member the JDK does not have.
     *
     * @param hidden members that are treated as absent, as in {@code java.lang.System.exit}; for tests
     */
    public Interceptions(List<Class<? extends Redirect>> redirects, Predicate<String> hidden) {
        this.redirects = redirects;
        this.hidden = hidden;
        for (Class<? extends Redirect> redirect : redirects) {
            RequiresModule required = redirect.getAnnotation(RequiresModule.class);
            if (required == null || ModuleLayer.boot().findModule(required.value()).isPresent()) {
                add(redirect);
            }
        }
    }

    private void add(Class<? extends Redirect> redirect) {
        for (Substitutes substitution : redirect.getAnnotationsByType(Substitutes.class)) {
            substitutes.put(substitution.type(), substitution.by());
            substituteNames.put(internalName(substitution.type()), internalName(substitution.by()));
        }
        for (Method method : redirect.getDeclaredMethods()) {
            Replaces replaces = method.getAnnotation(Replaces.class);
            ReplacesInEach inEach = method.getAnnotation(ReplacesInEach.class);
            ForWeaver forWeaver = method.getAnnotation(ForWeaver.class);
            MadeWith made = method.getAnnotation(MadeWith.class);
            if (replaces != null) {
                addIfPresent(replaces.type(), nameIn(replaces), () -> add(redirect, method, replaces));
            } else if (inEach != null) {
                for (Class<?> type : redirect.getAnnotation(AppliesTo.class).value()) {
                    addIfPresent(type, inEach.method(),
                            () -> add(Interception.inEach(redirect, method, type, inEach.method())));
                }
            } else if (forWeaver != null) {
                add(Interception.forWeaver(redirect, method, forWeaver));
            }
            if (made != null) {
                var argument = Interception.argument(redirect, method, made.value());
                arguments.put(internalName(made.value()), argument);
                add(argument);
            }
        }
    }

    private static String nameIn(Replaces replaces) {
        return replaces.field().isEmpty() ? replaces.method() : replaces.field();
    }

    private void add(Class<? extends Redirect> redirect, Method method, Replaces replaces)
            throws ReflectiveOperationException {
        var interception = Interception.of(redirect, method, replaces);
        add(interception);
        for (Class<?> subclass : replaces.through()) {
            byTarget.put(interception.targetThrough(subclass), interception);
            owners.add(internalName(subclass));
        }
    }

    /** Adds a row, or records that the member that it replaces is absent. */
    private interface Addition {
        void run() throws ReflectiveOperationException;
    }

    private void addIfPresent(Class<?> owner, String name, Addition addition) {
        String member = owner.getName() + "." + name;
        try {
            if (hidden.test(member)) {
                throw new NoSuchMethodException(member);
            }
            addition.run();
        } catch (ReflectiveOperationException e) {
            absent.put(member, e.toString());
        }
    }

    private void add(Interception interception) {
        byTarget.put(interception.target(), interception);
        int dot = interception.target().indexOf('.');
        if (dot > 0) {
            owners.add(interception.target().substring(0, dot));
            members.add(interception.target().substring(dot + 1));
        }
        byGate.put(interception.gateName() + interception.type(), interception);
    }

    /** The interception of calls of this method; null for most methods. */
    public @Nullable Interception ofMethod(String owner, String name, String descriptor) {
        return owners.contains(owner) ? byTarget.get(owner + "." + name + descriptor) : null;
    }

    /** Whether a method with this name and descriptor, written without a space, is intercepted in some class. */
    public boolean isMember(String nameAndDescriptor) {
        return members.contains(nameAndDescriptor);
    }

    /** The interception of reads of this static field; null for most fields. */
    public @Nullable Interception ofField(String owner, String name) {
        return owners.contains(owner) ? byTarget.get(owner + "." + name) : null;
    }

    /** Whether something of this class is intercepted, or it has a substitute. */
    public boolean concern(String internalName) {
        return owners.contains(internalName) || substituteNames.containsKey(internalName);
    }

    /** The method of this name and descriptor that the weaver calls in addition to what a program calls. */
    public Interception forWeaver(String name, String descriptor) {
        return requireNonNull(byTarget.get(name + descriptor), name);
    }

    /** Internal name of the class that a worker's code extends and creates instead; null for most classes. */
    public @Nullable String substitute(String internalName) {
        return substituteNames.get(internalName);
    }

    /** The substitute of each class that has one. */
    Map<Class<?>, Class<?>> substitutes() {
        return Collections.unmodifiableMap(substitutes);
    }

    /** The supplier of the argument that constructors of this class's substitute take last; null for most classes. */
    public @Nullable Interception ofConstructors(String internalName) {
        return arguments.get(internalName);
    }

    /** Whether this class is a substitute. Woven code names it, so a worker's loader must find it. */
    public boolean isSubstitute(String className) {
        return substituteNames.containsValue(className.replace('.', '/'));
    }

    /** All rows. The gate has a method for each. */
    public List<Interception> all() {
        return new ArrayList<>(byGate.values());
    }

    /** The members that redirects replace and that this JDK does not have, each with the reason. */
    public Map<String, String> absent() {
        return Collections.unmodifiableMap(absent);
    }

    /** The classes of redirects, in the order of the catalogue. */
    public List<Class<? extends Redirect>> redirects() {
        return redirects;
    }

    /** The same table for reflection: members, and their stand-ins. */
    public StandIns standIns() {
        StandIns made = standIns;
        if (made == null) {
            made = new StandIns(this);
            standIns = made;
        }
        return made;
    }

    /** Binds a method of the gate to the redirects of one worker. */
    public CallSite link(String gateName, MethodType type, Redirects redirects) {
        Interception interception = byGate(gateName, type);
        return new ConstantCallSite(interception.handler().bindTo(redirects.get(interception.redirect())));
    }

    /**
     * Binds a method of the gate of code that workers share. Each call goes to the redirects of the worker that the
     * current thread belongs to, or to the original if the thread belongs to no worker or the redirect is
     * {@linkplain NotForSharedCode not for shared code}.
     */
    public CallSite linkShared(String gateName, MethodType type, Supplier<@Nullable Redirects> current) {
        Interception interception = byGate(gateName, type);
        if (interception.redirect().isAnnotationPresent(NotForSharedCode.class)) {
            return new ConstantCallSite(interception.original());
        }
        MethodHandle redirected = MethodHandles.filterArguments(interception.handler(), 0,
                Shared.GET.bindTo(interception.redirect())
                        .asType(MethodType.methodType(interception.redirect(), Redirects.class)));
        MethodHandle original = MethodHandles.dropArguments(interception.original(), 0, Redirects.class);
        MethodHandle either = MethodHandles.guardWithTest(Shared.IS_PRESENT, redirected, original);
        MethodHandle now = Shared.SUPPLY.bindTo(current).asType(MethodType.methodType(Redirects.class));
        return new ConstantCallSite(MethodHandles.foldArguments(either, now));
    }

    private Interception byGate(String gateName, MethodType type) {
        Interception interception = byGate.get(gateName + type);
        if (interception == null) {
            throw new IllegalArgumentException("the gate has no " + gateName + type);
        }
        return interception;
    }

    /** The name of a class as it stands in a class file. */
    public static String internalName(Class<?> type) {
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
