package dev.corral.weave;

import dev.corral.redirect.Interception;
import dev.corral.redirect.Interceptions;
import dev.corral.redirect.catalogue.Catalogue;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodType;
import java.util.function.BiFunction;

/**
 * The class through which woven code leaves its isolate. Each isolate defines it from the same bytes under the same
 * name. It has one static method for the checkpoint and one for each interception. Each method consists of an
 * {@code invokedynamic} that is linked at its first call: the class calls its own loader, which is a {@link Linker}.
 * Therefore a woven call reaches its worker by the code that contains it, on whatever thread it runs, and the JIT sees
 * a constant. An interception also passes the checkpoint. If killed code catches {@link dev.corral.WorkerKilled}, its
 * next intercepted call throws it again.
 *
 * <p>An isolate links the checkpoint once, because one method holds its call site. (An {@code invokedynamic} in place
 * of each woven call would also work. But linking costs 15 times as much, and old class files cannot contain one.)
 */
public final class Gate {
    public static final String NAME = Interceptions.GATE;
    static final ClassDesc DESC = ClassDesc.of(NAME);
    public static final String CHECKPOINT = "checkpoint";
    private static final String BOOTSTRAP = "link";
    private static final MethodTypeDesc NO_ARGUMENTS = MethodTypeDesc.of(ConstantDescs.CD_void);
    /** The name of the field in the class of {@link #ofOrphan} that holds its {@link Linker}. */
    static final String LINKER = "linker";
    private static final ClassDesc FUNCTION = ClassDesc.of(BiFunction.class.getName());
    private static final byte[] BYTES = build(false);

    /**
     * What the loader of a gate must implement. The gate does not see this interface, but it sees {@link BiFunction}.
     */
    public interface Linker extends BiFunction<String, MethodType, CallSite> {}

    private Gate() {}

    /** Returns the class file for a loader that is a {@link Linker}. The caller must not change the bytes. */
    public static byte[] bytes() {
        return BYTES;
    }

    /**
     * Returns the class file for a loader that is no {@link Linker} and finds no gate. This gate calls the linker in
     * its field.
     */
    static byte[] ofOrphan() {
        return build(true);
    }

    private static byte[] build(boolean ofOrphan) {
        MethodTypeDesc apply = MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object,
                ConstantDescs.CD_Object);
        MethodTypeDesc bootstrapType = MethodTypeDesc.of(ConstantDescs.CD_CallSite,
                ConstantDescs.CD_MethodHandles_Lookup, ConstantDescs.CD_String, ConstantDescs.CD_MethodType);
        DirectMethodHandleDesc bootstrap =
                MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, DESC, BOOTSTRAP,
                        bootstrapType);
        return ClassFile.of().build(DESC, type -> {
            type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
            if (ofOrphan) {
                type.withField(LINKER, FUNCTION, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC);
            }
            type.withMethodBody(BOOTSTRAP, bootstrapType, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC, code -> {
                if (ofOrphan) {
                    code.getstatic(DESC, LINKER, FUNCTION);
                } else {
                    code.ldc(DESC).invokevirtual(ConstantDescs.CD_Class, "getClassLoader",
                            MethodTypeDesc.of(ClassDesc.of("java.lang.ClassLoader"))).checkcast(FUNCTION);
                }
                code.aload(1).aload(2).invokeinterface(FUNCTION, "apply", apply)
                        .checkcast(ConstantDescs.CD_CallSite).areturn();
            });
            type.withMethodBody(CHECKPOINT, NO_ARGUMENTS, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, code -> code
                    .invokedynamic(DynamicCallSiteDesc.of(bootstrap, CHECKPOINT, NO_ARGUMENTS)).return_());
            for (Interception interception : Catalogue.interceptions().all()) {
                addMethod(type, bootstrap, interception.gateName(), interception.typeDesc());
            }
        });
    }

    private static void addMethod(ClassBuilder type, DirectMethodHandleDesc bootstrap, String name,
            MethodTypeDesc descriptor) {
        type.withMethodBody(name, descriptor, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, code -> {
            code.invokestatic(DESC, CHECKPOINT, NO_ARGUMENTS);
            int slot = 0;
            for (ClassDesc parameter : descriptor.parameterList()) {
                var kind = TypeKind.from(parameter);
                code.loadLocal(kind, slot);
                slot += kind.slotSize();
            }
            code.invokedynamic(DynamicCallSiteDesc.of(bootstrap, name, descriptor));
            code.return_(TypeKind.from(descriptor.returnType()));
        });
    }
}
