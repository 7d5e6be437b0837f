package dev.corral;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.util.List;
import java.util.Set;

/**
 * Out-of-memory testing as SQLite does it (<a href="https://sqlite.org/testing.html#out_of_memory_testing">How SQLite
 * is tested</a>): a scenario runs again and again. Each time another one of its allocations fails, until no allocation
 * has failed in a run. This loader defines the classes of Corral again. In some packages, except in tests, it changes
 * each place that may allocate memory, so that the place can fail: the creation of an object, an array or a lambda
 * expression, and calls of collections of the JDK and of queues of Corral that may grow.
 *
 * <p>Allocations fail only on the thread that is between {@link #arm} and {@link #disarm}.
 */
public final class AllocationFaults extends ClassLoader {
    private static final String OWN = AllocationFaults.class.getName();
    private static final ClassDesc THIS = ClassDesc.of(OWN);
    private static final MethodTypeDesc ALLOCATE = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final Set<String> GROWING = Set.of("add", "addFirst", "addLast", "put", "putAll", "offer", "push",
            "copyOf", "of", "stream", "toList", "iterator", "sort", "completeExceptionally", "complete");
    private static final List<String> GROWING_IN = List.of("java/util/", "dev/corral/queue/");

    private static boolean armed;
    private static long asked;
    private static long first;
    private static long last;

    private final List<String> packages;

    /** In classes of these packages allocations may fail. */
    public AllocationFaults(List<String> packages) {
        super(AllocationFaults.class.getClassLoader());
        this.packages = packages;
    }

    /** From now on so many allocations succeed, so many after them fail, and all later ones succeed. */
    public static void plan(long succeed, long fail) {
        asked = 0;
        first = succeed;
        last = succeed + fail;
    }

    /** Whether all that was planned has failed. */
    public static boolean isPlanOver() {
        return asked >= last;
    }

    public static void arm() {
        armed = true;
    }

    public static void disarm() {
        armed = false;
    }

    /** Called by classes of this loader. */
    public static void allocate() {
        if (armed) {
            long number = asked++;
            if (number >= first && number < last) {
                throw new OutOfMemoryError("made up: allocation " + number);
            }
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("dev.corral.") || name.equals(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        URL url = getParent().getResource(name.replace('.', '/') + ".class");
        if (url == null) {
            throw new ClassNotFoundException(name);
        }
        try (InputStream in = url.openStream()) {
            byte[] bytes = in.readAllBytes();
            boolean mayFail = packages.stream().anyMatch(each -> name.startsWith(each + "."))
                    && !url.getPath().contains("test-classes");
            byte[] woven = mayFail ? weave(bytes) : bytes;
            return defineClass(name, woven, 0, woven.length, getClass().getProtectionDomain());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] weave(byte[] bytes) {
        ClassFile classFile = ClassFile.of();
        CodeTransform transform = (code, element) -> {
            if (mayAllocate(element)) {
                code.invokestatic(THIS, "allocate", ALLOCATE);
            }
            code.with(element);
        };
        return classFile.transformClass(classFile.parse(bytes), ClassTransform.transformingMethodBodies(transform));
    }

    private static boolean mayAllocate(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction _,NewPrimitiveArrayInstruction _,NewReferenceArrayInstruction _,NewMultiArrayInstruction _,InvokeDynamicInstruction _ ->
                    true;
            case InvokeInstruction call -> GROWING.contains(call.name().stringValue())
                    && GROWING_IN.stream().anyMatch(call.owner().asInternalName()::startsWith);
            default -> false;
        };
    }
}
