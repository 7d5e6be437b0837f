package dev.corral.redirect;

import static dev.corral.redirect.Interceptions.internalName;

import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@link Interceptions}: a member of the JDK, and the method of a redirect that woven code calls instead.
 * Its types are checked when the row is created. Its method handles are created when they are needed, because most rows
 * are never called.
 *
 * @param target the intercepted member: owner, name and descriptor, as they stand in a class file. For a method that
 *        the weaver calls in addition, the name and descriptor of the gate's method
 * @param gateName name of the gate's method that a woven call names
 * @param type type of the gate's method
 * @param redirect the class whose method is called
 * @param member the intercepted member for reflection; null for a constructor, and for a method that the weaver calls
 *        in addition
 * @param handlers creates the {@link #handler}
 * @param originals creates the {@link #original}
 */
public record Interception(String target, String gateName, MethodType type, Class<? extends Redirect> redirect,
        @Nullable Member member, Handles handlers, Handles originals) {
    /**
     * Originals are looked up by this class, so that only public members of the JDK can be intercepted; handlers by the
     * redirect's own lookup, so that they need not be public.
     */
    private static final Lookup LOOKUP = MethodHandles.lookup();

    /** Creates a method handle. */
    interface Handles {
        /** Creates the handle. */
        MethodHandle create() throws ReflectiveOperationException;
    }

    /**
     * The row of a replaced method, constructor or static field.
     *
     * @throws ReflectiveOperationException if the JDK has no such member, or one of another type
     */
    static Interception of(Class<? extends Redirect> redirect, Method method, Replaces replaces)
            throws ReflectiveOperationException {
        Class<?> owner = replaces.type();
        MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        Handles handlers = () -> handler(redirect, method);
        if (!replaces.field().isEmpty()) {
            Field field = owner.getField(replaces.field());
            check(method, MethodType.methodType(field.getType()), type);
            return new Interception(internalName(owner) + "." + field.getName(), gateName(owner, field.getName()),
                    type, redirect, field, handlers, () -> LOOKUP.unreflectGetter(field).asType(type));
        }
        if (replaces.method().equals("new")) {
            Constructor<?> constructor = owner.getConstructor(type.parameterArray());
            check(method, type.changeReturnType(owner), type);
            return new Interception(target(owner, "<init>", type.changeReturnType(void.class)),
                    gateName(owner, "new"), type, redirect, null, handlers,
                    () -> LOOKUP.unreflectConstructor(constructor));
        }
        Method replaced = replaced(replaces, type);
        MethodType descriptor = MethodType.methodType(replaced.getReturnType(), replaced.getParameterTypes());
        check(method, isStatic(replaced) ? descriptor : descriptor.insertParameterTypes(0, owner), type);
        return new Interception(target(owner, replaces.method(), descriptor), gateName(owner, replaces.method()),
                type, redirect, replaced, handlers, () -> LOOKUP.unreflect(replaced));
    }

    private static Method replaced(Replaces replaces, MethodType type) throws NoSuchMethodException {
        try {
            Method method = replaces.type().getDeclaredMethod(replaces.method(), type.parameterArray());
            if (isStatic(method)) {
                return method;
            }
        } catch (NoSuchMethodException _) {
            // then it is an instance method, and the first parameter is its receiver
        }
        if (type.parameterCount() == 0) {
            throw new NoSuchMethodException(replaces.type().getName() + "." + replaces.method());
        }
        return replaces.type().getDeclaredMethod(replaces.method(), type.dropParameterTypes(0, 1).parameterArray());
    }

    /**
     * The row of a static method of one of many classes. The redirect's method takes the class first.
     *
     * @throws NoSuchMethodException if the class has no such method
     */
    static Interception inEach(Class<? extends Redirect> redirect, Method method, Class<?> owner, String name)
            throws NoSuchMethodException {
        MethodType ofHandler = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        Method replaced = owner.getMethod(name, ofHandler.dropParameterTypes(0, 1).parameterArray());
        MethodType type = MethodType.methodType(replaced.getReturnType(), replaced.getParameterTypes());
        return new Interception(target(owner, name, type), gateName(owner, name), type, redirect, replaced,
                () -> MethodHandles.insertArguments(handler(redirect, method), 1, owner)
                        .asType(type.insertParameterTypes(0, redirect)),
                () -> LOOKUP.unreflect(replaced));
    }

    /** The row of a method that the weaver calls in addition. */
    static Interception forWeaver(Class<? extends Redirect> redirect, Method method, ForWeaver forWeaver) {
        MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        try {
            Method otherwise = redirect.getDeclaredMethod(forWeaver.otherwise(), type.parameterArray());
            check(method, type.changeReturnType(otherwise.getReturnType()), type);
            return inAddition(forWeaver.value(), type, redirect, () -> handler(redirect, method),
                    () -> handler(redirect, otherwise));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(method + " has no counterpart", e);
        }
    }

    /**
     * The row of a method that supplies an argument for constructors of this class's substitute: null for code of no
     * worker.
     */
    static Interception argument(Class<? extends Redirect> redirect, Method method, Class<?> original) {
        MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        if (type.parameterCount() != 0) {
            throw new IllegalStateException(method + " has parameters");
        }
        return inAddition(gateName(original, "with"), type, redirect, () -> handler(redirect, method),
                () -> MethodHandles.zero(type.returnType()));
    }

    private static Interception inAddition(String gateName, MethodType type, Class<? extends Redirect> redirect,
            Handles handlers, Handles originals) {
        return new Interception(gateName + type.toMethodDescriptorString(), gateName, type, redirect, null, handlers,
                originals);
    }

    private static MethodHandle handler(Class<? extends Redirect> redirect, Method method)
            throws IllegalAccessException {
        return MethodHandles.privateLookupIn(redirect, LOOKUP).unreflect(method);
    }

    /** Checks that the redirect's method has the type of the original. */
    private static void check(Method method, MethodType original, MethodType type) throws NoSuchMethodException {
        if (!original.equals(type)) {
            throw new NoSuchMethodException(method + " does not have the type " + original);
        }
    }

    private static boolean isStatic(Method method) {
        return Modifier.isStatic(method.getModifiers());
    }

    /** The redirect's method, unbound: the handle takes the redirect first. */
    public MethodHandle handler() {
        return create(handlers);
    }

    /** The intercepted member, which is called for code that belongs to no worker. */
    public MethodHandle original() {
        return create(originals);
    }

    private MethodHandle create(Handles handles) {
        try {
            return handles.create();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot call " + target + " or its redirect", e);
        }
    }

    private static String target(Class<?> owner, String name, MethodType descriptor) {
        return internalName(owner) + "." + name + descriptor.toMethodDescriptorString();
    }

    private static String gateName(Class<?> type, String member) {
        return type.getSimpleName() + "_" + member;
    }

    /** The target in a class file that names this subclass instead. */
    String targetThrough(Class<?> subclass) {
        return internalName(subclass) + target.substring(target.indexOf('.'));
    }

    /** The type for the class-file API. */
    public MethodTypeDesc typeDesc() {
        return type.describeConstable().orElseThrow();
    }
}
