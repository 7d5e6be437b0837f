package dev.corral.redirect;

import static dev.corral.redirect.Interceptions.internalName;

import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@link Interceptions}: a member of the JDK, and the method of a redirect that woven code calls instead.
 *
 * @param target the intercepted member: owner, name and descriptor, as they stand in a class file. For a method that the weaver calls in
 *     addition, the name and descriptor of the gate's method
 * @param gateName name of the gate's method that a woven call names
 * @param type type of the gate's method
 * @param redirect the class whose method is called
 * @param handler that method, unbound: it takes the redirect first
 * @param original the intercepted member, which is called for code that belongs to no worker
 * @param member the intercepted member for reflection; null for a constructor, and for a method that the weaver calls in addition
 */
public record Interception(String target, String gateName, MethodType type, Class<? extends Redirect> redirect,
        MethodHandle handler, MethodHandle original, @Nullable Member member) {
    /**
     * Originals are looked up by this class, so that only public members of the JDK can be intercepted; handlers by the redirect's own
     * lookup, so that they need not be public.
     */
    private static final Lookup LOOKUP = MethodHandles.lookup();

    /** Checks that the redirect's method has the type of the original. */
    public Interception {
        if (!original.type().equals(type)) {
            throw new IllegalStateException(handler + " of " + redirect + " does not have the type of " + original);
        }
    }

    /** The row of a replaced method, constructor or static field. */
    static Interception of(Class<? extends Redirect> redirect, Method method, Replaces replaces) {
        Class<?> owner = replaces.type();
        try {
            MethodHandle handler = handler(redirect, method);
            MethodType type = typeOf(handler);
            if (!replaces.field().isEmpty()) {
                Field field = owner.getField(replaces.field());
                return new Interception(internalName(owner) + "." + field.getName(), gateName(owner, field.getName()),
                        type, redirect, handler, LOOKUP.unreflectGetter(field).asType(type), field);
            }
            if (replaces.method().equals("new")) {
                return new Interception(target(owner, "<init>", type.changeReturnType(void.class)),
                        gateName(owner, "new"), type, redirect, handler,
                        LOOKUP.unreflectConstructor(owner.getConstructor(type.parameterArray())), null);
            }
            Method replaced = replaced(replaces, type);
            MethodType descriptor = MethodType.methodType(replaced.getReturnType(), replaced.getParameterTypes());
            return new Interception(target(owner, replaces.method(), descriptor), gateName(owner, replaces.method()),
                    type, redirect, handler, LOOKUP.unreflect(replaced), replaced);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " replaces nothing", e);
        }
    }

    private static MethodHandle handler(Class<? extends Redirect> redirect, Method method)
            throws IllegalAccessException {
        return MethodHandles.privateLookupIn(redirect, LOOKUP).unreflect(method);
    }

    private static Method replaced(Replaces replaces, MethodType type) throws NoSuchMethodException {
        try {
            Method method = replaces.type().getDeclaredMethod(replaces.method(), type.parameterArray());
            if (Modifier.isStatic(method.getModifiers())) {
                return method;
            }
        } catch (NoSuchMethodException _) {
            // then it is an instance method, and the first parameter is its receiver
        }
        return replaces.type().getDeclaredMethod(replaces.method(), type.dropParameterTypes(0, 1).parameterArray());
    }

    /** The row of a static method of one of many classes. The redirect's method takes the class first. */
    static Interception inEach(Class<? extends Redirect> redirect, Method method, Class<?> owner, String name) {
        try {
            MethodHandle handler = MethodHandles.insertArguments(handler(redirect, method), 1, owner);
            Method replaced = owner.getMethod(name, typeOf(handler).parameterArray());
            MethodType type = typeOf(handler).changeReturnType(replaced.getReturnType());
            return new Interception(target(owner, name, type), gateName(owner, name), type, redirect,
                    handler.asType(type.insertParameterTypes(0, redirect)), LOOKUP.unreflect(replaced), replaced);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " replaces nothing in " + owner, e);
        }
    }

    /** The row of a method that the weaver calls in addition. */
    static Interception forWeaver(Class<? extends Redirect> redirect, Method method, ForWeaver forWeaver) {
        try {
            MethodHandle handler = handler(redirect, method);
            MethodHandle otherwise = MethodHandles.privateLookupIn(redirect, LOOKUP).findStatic(redirect,
                    forWeaver.otherwise(), typeOf(handler));
            return inAddition(forWeaver.value(), redirect, handler, otherwise);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " has no counterpart", e);
        }
    }

    /** The row of a method that supplies an argument for constructors of this class's substitute: null for code of no worker. */
    static Interception argument(Class<? extends Redirect> redirect, Method method, Class<?> original) {
        try {
            MethodHandle handler = handler(redirect, method);
            return inAddition(gateName(original, "with"), redirect, handler,
                    MethodHandles.zero(typeOf(handler).returnType()));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }

    private static Interception inAddition(String gateName, Class<? extends Redirect> redirect, MethodHandle handler,
            MethodHandle otherwise) {
        MethodType type = typeOf(handler);
        return new Interception(gateName + type.toMethodDescriptorString(), gateName, type, redirect, handler,
                otherwise, null);
    }

    private static MethodType typeOf(MethodHandle handler) {
        return handler.type().dropParameterTypes(0, 1);
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
