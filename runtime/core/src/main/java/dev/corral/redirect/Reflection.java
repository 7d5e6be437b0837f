package dev.corral.redirect;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reflection and method handles that lead to what is redirected: they lead to the redirect. So do dynamic languages, whose
 * run time is code of the program and makes its calls by these.
 *
 * <p>A reflective call stays where it is, since the JDK asks who makes it. Only what it is made of is replaced: the
 * {@link Method} by that of the gate, the arguments by those that the gate takes.
 */
@Documented(of = "all of this by reflection, method handles, in dynamic languages",
        becomes = "is the same, where the program's own code makes the call")
public final class Reflection implements Redirect {
    /** Names of the gate's methods. */
    public static final String METHOD = "Method_standIn";
    /** For a {@link Constructor}, or a class whose constructor without parameters is called. */
    public static final String CONSTRUCTOR = "Constructor_standIn";
    /** What a stand-in is called with. */
    public static final String ARGUMENTS = "Executable_arguments";
    /** What a field holds. */
    public static final String VALUE = "Field_value";

    private static final MethodHandle INVOKE;
    private static final MethodHandle NEW_INSTANCE;
    private static final MethodHandle DEFINE_CLASS;
    private static final Interception GROUP = Interceptions.forWeaver(PlatformThreadMaking.THREAD_GROUP,
            MethodType.methodType(ThreadGroup.class).toMethodDescriptorString());

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
    /** Loaded at the first need; by any thread, always the same. */
    private volatile @Nullable Class<?> gate;

    /** Of the worker with this loader. */
    Reflection(ClassLoader loader, RuntimeClasses runtimeClasses) {
        this.loader = loader;
        this.runtimeClasses = runtimeClasses;
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

    /** What {@link Method#invoke} is called on. A receiver that does not fit is left to the original, which will say so. */
    @ForWeaver(value = METHOD, otherwise = "same")
    @Nullable
    Method standIn(@Nullable Method method, @Nullable Object receiver) {
        Interception interception = method == null ? null : StandIns.of(method);
        if (method == null || interception == null
                || !(StandIns.isStatic(method) || method.getDeclaringClass().isInstance(receiver))) {
            return method;
        }
        try {
            return gate().getMethod(interception.gateName(), interception.type().parameterArray());
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that no worker owns
    private static @Nullable Method same(@Nullable Method method, @Nullable Object receiver) {
        return method;
    }

    /** What {@link Method#invoke} is called with. A method of the gate is static, and takes the receiver first. */
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
        return StandIns.isStatic(original) ? arguments : with(receiver, arguments == null ? new Object[0] : arguments);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that no worker owns
    private static @Nullable Object @Nullable [] same(@Nullable Method standIn, @Nullable Method original,
            @Nullable Object receiver, @Nullable Object @Nullable [] arguments) {
        return arguments;
    }

    /** What {@link Constructor#newInstance} is called on. */
    @ForWeaver(value = CONSTRUCTOR, otherwise = "same")
    @Nullable
    Constructor<?> standIn(@Nullable Constructor<?> constructor) {
        Constructor<?> standIn = constructor == null ? null : StandIns.of(constructor);
        return standIn == null ? constructor : standIn;
    }

    @SuppressWarnings("UnusedMethod") // for code that no worker owns
    private static @Nullable Constructor<?> same(@Nullable Constructor<?> constructor) {
        return constructor;
    }

    /** What {@link Constructor#newInstance} is called with. */
    @ForWeaver(value = ARGUMENTS, otherwise = "same")
    @Nullable
    Object @Nullable [] arguments(@Nullable Constructor<?> standIn, @Nullable Constructor<?> original,
            @Nullable Object @Nullable [] arguments) {
        if (standIn == original || original == null) {
            return arguments;
        }
        var given = arguments == null ? new Object[0] : arguments;
        if (original.getDeclaringClass() == Thread.class) {
            Object group = tell(GROUP);
            return original.getParameterCount() == 0 ? new Object[]{group, null} : with(group, given);
        }
        Interception argument = argumentOf(original.getDeclaringClass());
        if (argument == null) {
            return arguments;
        }
        var more = Arrays.copyOf(given, given.length + 1);
        more[given.length] = tell(argument);
        return more;
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that no worker owns
    private static @Nullable Object @Nullable [] same(@Nullable Constructor<?> standIn,
            @Nullable Constructor<?> original, @Nullable Object @Nullable [] arguments) {
        return arguments;
    }

    /** What {@link Class#newInstance} is called on. */
    @ForWeaver(value = CONSTRUCTOR, otherwise = "same")
    @Nullable
    Class<?> standIn(@Nullable Class<?> type) {
        return type == null ? null : StandIns.of(type);
    }

    @SuppressWarnings("UnusedMethod") // for code that no worker owns
    private static @Nullable Class<?> same(@Nullable Class<?> type) {
        return type;
    }

    /** What {@link Field#get} returns, having read this value. */
    @ForWeaver(value = VALUE, otherwise = "same")
    @Nullable
    Object value(@Nullable Object read, Field field) {
        Interception interception = StandIns.of(field);
        return interception == null ? read : tell(interception);
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // for code that no worker owns
    private static @Nullable Object same(@Nullable Object read, Field field) {
        return read;
    }

    private static @Nullable Object[] with(@Nullable Object first, @Nullable Object[] arguments) {
        var more = new @Nullable Object[arguments.length + 1];
        more[0] = first;
        System.arraycopy(arguments, 0, more, 1, arguments.length);
        return more;
    }

    private static @Nullable Interception argumentOf(Class<?> original) {
        return Interceptions.ofConstructors(Interceptions.internalName(original));
    }

    /** Asks the gate for what it tells without arguments. */
    private Object tell(Interception interception) {
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
                StandIns.of(owner, name, type.toMethodDescriptorString()));
    }

    @Replaces(type = Lookup.class, method = "findVirtual")
    MethodHandle findVirtual(Lookup lookup, Class<?> owner, String name, MethodType type)
            throws NoSuchMethodException, IllegalAccessException {
        MethodHandle original = lookup.findVirtual(owner, name, type);
        Interception interception = StandIns.of(owner, name, type.toMethodDescriptorString());
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
            Interception interception = StandIns.of(c, name, type.toMethodDescriptorString());
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
        Interception interception = StandIns.of(method);
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
                Interceptions.ofField(Interceptions.internalName(owner), name));
    }

    @Replaces(type = Lookup.class, method = "unreflectGetter")
    MethodHandle unreflectGetter(Lookup lookup, Field field) throws IllegalAccessException {
        return standIn(lookup.unreflectGetter(field), StandIns.of(field));
    }

    /** A direct handle of the gate that the caller goes through: others may keep it, and crack it. */
    private static MethodHandle standIn(MethodHandle original, @Nullable Interception interception) {
        return interception == null
                ? original
                : handle(Caller.find().gate(), interception).withVarargs(original.isVarargsCollector());
    }

    private static MethodHandle standIn(MethodHandle original, Constructor<?> constructor) {
        Constructor<?> standIn = StandIns.of(constructor);
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
        Interception argument = isThread ? GROUP : argumentOf(constructor.getDeclaringClass());
        if (argument != null) {
            MethodHandle told = handle(Caller.find().gate(), argument);
            made = MethodHandles.collectArguments(made, isThread ? 0 : made.type().parameterCount() - 1, told);
        }
        if (isThread && constructor.getParameterCount() == 0) {
            made = MethodHandles.insertArguments(made, 0, (Object) null);
        }
        return made.asType(original.type()).withVarargs(original.isVarargsCollector());
    }

    /**
     * Handles of what reflects itself, and of what defines classes; any other as it is. They belong to this worker, so code that
     * workers share gets the original.
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

    /** With the loader first. */
    @SuppressWarnings("UnusedMethod") // through DEFINE_CLASS
    private Object defineClass(MethodHandle original, @Nullable Object[] arguments) throws Throwable {
        if (arguments[0] instanceof ClassLoader definer) {
            return original.invoke(runtimeClasses.weaveArguments(definer, arguments));
        }
        return original.invoke(arguments);
    }
}
