package dev.corral.redirect.foreign;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Loads a native library for the loader of a given class. The JDK loads a library for the loader of the class that
 * calls, and a method handle can stand for that class only if the class itself has created the lookup. So a helper
 * class is defined in its package.
 */
final class LibraryLoading {
    private static final String HELPER = "Corral$LibraryLoading";
    private static final MethodType TYPE = MethodType.methodType(void.class, String.class);

    private LibraryLoading() {}

    /** Calls {@link System#load} for this class. */
    static void load(Class<?> caller, String file) {
        call(caller, "load", file);
    }

    /** Calls {@link System#loadLibrary} for this class. */
    static void loadLibrary(Class<?> caller, String name) {
        call(caller, "loadLibrary", name);
    }

    private static void call(Class<?> caller, String method, String argument) {
        try {
            Lookup lookup = MethodHandles.privateLookupIn(caller, MethodHandles.lookup());
            MethodHandle handle = lookup.findStatic(helper(lookup), method, TYPE);
            handle.invokeExact(argument);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(caller + " cannot load native libraries", e);
        }
    }

    private static Class<?> helper(Lookup lookup) throws ReflectiveOperationException {
        String packageName = lookup.lookupClass().getPackageName();
        String name = packageName.isEmpty() ? HELPER : packageName + "." + HELPER;
        try {
            return lookup.defineClass(build(ClassDesc.of(name)));
        } catch (LinkageError e) { // the class exists already
            return Class.forName(name, false, lookup.lookupClass().getClassLoader());
        }
    }

    private static byte[] build(ClassDesc name) {
        ClassDesc system = ClassDesc.of(System.class.getName());
        MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
        return ClassFile.of().build(name, builder -> {
            builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
            for (String method : new String[]{"load", "loadLibrary"}) {
                builder.withMethodBody(method, type, ClassFile.ACC_STATIC,
                        code -> code.aload(0).invokestatic(system, method, type).return_());
            }
        });
    }
}
