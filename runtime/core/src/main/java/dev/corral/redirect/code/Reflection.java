package dev.corral.redirect.code;

import static java.util.Objects.requireNonNull;

import dev.corral.redirect.Caller;
import dev.corral.redirect.Documented;
import dev.corral.redirect.ForWeaver;
import dev.corral.redirect.Interception;
import dev.corral.redirect.Interceptions;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.thread.PlatformThreadMaking;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reflection and method handles: those of a redirected member reach the redirect. So do dynamic languages, because
 * their run time is code of the program and calls through reflection or method handles.
 *
 * <p>A reflective call itself is not replaced, because the JDK checks its caller. Only its operands are replaced: the
 * {@link Method} by the gate's method, and the arguments by those that the gate's method takes.
 */
@Documented(of = "all of this by reflection, method handles, in dynamic languages",
        becomes = "the same, if the program's own code makes the call")
public final class Reflection implements Redirect {
    /** Name of the gate's method that returns the stand-in of a {@link Method}. */
    public static final String METHOD = "Method_standIn";
    /** Name of the one for a {@link Constructor}, or for a class whose constructor without parameters is called. */
    public static final String CONSTRUCTOR = "Constructor_standIn";
    /** Name of the one that returns the arguments for a stand-in. */
    public static final String ARGUMENTS = "Executable_arguments";
    /** Name of the one that returns the value of a field. */
    public static final String VALUE = "Field_value";

    // Methods of this class.
    private static final MethodHandle INVOKE;
    private static final MethodHandle NEW_INSTANCE;
    private static final MethodHandle DEFINE_CLASS;
    private static final String TO_THREAD_GROUP =
            MethodType.methodType(ThreadGroup.class).toMethodDescriptorString();

    static {
        try {
            var lookup = MethodHandles.lookup();
            INVOKE = lookup.findVirtual(Reflection.class, "invoke", MethodType.methodType(Object.class,
                    MethodHandle.class, Method.class, Object.class, Object[].class));
            NEW_INSTANCE = lookup.findVirtual(Reflection.class, "newInstance", MethodType.methodType(Object.class,
                    MethodHandle.class, Constructor.class, Object[].class));
            DEFINE_CLASS = lookup.findVirtual(Reflection.class, "defineClass",
                    MethodType.methodType(Object.class, MethodHandle.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ClassLoader loader;
    private final RuntimeClasses runtimeClasses;
    private final Interceptions interceptions;
    /** Loaded at the first use. Several threads may load it; all get the same. */
    private volatile @Nullable Class<?> gate;

    /**
     * The redirect of one worker.
     *
     * @param loader the worker's loader
     * @param runtimeClasses weaves classes that are defined by reflection
     * @param interceptions the members that have stand-ins
     */
    public Reflection(ClassLoader loader, RuntimeClasses runtimeClasses, Interceptions interceptions) {
        this.loader = loader;
        this.runtimeClasses = runtimeClasses;
        this.interceptions = interceptions;
    }

    private Class<?> gate() {
        Class<?> known = gate;
        if (known == null) {
            try {
                known = Class.forName(Interceptions.GATE, false, loader);
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
            gate = known;
        }
        return known;
    }

    /**
     * The method that {@link Method#invoke} is called on. If the receiver does not fit, it is the original, which
     * throws the exception.
     */
    @ForWeaver(value = METHOD, otherwise = "same")
    @Nullable
    Method standIn(@Nullable Method method, @Nullable Object receiver) {
        Interception interception = method == null ? null : interceptions.standIns().of(method);
        if (method == null || interception == null
                || !(isStatic(method) || method.getDeclaringClass().isInstance(receiver))) {
            return method;
        }
        try {
            return gate().getMethod(interception.gateName(), interception.type().parameterArray());
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that belongs to no worker
    private static @Nullable Method same(@Nullable Method method, @Nullable Object receiver) {
        return method;
    }

    /** The arguments for {@link Method#invoke}. A method of the gate is static, and takes the receiver first. */
    @ForWeaver(value = ARGUMENTS, otherwise = "same")
    @Nullable
    Object @Nullable [] arguments(@Nullable Method standIn, @Nullable Method original,
            @Nullable Object receiver, @Nullable Object @Nullable [] arguments) {
        if (original == null) {
            return arguments;
        }
        if (standIn == original) {
            return arguments != null && receiver instanceof ClassLoader definer && RuntimeClasses.definesClass(original)
                    ? runtimeClasses.weaveArguments(definer, arguments) : arguments;
        }
        return isStatic(original) ? arguments : with(receiver, arguments == null ? new Object[0] : arguments);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that belongs to no worker
    private static @Nullable Object @Nullable [] same(@Nullable Method standIn, @Nullable Method original,
            @Nullable Object receiver, @Nullable Object @Nullable [] arguments) {
        return arguments;
    }

    /** The constructor that {@link Constructor#newInstance} is called on. */
    @ForWeaver(value = CONSTRUCTOR, otherwise = "same")
    @Nullable
    Constructor<?> standIn(@Nullable Constructor<?> constructor) {
        Constructor<?> standIn = constructor == null ? null : interceptions.standIns().of(constructor);
        return standIn == null ? constructor : standIn;
    }

    @SuppressWarnings("UnusedMethod") // for code that belongs to no worker
    private static @Nullable Constructor<?> same(@Nullable Constructor<?> constructor) {
        return constructor;
    }

    /** The arguments for {@link Constructor#newInstance}. */
    @ForWeaver(value = ARGUMENTS, otherwise = "same")
    @Nullable
    Object @Nullable [] arguments(@Nullable Constructor<?> standIn, @Nullable Constructor<?> original,
            @Nullable Object @Nullable [] arguments) {
        if (standIn == original || original == null) {
            return arguments;
        }
        var given = arguments == null ? new Object[0] : arguments;
        if (original.getDeclaringClass() == Thread.class) {
            Object group = call(groupOfNewThread());
            return original.getParameterCount() == 0 ? new Object[]{group, null} : with(group, given);
        }
        Interception argument = argumentOf(original.getDeclaringClass());
        if (argument == null) {
            return arguments;
        }
        var more = Arrays.copyOf(given, given.length + 1);
        more[given.length] = call(argument);
        return more;
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that belongs to no worker
    private static @Nullable Object @Nullable [] same(@Nullable Constructor<?> standIn,
            @Nullable Constructor<?> original, @Nullable Object @Nullable [] arguments) {
        return arguments;
    }

    /** The class that {@link Class#newInstance} is called on. */
    @ForWeaver(value = CONSTRUCTOR, otherwise = "same")
    @Nullable
    Class<?> standIn(@Nullable Class<?> type) {
        return type == null ? null : interceptions.standIns().of(type);
    }

    @SuppressWarnings("UnusedMethod") // for code that belongs to no worker
    private static @Nullable Class<?> same(@Nullable Class<?> type) {
        return type;
    }

    /** The result of {@link Field#get}, which has read this value. */
    @ForWeaver(value = VALUE, otherwise = "same")
    @Nullable
    Object value(@Nullable Object read, Field field) {
        Interception interception = interceptions.standIns().of(field);
        return interception == null ? read : call(interception);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that belongs to no worker
    private static @Nullable Object same(@Nullable Object read, Field field) {
        return read;
    }

    private static @Nullable Object[] with(@Nullable Object first, @Nullable Object[] arguments) {
        var more = new @Nullable Object[arguments.length + 1];
        more[0] = first;
        System.arraycopy(arguments, 0, more, 1, arguments.length);
        return more;
    }

    private @Nullable Interception argumentOf(Class<?> original) {
        return interceptions.ofConstructors(Interceptions.internalName(original));
    }

    private Interception groupOfNewThread() {
        return interceptions.forWeaver(PlatformThreadMaking.THREAD_GROUP, TO_THREAD_GROUP);
    }

    private static boolean isStatic(Member member) {
        return Modifier.isStatic(member.getModifiers());
    }

    /** Calls a method of the gate that takes no arguments. */
    private Object call(Interception interception) {
        try {
            return handle(gate(), interception).invoke();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle handle(Class<?> gate, Interception interception) {
        try {
            return MethodHandles.publicLookup().findStatic(gate, interception.gateName(), interception.type());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not a method of the gate", e);
        }
    }

    @Replaces(type = Lookup.class, method = "findStatic")
    MethodHandle findStatic(Lookup lookup, Class<?> owner, String name, MethodType type)
            throws NoSuchMethodException, IllegalAccessException {
        return standIn(lookup.findStatic(owner, name, type),
                interceptions.standIns().of(owner, name, type.toMethodDescriptorString()));
    }

    @Replaces(type = Lookup.class, method = "findVirtual")
    MethodHandle findVirtual(Lookup lookup, Class<?> owner, String name, MethodType type)
            throws NoSuchMethodException, IllegalAccessException {
        MethodHandle original = lookup.findVirtual(owner, name, type);
        Interception interception = interceptions.standIns().of(owner, name, type.toMethodDescriptorString());
        return interception == null ? standIn(original, owner, name) : standIn(original, interception);
    }

    @Replaces(type = Lookup.class, method = "findSpecial")
    MethodHandle findSpecial(Lookup lookup, Class<?> owner, String name, MethodType type, Class<?> caller)
            throws NoSuchMethodException, IllegalAccessException {
        return standIn(lookup.findSpecial(owner, name, type, caller), owner, name);
    }

    @Replaces(type = Lookup.class, method = "bind")
    MethodHandle bind(Lookup lookup, Object receiver, String name, MethodType type)
            throws NoSuchMethodException, IllegalAccessException {
        MethodHandle original = lookup.bind(receiver, name, type);
        for (Class<?> c = receiver.getClass(); c != null; c = c.getSuperclass()) {
            Interception interception = interceptions.standIns().of(c, name, type.toMethodDescriptorString());
            if (interception != null) {
                return handle(Caller.find().gate(), interception).bindTo(receiver)
                        .withVarargs(original.isVarargsCollector());
            }
        }
        return original;
    }

    @Replaces(type = Lookup.class, method = "unreflect")
    MethodHandle unreflect(Lookup lookup, Method method) throws IllegalAccessException {
        MethodHandle original = lookup.unreflect(method);
        Interception interception = interceptions.standIns().of(method);
        return interception == null
                ? standIn(original, method.getDeclaringClass(), method.getName())
                : standIn(original, interception);
    }

    @Replaces(type = Lookup.class, method = "findConstructor")
    MethodHandle findConstructor(Lookup lookup, Class<?> owner, MethodType type)
            throws NoSuchMethodException, IllegalAccessException {
        return standIn(lookup.findConstructor(owner, type), owner.getDeclaredConstructor(type.parameterArray()));
    }

    @Replaces(type = Lookup.class, method = "unreflectConstructor")
    MethodHandle unreflectConstructor(Lookup lookup, Constructor<?> constructor) throws IllegalAccessException {
        return standIn(lookup.unreflectConstructor(constructor), constructor);
    }

    @Replaces(type = Lookup.class, method = "findStaticGetter")
    MethodHandle findStaticGetter(Lookup lookup, Class<?> owner, String name, Class<?> type)
            throws NoSuchFieldException, IllegalAccessException {
        return standIn(lookup.findStaticGetter(owner, name, type),
                interceptions.ofField(Interceptions.internalName(owner), name));
    }

    @Replaces(type = Lookup.class, method = "unreflectGetter")
    MethodHandle unreflectGetter(Lookup lookup, Field field) throws IllegalAccessException {
        return standIn(lookup.unreflectGetter(field), interceptions.standIns().of(field));
    }

    /** A handle of the gate through which the caller came. It is a direct handle, so the program can crack it. */
    private static MethodHandle standIn(MethodHandle original, @Nullable Interception interception) {
        return interception == null
                ? original
                : handle(Caller.find().gate(), interception).withVarargs(original.isVarargsCollector());
    }

    private MethodHandle standIn(MethodHandle original, Constructor<?> constructor) {
        Constructor<?> standIn = interceptions.standIns().of(constructor);
        if (standIn == null) {
            return original;
        }
        MethodHandle made;
        try {
            made = MethodHandles.lookup().unreflectConstructor(standIn);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
        boolean isThread = constructor.getDeclaringClass() == Thread.class;
        Interception argument = isThread ? groupOfNewThread() : argumentOf(constructor.getDeclaringClass());
        if (argument != null) {
            MethodHandle supplier = handle(Caller.find().gate(), argument);
            made = MethodHandles.collectArguments(made, isThread ? 0 : made.type().parameterCount() - 1, supplier);
        }
        if (isThread && constructor.getParameterCount() == 0) {
            made = MethodHandles.insertArguments(made, 0, (Object) null);
        }
        return made.asType(original.type()).withVarargs(original.isVarargsCollector());
    }

    /**
     * A handle of this worker instead of one of a method that reflects or that defines classes; any other handle is
     * returned as it is. Code that workers share gets the original.
     */
    private MethodHandle standIn(MethodHandle original, Class<?> owner, String name) {
        String descriptor = original.type().dropParameterTypes(0, 1).toMethodDescriptorString();
        MethodHandle own;
        if (owner == Method.class && name.equals("invoke")) {
            own = INVOKE;
        } else if (owner == Constructor.class && name.equals("newInstance")) {
            own = NEW_INSTANCE;
        } else if (ClassLoader.class.isAssignableFrom(owner) && RuntimeClasses.definesClass(name, descriptor)) {
            own = DEFINE_CLASS;
        } else {
            return original;
        }
        if (Caller.find().gate() != gate()) {
            return original;
        }
        MethodHandle fixed = original.asFixedArity();
        int parameters = original.type().parameterCount();
        MethodHandle generic = own == DEFINE_CLASS
                ? own.bindTo(this).bindTo(fixed.asSpreader(Object[].class, parameters))
                        .asCollector(Object[].class, parameters)
                : own.bindTo(this).bindTo(fixed);
        return generic.asType(original.type()).withVarargs(original.isVarargsCollector());
    }

    @SuppressWarnings("UnusedMethod") // through INVOKE
    private @Nullable Object invoke(MethodHandle original, Method method, @Nullable Object receiver,
            @Nullable Object @Nullable [] arguments) throws Throwable {
        Method standIn = standIn(method, receiver);
        return original.invoke(standIn, receiver, arguments(standIn, method, receiver, arguments));
    }

    @SuppressWarnings("UnusedMethod") // through NEW_INSTANCE
    private Object newInstance(MethodHandle original, Constructor<?> constructor,
            @Nullable Object @Nullable [] arguments) throws Throwable {
        Constructor<?> standIn = standIn(constructor);
        return original.invoke(standIn, arguments(standIn, constructor, arguments));
    }

    /** Weaves the class in the arguments, and defines it. The loader is the first argument. */
    @SuppressWarnings("UnusedMethod") // through DEFINE_CLASS
    private Object defineClass(MethodHandle original, @Nullable Object[] arguments) throws Throwable {
        if (arguments[0] instanceof ClassLoader definer) {
            return original.invoke(runtimeClasses.weaveArguments(definer, arguments));
        }
        return original.invoke(arguments);
    }
}
