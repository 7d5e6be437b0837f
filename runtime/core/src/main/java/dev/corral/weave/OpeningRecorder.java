package dev.corral.weave;

import dev.corral.redirect.Interception;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.redirect.cleanup.OpenResources;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Adds to one method the calls that record what {@link OpeningCalls} return. After a call of a method, the result is on
 * the stack. After a call of a constructor, the new object is on the stack if the instruction {@code new} was followed
 * by {@code dup}, as compilers write it; an object that was created otherwise is not recorded. Used by one thread.
 */
final class OpeningRecorder {
    private static final Interception OPENED = Catalogue.interceptions().forWeaver(OpenResources.OPENED,
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object).descriptorString());

    private final boolean isConstructor;
    /** The objects that were created and whose constructor was not called yet, the last one first. */
    private final Deque<Created> created = new ArrayDeque<>();
    private @Nullable Instruction before;

    /**
     * An object without a call of its constructor.
     *
     * @param isDuplicated whether it is on the stack twice
     */
    private record Created(String type, boolean isDuplicated) {}

    OpeningRecorder(CodeAttribute method) {
        this.isConstructor = method.parent()
                .filter(model -> model.methodName().equalsString(ConstantDescs.INIT_NAME)).isPresent();
    }

    /** Follows the code. Called after each instruction was written. */
    void after(CodeBuilder code, Instruction instruction) {
        switch (instruction) {
            case NewObjectInstruction made when OpeningCalls.haveConstructorOf(made.className().asInternalName()) ->
                    created.push(new Created(made.className().asInternalName(), false));
            case StackInstruction stack when stack.opcode() == Opcode.DUP && isOpening(before) ->
                    created.push(new Created(created.pop().type, true));
            case InvokeInstruction call -> after(code, call);
            default -> {
            }
        }
        before = instruction;
    }

    private static boolean isOpening(@Nullable Instruction instruction) {
        return instruction instanceof NewObjectInstruction made
                && OpeningCalls.haveConstructorOf(made.className().asInternalName());
    }

    private void after(CodeBuilder code, InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        boolean opens = OpeningCalls.contain(owner, name, call.type().stringValue());
        if (!name.equals(ConstantDescs.INIT_NAME)) {
            if (opens) {
                record(code.dup());
            }
        } else if (OpeningCalls.haveConstructorOf(owner)) {
            Created object = created.poll();
            if (object == null && isConstructor && opens) {
                record(code.aload(0)); // the call of the superclass's constructor
            } else if (object != null && object.isDuplicated && object.type.equals(owner) && opens) {
                record(code.dup());
            }
        }
    }

    private static void record(CodeBuilder code) {
        Weaver.throughGate(code, OPENED);
    }
}
