package dev.corral.weave;

import java.lang.classfile.ClassFile;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** A program with a method in which an outer loop contains two thousand inner loops, one after another. */
final class WideLoop {
    static final String NAME = "Wide";

    private static final String METHOD = "run";
    private static final int INNER_LOOPS = 2000;
    private static final int OUTER = 0;
    private static final int INNER = 1;
    private static final int SUM = 2;

    private WideLoop() {}

    static byte[] classFile() {
        return ClassFile.of().build(ClassDesc.of(NAME), type -> type.withMethodBody(METHOD,
                MethodTypeDesc.of(ConstantDescs.CD_long), ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, code -> {
                    code.lconst_0().lstore(SUM).iconst_3().istore(OUTER);
                    Label outer = code.newBoundLabel();
                    for (int i = 0; i < INNER_LOOPS; i++) {
                        code.iconst_2().istore(INNER);
                        Label inner = code.newBoundLabel();
                        code.lload(SUM).iload(INNER).i2l().ladd().lstore(SUM);
                        code.iinc(INNER, -1).iload(INNER).ifne(inner);
                    }
                    code.iinc(OUTER, -1).iload(OUTER).ifne(outer).lload(SUM).lreturn();
                }).withMethodBody("main", MethodTypeDesc.of(ConstantDescs.CD_void), ClassFile.ACC_PUBLIC
                        | ClassFile.ACC_STATIC, code -> code.return_())
                .withFlags(ClassFile.ACC_PUBLIC));
    }

    static long run(ClassLoader loader) throws ReflectiveOperationException {
        return (long) loader.loadClass(NAME).getMethod(METHOD).invoke(null);
    }
}
