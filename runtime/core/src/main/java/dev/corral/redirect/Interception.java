package dev.corral.redirect;

import static dev.corral.redirect.Interceptions.internalName;

import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@link Interceptions}.
 *
 * @param target what is replaced: owner, member and descriptor as they stand in a class file; of what the weaver calls
 *     beside it, the name and descriptor of the gate's method
 * @param gateName name of the gate's method that a woven call names
 * @param type of that method
 * @param redirect that does it
 * @param handler its method, unbound: takes the redirect first
 * @param original what is replaced, for code that no worker owns
 * @param member what is replaced, as reflection has it; null of a constructor, and of what the weaver calls beside it
 */
public record Interception(String target, String gateName, MethodType type, Class<? extends Redirect> redirect,
        MethodHandle handler, MethodHandle original, @Nullable Member member) {
    /** The redirect must do what the original does, by type. */
    public Interception {
        if (!original.type().equals(type)) {
            throw new IllegalStateException(handler + " of " + redirect + " does not have the type of " + original);
        }
    }

    /** Of a method, constructor or static field. */
    static Interception of(Lookup lookup, Class<? extends Redirect> redirect, Method method, Replaces replaces) {
        Class<?> owner = replaces.type();
        try {
            MethodHandle handler = lookup.unreflect(method);
            MethodType type = typeOf(handler);
            if (!replaces.field().isEmpty()) {
                Field field = owner.getField(replaces.field());
                return new Interception(internalName(owner) + "." + field.getName(), gateName(owner, field.getName()),
                        type, redirect, handler, lookup.unreflectGetter(field).asType(type), field);
            }
            if (replaces.method().equals("new")) {
                return new Interception(target(owner, "<init>", type.changeReturnType(void.class)),
                        gateName(owner, "new"), type, redirect, handler,
                        lookup.unreflectConstructor(owner.getConstructor(type.parameterArray())), null);
            }
            Method replaced = replaced(replaces, type);
            MethodType descriptor = MethodType.methodType(replaced.getReturnType(), replaced.getParameterTypes());
            return new Interception(target(owner, replaces.method(), descriptor), gateName(owner, replaces.method()),
                    type, redirect, handler, lookup.unreflect(replaced), replaced);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " replaces nothing", e);
        }
    }

    private static Method replaced(Replaces replaces, MethodType type) throws NoSuchMethodException {
        try {
            Method method = replaces.type().getDeclaredMethod(replaces.method(), type.parameterArray());
            if (Modifier.isStatic(method.getModifiers())) {
                return method;
            }
        } catch (NoSuchMethodException _) {
            // then it is an instance method, and the first parameter its receiver
        }
        return replaces.type().getDeclaredMethod(replaces.method(), type.dropParameterTypes(0, 1).parameterArray());
    }

    /** Of a static method of this class, by a method that takes the class first. */
    static Interception inEach(Lookup lookup, Class<? extends Redirect> redirect, Method method, Class<?> owner,
            String name) {
        try {
            MethodHandle handler = MethodHandles.insertArguments(lookup.unreflect(method), 1, owner);
            Method replaced = owner.getMethod(name, typeOf(handler).parameterArray());
            MethodType type = typeOf(handler).changeReturnType(replaced.getReturnType());
            return new Interception(target(owner, name, type), gateName(owner, name), type, redirect,
                    handler.asType(type.insertParameterTypes(0, redirect)), lookup.unreflect(replaced), replaced);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " replaces nothing in " + owner, e);
        }
    }

    static Interception forWeaver(Lookup lookup, Class<? extends Redirect> redirect, Method method,
            ForWeaver forWeaver) {
        try {
            MethodHandle handler = lookup.unreflect(method);
            MethodHandle otherwise = MethodHandles.privateLookupIn(redirect, lookup).findStatic(redirect,
                    forWeaver.otherwise(), typeOf(handler));
            return beside(forWeaver.value(), redirect, handler, otherwise);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " has no counterpart", e);
        }
    }

    /** What supplies an argument more for constructors of the substitute of this class; nothing where no worker makes one. */
    static Interception argument(Lookup lookup, Class<? extends Redirect> redirect, Method method, Class<?> original) {
        try {
            MethodHandle handler = lookup.unreflect(method);
            return beside(gateName(original, "with"), redirect, handler,
                    MethodHandles.zero(typeOf(handler).returnType()));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }

    /** Replaces nothing. */
    private static Interception beside(String gateName, Class<? extends Redirect> redirect, MethodHandle handler,
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

    /** The target, as it stands in a class file that names this subclass. */
    String targetThrough(Class<?> subclass) {
        return internalName(subclass) + target.substring(target.indexOf('.'));
    }

    /** The type, as the class-file API takes it. */
    public MethodTypeDesc typeDesc() {
        return type.describeConstable().orElseThrow();
    }
}
