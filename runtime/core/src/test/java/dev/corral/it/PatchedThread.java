package dev.corral.it;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A copy of {@link Thread} for {@code --patch-module} that asks before it starts a native thread. It has one more
 * field, {@code public
 * static volatile Predicate<Thread> refuses}. Where the predicate is true, the start fails as it does when the
 * operating system has no thread.
 */
final class PatchedThread {
    private static final ClassDesc PREDICATE = Predicate.class.describeConstable().orElseThrow();
    private static final ClassDesc ERROR = OutOfMemoryError.class.describeConstable().orElseThrow();
    private static final ClassDesc THREAD = Thread.class.describeConstable().orElseThrow();
    private static final String FIELD = "refuses";

    private PatchedThread() {}

    /** The option for a JVM that is to use the copy, which is written below this directory. */
    static String option(Path directory) throws IOException {
        Path file = directory.resolve("java/lang/Thread.class");
        Files.createDirectories(file.getParent());
        try (InputStream in = Thread.class.getResourceAsStream("Thread.class")) {
            Files.write(file, patch(in.readAllBytes()));
        }
        return "--patch-module=java.base=" + directory;
    }

    private static byte[] patch(byte[] bytes) {
        ClassFile classFile = ClassFile.of();
        ClassModel thread = classFile.parse(bytes);
        return classFile.transformClass(thread, ClassTransform.transformingMethodBodies(asking()).andThen(withField()));
    }

    private static ClassTransform withField() {
        return new ClassTransform() {
            @Override
            public void accept(ClassBuilder builder, ClassElement element) {
                builder.with(element);
            }

            @Override
            public void atEnd(ClassBuilder builder) {
                builder.withField(FIELD, PREDICATE,
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_VOLATILE);
            }
        };
    }

    private static CodeTransform asking() {
        return (code, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString("start0")) {
                code.getstatic(THREAD, FIELD, PREDICATE).ifThen(java.lang.classfile.Opcode.IFNONNULL,
                        asked -> asked.getstatic(THREAD, FIELD, PREDICATE).aload(0)
                                .invokeinterface(PREDICATE, "test",
                                        MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object))
                                .ifThen(refused -> refused.new_(ERROR).dup()
                                        .loadConstant("unable to create native thread: made up")
                                        .invokespecial(ERROR, ConstantDescs.INIT_NAME,
                                                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String))
                                        .athrow()));
            }
            code.with(element);
        };
    }
}
