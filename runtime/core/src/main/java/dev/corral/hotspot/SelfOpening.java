package dev.corral.hotspot;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;
import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.corral.jdk.JdkInternal;
import dev.corral.jdk.JdkInternal.State;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Opens packages of the JDK to Corral in a JVM that was started without {@code --add-opens}.
 *
 * <p>Only code of {@code java.base} can open packages of the JDK. Therefore the JNI function {@code DefineClass}
 * defines one class in that module. Its static initializer opens the packages to the module of Corral. The class has no
 * methods, so other code cannot use it to open anything else. Calling JNI needs native access. A JVM without
 * {@code --enable-native-access} prints a warning of four lines at the first call; a JVM with
 * {@code --illegal-native-access=deny} refuses it.
 */
@SuppressWarnings("restricted") // this class needs native access
public final class SelfOpening {
    private static final Log LOG = Log.get();

    // Positions of functions in the table of jni.h.
    private static final int DEFINE_CLASS = 5;
    private static final int EXCEPTION_CLEAR = 17;

    private static final ClassDesc CD_LOADER = ClassDesc.of("java.lang.ClassLoader");
    private static final ClassDesc CD_MODULE = ClassDesc.of("java.lang.Module");
    private static final ClassDesc CD_MODULES = ClassDesc.of(JdkInternal.ADD_OPENS.owner());
    private static final ClassDesc CD_LAYER = ClassDesc.of("java.lang.ModuleLayer");
    private static final ClassDesc CD_OPTIONAL = ClassDesc.of("java.util.Optional");
    private static final ClassDesc CD_THREAD = ClassDesc.of("java.lang.Thread");

    private SelfOpening() {}

    /**
     * Enables native access for Corral, if the JVM allows it, and opens the packages that Corral uses and that are not
     * open. Logs what it opened. If the JVM refuses, nothing changes.
     */
    public static void open() {
        Map<Module, Set<String>> missing = JdkOpenings.missing();
        try {
            MemorySegment _ = MemorySegment.NULL.reinterpret(0); // enables native access, with a warning
            if (!missing.isEmpty() && Jvm.hasLibrary() && JdkInternal.ADD_OPENS.state() != State.ABSENT) {
                onPlatformThread(() -> define(missing));
                log(missing);
            }
        } catch (RuntimeException | LinkageError e) { // refused, or another JVM; absent capabilities are logged later
            LOG.log(Level.DEBUG, "packages of the JDK cannot be opened", e);
        }
    }

    private static void log(Map<Module, Set<String>> missing) {
        Set<String> opened = new TreeSet<>();
        missing.forEach((module, names) -> names.forEach(name -> {
            if (module.isOpen(name, SelfOpening.class.getModule())) {
                opened.add(module.getName() + "/" + name);
            }
        }));
        LOG.log(Level.INFO,
                "opened packages of the JDK to Corral: {0}; the flags that corral flags prints do the same",
                String.join(", ", opened));
    }

    /**
     * Runs the task on a new platform thread, and waits for it without a time limit. A JNI environment belongs to one
     * platform thread, and a virtual thread may change its carrier. The context class loader of the thread is Corral's.
     *
     * @throws CompletionException if the task throws
     */
    private static void onPlatformThread(Runnable task) {
        CompletableFuture.runAsync(task, run -> {
            Thread thread = ServiceThreads.builder().name("corral-self-opening").unstarted(run);
            thread.setContextClassLoader(SelfOpening.class.getClassLoader());
            thread.start();
        }).join();
    }

    /** Defines the class that opens the packages, and initializes it. */
    private static void define(Map<Module, Set<String>> packages) {
        // The name is new for each attempt: several copies of Corral may be in one JVM.
        ClassDesc type = ClassDesc.of("java.lang", "CorralOpens" + Long.toHexString(System.nanoTime()));
        byte[] bytes = ClassFile.of().build(type, builder -> builder.withFlags(ACC_FINAL | ACC_SYNTHETIC)
                .withMethodBody(CLASS_INIT_NAME, MTD_void, ACC_STATIC, code -> openAll(code, packages)));
        MemorySegment jni = Jvm.jni();
        MethodHandle defineClass = Jvm.jniFunction(jni, DEFINE_CLASS,
                FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
        MethodHandle exceptionClear = Jvm.jniFunction(jni, EXCEPTION_CLEAR, FunctionDescriptor.ofVoid(ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(type.packageName().replace('.', '/') + "/" + type.displayName());
            MemorySegment content = arena.allocateFrom(JAVA_BYTE, bytes);
            // Links the handle. After a failed definition no Java code may run before the exception is cleared.
            exceptionClear.invokeExact(jni);
            var defined = (MemorySegment) defineClass.invokeExact(jni, name, MemorySegment.NULL, content, bytes.length);
            exceptionClear.invokeExact(jni);
            if (defined.address() == 0) {
                throw new IllegalStateException("the JVM refused to define " + type.displayName());
            }
            Class.forName(type.packageName() + "." + type.displayName(), true, null);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Generates, for each package: {@code Modules.addOpens(module, package, module of Corral)}. */
    private static void openAll(CodeBuilder code, Map<Module, Set<String>> packages) {
        int corral = code.allocateLocal(TypeKind.REFERENCE);
        code.ldc(SelfOpening.class.getName()).iconst_0()
                .invokestatic(CD_THREAD, "currentThread", MethodTypeDesc.of(CD_THREAD))
                .invokevirtual(CD_THREAD, "getContextClassLoader", MethodTypeDesc.of(CD_LOADER))
                .invokestatic(CD_Class, "forName", MethodTypeDesc.of(CD_Class, CD_String, CD_boolean, CD_LOADER))
                .invokevirtual(CD_Class, "getModule", MethodTypeDesc.of(CD_MODULE)).astore(corral);
        packages.forEach((module, names) -> names.forEach(name -> code
                .invokestatic(CD_LAYER, "boot", MethodTypeDesc.of(CD_LAYER)).ldc(module.getName())
                .invokevirtual(CD_LAYER, "findModule", MethodTypeDesc.of(CD_OPTIONAL, CD_String))
                .invokevirtual(CD_OPTIONAL, "get", MethodTypeDesc.of(CD_Object)).checkcast(CD_MODULE)
                .ldc(name).aload(corral)
                .invokestatic(CD_MODULES, JdkInternal.ADD_OPENS.memberName(),
                        MethodTypeDesc.ofDescriptor(JdkInternal.ADD_OPENS.descriptor()))));
        code.return_();
    }
}
