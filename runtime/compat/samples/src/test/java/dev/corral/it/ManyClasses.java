package dev.corral.it;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Makes classes {@code many.C0} and so on, as a program brings them that takes long to start. */
final class ManyClasses {
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final int LOOPS = 400;
    private static final int FLAGS = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;

    private ManyClasses() {}

    /** A jar of so many of them, each with so many methods of a few KiB. */
    static Path write(Path jar, int classes, int methods) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar); var out = new JarOutputStream(file)) {
            for (int i = 0; i < classes; i++) {
                out.putNextEntry(new JarEntry("many/C" + i + ".class"));
                out.write(ClassFile.of().build(ClassDesc.of("many.C" + i), type -> build(type, methods)));
            }
        }
        return jar;
    }

    private static void build(ClassBuilder type, int methods) {
        type.withFlags(ClassFile.ACC_PUBLIC);
        type.withMethodBody("run", NOTHING, FLAGS, CodeBuilder::return_);
        for (int i = 0; i < methods; i++) {
            type.withMethodBody("m" + i, NOTHING, FLAGS, ManyClasses::loops);
        }
    }

    private static void loops(CodeBuilder code) {
        int slot = code.allocateLocal(TypeKind.INT);
        code.iconst_0().istore(slot);
        for (int i = 0; i < LOOPS; i++) {
            Label top = code.newBoundLabel();
            code.iinc(slot, 1).iload(slot).sipush(i).if_icmplt(top);
        }
        code.return_();
    }
}
