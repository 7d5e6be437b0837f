package dev.corral.weave;

import dev.corral.redirect.Interception;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.redirect.code.Reflection;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

/**
 * Weaves calls of {@code Method.invoke} and similar methods, so that their target is redirected as a direct call would
 * be. The call itself stays, because the JDK checks its caller; its receiver and its arguments pass through the gate.
 * They are stored in local variables that the stack maps do not contain.
 */
final class ReflectiveCalls {
    private static final ClassDesc METHOD = ClassDesc.of("java.lang.reflect.Method");
    private static final ClassDesc CONSTRUCTOR = ClassDesc.of("java.lang.reflect.Constructor");
    private static final ClassDesc FIELD = ClassDesc.of("java.lang.reflect.Field");
    private static final ClassDesc ARRAY = ConstantDescs.CD_Object.arrayType();
    /** Checked first, because nearly all calls are of other classes. */
    private static final Set<String> OWNERS = Set.of("java/lang/reflect/Method", "java/lang/reflect/Constructor",
            "java/lang/reflect/Field", "java/lang/Class");
    private static final Interception METHOD_STAND_IN =
            gate(Reflection.METHOD, METHOD, METHOD, ConstantDescs.CD_Object);
    private static final Interception METHOD_ARGUMENTS =
            gate(Reflection.ARGUMENTS, ARRAY, METHOD, METHOD, ConstantDescs.CD_Object, ARRAY);
    private static final Interception CONSTRUCTOR_STAND_IN = gate(Reflection.CONSTRUCTOR, CONSTRUCTOR, CONSTRUCTOR);
    private static final Interception CONSTRUCTOR_ARGUMENTS =
            gate(Reflection.ARGUMENTS, ARRAY, CONSTRUCTOR, CONSTRUCTOR, ARRAY);
    private static final Interception CLASS_STAND_IN =
            gate(Reflection.CONSTRUCTOR, ConstantDescs.CD_Class, ConstantDescs.CD_Class);
    private static final Interception FIELD_VALUE =
            gate(Reflection.VALUE, ConstantDescs.CD_Object, ConstantDescs.CD_Object, FIELD);

    private ReflectiveCalls() {}

    private static Interception gate(String name, ClassDesc returned, ClassDesc... parameters) {
        return Catalogue.interceptions().forWeaver(name, MethodTypeDesc.of(returned, parameters).descriptorString());
    }

    /** Writes the call and returns true if it is such a call; otherwise writes nothing and returns false. */
    static boolean weave(CodeBuilder code, InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        if (!OWNERS.contains(owner)) {
            return false;
        }
        switch (owner + "." + call.name().stringValue() + call.type().stringValue()) {
            case "java/lang/reflect/Method.invoke(Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;" ->
                    invoke(code, call);
            case "java/lang/reflect/Constructor.newInstance([Ljava/lang/Object;)Ljava/lang/Object;" ->
                    newInstance(code, call);
            case "java/lang/Class.newInstance()Ljava/lang/Object;" -> {
                Weaver.throughGate(code, CLASS_STAND_IN);
                code.with(call);
            }
            case "java/lang/reflect/Field.get(Ljava/lang/Object;)Ljava/lang/Object;" -> get(code, call);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void invoke(CodeBuilder code, InvokeInstruction call) {
        int arguments = store(code);
        int receiver = store(code);
        int method = store(code);
        code.aload(method).aload(receiver);
        Weaver.throughGate(code, METHOD_STAND_IN);
        code.dup().aload(method).aload(receiver).aload(arguments);
        Weaver.throughGate(code, METHOD_ARGUMENTS);
        code.aload(receiver).swap().with(call);
    }

    private static void newInstance(CodeBuilder code, InvokeInstruction call) {
        int arguments = store(code);
        int constructor = store(code);
        code.aload(constructor);
        Weaver.throughGate(code, CONSTRUCTOR_STAND_IN);
        code.dup().aload(constructor).aload(arguments);
        Weaver.throughGate(code, CONSTRUCTOR_ARGUMENTS);
        code.with(call);
    }

    private static void get(CodeBuilder code, InvokeInstruction call) {
        int object = store(code);
        code.dup().aload(object).with(call).swap();
        Weaver.throughGate(code, FIELD_VALUE);
    }

    private static int store(CodeBuilder code) {
        int local = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(local);
        return local;
    }
}
