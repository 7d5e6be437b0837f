package dev.corral.jdk;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;

/**
 * A member of a class of the JDK. The lookups of this class ignore whether the member is public.
 *
 * @param owner the binary name of the class
 * @param name the name of a field or method, or one of the constants of this class
 * @param descriptor the type of the member, as in a class file; for {@link #CONSTANT} and {@link #ABSTRACT} a number
 */
record JdkMember(String owner, String name, String descriptor) {
    /** The name of a constructor. */
    static final String CONSTRUCTOR = "new";
    /** The name that stands for the class itself. */
    static final String TYPE = "";
    /** The name that stands for the abstract methods of an interface. The descriptor is their number. */
    static final String ABSTRACT = "*";
    /** The beginning of the descriptor of a static field that must have a value. */
    static final String CONSTANT = "=";

    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

    /** Returns whether the module of the class is in this JVM. Other modules than these are in every JVM. */
    boolean isInThisJvm() {
        String module = owner.startsWith("com.sun.jndi.") ? "java.naming"
                : owner.startsWith("sun.net.httpserver.") ? "jdk.httpserver" : "java.base";
        return ModuleLayer.boot().findModule(module).isPresent();
    }

    /** Returns the class, which this method does not initialize. */
    Class<?> type() throws ClassNotFoundException {
        return Class.forName(owner, false, PLATFORM);
    }

    /**
     * Checks that the member exists. Does not need the package to be open, except for the value of a constant, which is
     * checked only if it is.
     */
    void find() throws ReflectiveOperationException {
        if (name.equals(TYPE)) {
            var _ = type();
        } else if (name.equals(ABSTRACT)) {
            long number = Stream.of(type().getDeclaredMethods())
                    .filter(method -> Modifier.isAbstract(method.getModifiers())).count();
            require(Long.toString(number), descriptor);
        } else if (name.equals(CONSTRUCTOR)) {
            var _ = findConstructor();
        } else if (descriptor.startsWith("(")) {
            var _ = findMethod();
        } else if (descriptor.startsWith(CONSTANT)) {
            Field field = type().getDeclaredField(name);
            if (field.trySetAccessible()) {
                require(CONSTANT + field.get(null), descriptor);
            }
        } else {
            var _ = findField();
        }
    }

    private void require(String found, String required) throws NoSuchFieldException {
        if (!found.equals(required)) {
            throw new NoSuchFieldException(this + " is " + found);
        }
    }

    private MethodType methodType() {
        return MethodType.fromMethodDescriptorString(descriptor, PLATFORM);
    }

    private Constructor<?> findConstructor() throws ReflectiveOperationException {
        return type().getDeclaredConstructor(methodType().parameterArray());
    }

    private Method findMethod() throws ReflectiveOperationException {
        Method method = type().getDeclaredMethod(name, methodType().parameterArray());
        if (method.getReturnType() != methodType().returnType()) {
            throw new NoSuchMethodException(this + " returns " + method.getReturnType());
        }
        return method;
    }

    private Field findField() throws ReflectiveOperationException {
        Field field = type().getDeclaredField(name);
        require(field.getType().descriptorString(), descriptor);
        return field;
    }

    /** Returns a lookup with private access to the class. */
    MethodHandles.Lookup lookup() throws ReflectiveOperationException {
        return MethodHandles.privateLookupIn(type(), MethodHandles.lookup());
    }

    /** Returns a handle of a field. */
    VarHandle field() throws ReflectiveOperationException {
        return lookup().unreflectVarHandle(findField());
    }

    /** Returns a handle of a method or constructor. */
    MethodHandle method() throws ReflectiveOperationException {
        return name.equals(CONSTRUCTOR) ? lookup().unreflectConstructor(findConstructor())
                : lookup().unreflect(findMethod());
    }

    /** Returns a method for reflective calls, which throw what the method throws inside an exception of their own. */
    Method reflected() throws ReflectiveOperationException {
        Method method = findMethod();
        method.setAccessible(true);
        return method;
    }

    /** Calls a constructor without parameters. */
    Object create() throws ReflectiveOperationException {
        Constructor<?> constructor = findConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /** Returns a handle of a method that calls the method of this class even if a subclass overrides it. */
    MethodHandle ownMethod() throws ReflectiveOperationException {
        return lookup().unreflectSpecial(findMethod(), type());
    }

    /** Returns the member as in Java, with simple names of types, as in {@code java.lang.Thread.getThreads()}. */
    @Override
    public String toString() {
        if (name.equals(TYPE)) {
            return owner;
        }
        if (name.equals(ABSTRACT)) {
            return owner + " with " + descriptor + " abstract methods";
        }
        if (descriptor.startsWith("(")) {
            String parameters = MethodTypeDesc.ofDescriptor(descriptor).displayDescriptor();
            return owner + "." + name + parameters.substring(0, parameters.indexOf(')') + 1);
        }
        return owner + "." + name + (descriptor.startsWith(CONSTANT) ? descriptor
                : ": " + ClassDesc.ofDescriptor(descriptor).displayName());
    }
}
