package dev.corral.program;

import dev.corral.CorralException;
import dev.corral.WorkerMain;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The entry points of a program. They are read from the class files of its main class and its superclasses, so that a
 * program without an entry point is refused before a worker is forked.
 *
 * @param hasMain whether there is a main method as of JEP 512: with or without arguments, static or not, not private
 * @param isWorkerMain whether the class implements {@link WorkerMain}
 * @param fault why a method called {@code main} is no entry point, as a clause; empty if there is no such method
 */
record MainClass(boolean hasMain, boolean isWorkerMain, String fault) {
    private static final Set<MethodTypeDesc> MAIN_TYPES = Set.of(MethodTypeDesc.of(ConstantDescs.CD_void),
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String.arrayType()));
    private static final String WORKER_MAIN = WorkerMain.class.getName().replace('.', '/');

    /** The number of bytes from the beginning of a class file to the end of its version. */
    private static final int HEADER = 8;
    /** The position of the major version. */
    private static final int MAJOR_VERSION = 6;
    /** The difference between the version of a class file and the version of Java. */
    private static final int JAVA_0 = 44;

    /** Reads the entry points; null if no copy contains the class. */
    static @Nullable MainClass find(String className, List<SnapshotStore.Copy> copies) {
        ClassModel model = read(className.replace('.', '/'), copies);
        if (model == null) {
            return null;
        }
        boolean hasMain = false;
        boolean isWorkerMain = false;
        boolean canBeCreated = canBeCreated(model);
        String fault = "";
        while (model != null && !(hasMain && isWorkerMain)) {
            for (MethodModel method : model.methods()) {
                if (method.methodName().equalsString("main")) {
                    String faultOfMethod = fault(method, canBeCreated);
                    hasMain |= faultOfMethod.isEmpty();
                    fault = fault.isEmpty() ? faultOfMethod : fault;
                }
            }
            isWorkerMain |= model.interfaces().stream().anyMatch(type -> type.asInternalName().equals(WORKER_MAIN));
            model = model.superclass().map(type -> read(type.asInternalName(), copies)).orElse(null);
        }
        return new MainClass(hasMain, isWorkerMain, fault);
    }

    private static boolean canBeCreated(ClassModel type) {
        return type.methods().stream().anyMatch(method -> method.methodName().equalsString(ConstantDescs.INIT_NAME)
                && method.methodTypeSymbol().parameterCount() == 0);
    }

    /**
     * Returns why a method called {@code main} is no entry point, as a clause; empty if it is one.
     *
     * @param canBeCreated whether the main class has a constructor without parameters
     */
    private static String fault(MethodModel method, boolean canBeCreated) {
        MethodTypeDesc type = method.methodTypeSymbol();
        if (method.flags().has(AccessFlag.PRIVATE)) {
            return "its main method is private; it must not be";
        }
        if (!type.returnType().equals(ConstantDescs.CD_void)) {
            return "its main method returns " + type.returnType().displayName() + "; it must return void";
        }
        if (!MAIN_TYPES.contains(type)) {
            return "its main method takes " + type.parameterList().stream().map(ClassDesc::displayName)
                    .collect(Collectors.joining(", ")) + "; it must take String[] or nothing";
        }
        if (!method.flags().has(AccessFlag.STATIC) && !canBeCreated) {
            return "its main method is not static, so the class must have a constructor without parameters";
        }
        return "";
    }

    private static @Nullable ClassModel read(String internalName, List<SnapshotStore.Copy> copies) {
        for (SnapshotStore.Copy copy : copies) {
            byte[] bytes = copy.read(internalName + ".class");
            if (bytes != null) {
                return parse(bytes, internalName, copy.origin());
            }
        }
        return null;
    }

    private static ClassModel parse(byte[] bytes, String internalName, Path origin) {
        String name = internalName.replace('/', '.');
        if (bytes.length < HEADER || ByteBuffer.wrap(bytes).getInt() != ClassFile.MAGIC_NUMBER) {
            throw new CorralException(internalName + ".class in " + origin + " is not a class file");
        }
        int version = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(MAJOR_VERSION));
        if (version > ClassFile.latestMajorVersion()) {
            throw new CorralException(name + " in " + origin + " has class file version " + version + " (Java "
                    + (version - JAVA_0) + "); this JVM is Java " + Runtime.version().feature()
                    + " and runs class files up to version " + ClassFile.latestMajorVersion());
        }
        try {
            return ClassFile.of().parse(bytes);
        } catch (IllegalArgumentException e) {
            throw new CorralException(internalName + ".class in " + origin + " is damaged: " + e.getMessage(), e);
        }
    }
}
