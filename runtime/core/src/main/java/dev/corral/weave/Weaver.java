package dev.corral.weave;

import static java.util.Objects.requireNonNull;

import dev.corral.redirect.Interception;
import dev.corral.redirect.Interceptions;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.redirect.code.RuntimeClasses;
import dev.corral.redirect.thread.PlatformThreadMaking;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.Superclass;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a class of a program. It inserts checkpoints at the entry of each method and before each backward branch,
 * and redirects everything that {@link Interceptions} lists to the gate. Line numbers, variables and parameters stay
 * the same.
 *
 * <pre>
 * call of an intercepted method, read of a static field      call of the gate's method
 * method reference or constant that names such a member      reference to the gate's method
 * new, constructor, superclass, if there is a substitute     the substitute's
 * new Thread without a group                                new Thread with the worker's group
 * new class loader without a parent                          with the worker's system class loader as its parent
 * defineClass                                                the class file passes through the gate first
 * Method.invoke and similar methods                          receiver and arguments pass through the gate first
 * </pre>
 *
 * <p>Stack maps are kept and never computed again. Computing them needs the types of all classes that a method
 * mentions, and real jars mention classes that are missing. The stack maps stay valid, because inserted code leaves
 * locals and stack unchanged, and replaced code has the same effect on the stack.
 *
 * <p>The positions of checkpoints are those of the JDK's own JShell ({@code LocalExecutionControl}): entry and backward
 * branches. Exception handlers get none at their entry: the handler that javac generates for {@code synchronized}
 * covers itself, and an exception thrown in it would loop.
 */
public final class Weaver implements ClassTransform {
    /** First, because the constants below use it. */
    private static final Interceptions INTERCEPTIONS = Catalogue.interceptions();
    private static final MethodTypeDesc NO_ARGUMENTS = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final ClassDesc THREAD = ClassDesc.of("java.lang.Thread");
    private static final ClassDesc THREAD_GROUP = ClassDesc.of("java.lang.ThreadGroup");
    private static final ClassDesc RUNNABLE = ClassDesc.of("java.lang.Runnable");

    private static final ClassDesc CLASS_LOADER = ClassDesc.of("java.lang.ClassLoader");
    private static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
    private static final ClassDesc BYTE_BUFFER = ClassDesc.of("java.nio.ByteBuffer");
    private static final Interception THREAD_GROUP_OF_WORKER =
            INTERCEPTIONS.forWeaver(PlatformThreadMaking.THREAD_GROUP,
                    MethodTypeDesc.of(THREAD_GROUP).descriptorString());
    private static final Interception SYSTEM_LOADER = requireNonNull(
            INTERCEPTIONS.ofMethod("java/lang/ClassLoader", "getSystemClassLoader", "()Ljava/lang/ClassLoader;"));
    private static final Interception WEAVE_ARRAY = INTERCEPTIONS.forWeaver(RuntimeClasses.WEAVE,
            MethodTypeDesc.of(BYTES, ConstantDescs.CD_Object, BYTES, ConstantDescs.CD_int, ConstantDescs.CD_int)
                    .descriptorString());
    private static final Interception WEAVE_BUFFER = INTERCEPTIONS.forWeaver(RuntimeClasses.WEAVE,
            MethodTypeDesc.of(BYTE_BUFFER, ConstantDescs.CD_Object, BYTE_BUFFER).descriptorString());

    /** The entry of the gate's checkpoint in the class's constant pool; null before a method needs it. */
    private @Nullable MethodRefEntry checkpoint;

    private final ClassModel type;
    private final Ancestry ancestry;

    /** Creates a weaver for one class. */
    private Weaver(ClassModel type, Ancestry ancestry) {
        this.type = type;
        this.ancestry = ancestry;
    }

    /**
     * Returns the woven class.
     *
     * @param ancestry the superclasses of the classes that the class mentions
     * @throws IllegalArgumentException if the class cannot be woven, for example because a method would be too large,
     *         or a branch too long for an offset of 16 bits
     */
    public static byte[] weave(byte[] original, Ancestry ancestry) {
        // A conditional branch that is made longer jumps over a goto_w, and the stack maps lack a frame for its target.
        var classFile = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS,
                ClassFile.ShortJumpsOption.FAIL_ON_SHORT_JUMPS);
        ClassModel type = classFile.parse(original);
        return classFile.transformClass(type, new Weaver(type, ancestry));
    }

    @Override
    public void accept(ClassBuilder type, ClassElement element) {
        switch (element) {
            case MethodModel method when method.code().isPresent() -> type.transformMethod(method, (builder, part) -> {
                if (part instanceof CodeAttribute code) {
                    builder.transformCode(code, CodeTransform.ofStateful(() -> new MethodCode(code)));
                } else {
                    builder.with(part);
                }
            });
            case Superclass superclass -> {
                String substitute = INTERCEPTIONS.substitute(superclass.superclassEntry().asInternalName());
                if (substitute == null) {
                    type.with(superclass);
                } else {
                    type.withSuperclass(ClassDesc.ofInternalName(substitute));
                }
            }
            default -> type.with(element);
        }
    }

    /** Weaves the code of one method. */
    private final class MethodCode implements CodeTransform {
        private final CodeAttribute original;
        /**
         * The position of the next instruction in the original code. A branch to this position or an earlier one is a
         * backward branch.
         */
        private int position;

        private final OpeningRecorder openings;

        MethodCode(CodeAttribute original) {
            this.original = original;
            this.openings = new OpeningRecorder(original);
        }

        // Inserted before any label; otherwise the offsets of uninitialised values in the stack maps would be wrong.
        @Override
        public void atStart(CodeBuilder code) {
            checkpoint(code);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof Instruction instruction) {
                if (isBackward(instruction)) {
                    checkpoint(code);
                }
                position += instruction.sizeInBytes();
                intercept(code, instruction);
                openings.after(code, instruction);
            } else {
                code.with(element);
            }
        }

        @Override
        public void atEnd(CodeBuilder code) {
            original.findAttribute(Attributes.stackMapTable()).ifPresent(code::with);
        }

        private boolean isBackward(Instruction instruction) {
            return switch (instruction) {
                case BranchInstruction branch -> isPassed(branch.target());
                case TableSwitchInstruction table -> isAnyPassed(table.defaultTarget(), table.cases());
                case LookupSwitchInstruction lookup -> isAnyPassed(lookup.defaultTarget(), lookup.cases());
                default -> false;
            };
        }

        private boolean isAnyPassed(Label otherwise, List<SwitchCase> cases) {
            return isPassed(otherwise) || cases.stream().anyMatch(c -> isPassed(c.target()));
        }

        private boolean isPassed(Label label) {
            return original.labelToBci(label) <= position;
        }
    }

    private void checkpoint(CodeBuilder code) {
        MethodRefEntry entry = checkpoint;
        if (entry == null) {
            entry = code.constantPool().methodRefEntry(Gate.DESC, Gate.CHECKPOINT, NO_ARGUMENTS);
            checkpoint = entry;
        }
        code.invoke(Opcode.INVOKESTATIC, entry);
    }

    private void intercept(CodeBuilder code, Instruction instruction) {
        switch (instruction) {
            case InvokeInstruction call -> call(code, call);
            case NewObjectInstruction made -> {
                String substitute = INTERCEPTIONS.substitute(made.className().asInternalName());
                if (substitute == null) {
                    code.with(made);
                } else {
                    code.new_(ClassDesc.ofInternalName(substitute));
                }
            }
            case FieldInstruction read when read.opcode() == Opcode.GETSTATIC -> {
                Interception interception =
                        INTERCEPTIONS.ofField(read.owner().asInternalName(), read.name().stringValue());
                if (interception == null) {
                    code.with(read);
                } else {
                    throughGate(code, interception);
                }
            }
            case InvokeDynamicInstruction dynamic -> dynamic(code, dynamic);
            case ConstantInstruction.LoadConstantInstruction load -> {
                ConstantDesc replacement =
                        ConstantWeaver.mayBeReplaced(load.constantEntry())
                                ? ConstantWeaver.replace(load.constantValue()) : null;
                if (replacement == null) {
                    code.with(load);
                } else {
                    code.loadConstant(replacement);
                }
            }
            default -> code.with(instruction);
        }
    }

    private void call(CodeBuilder code, InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (call.opcode() != Opcode.INVOKESTATIC && RuntimeClasses.definesClass(name, call.type().stringValue())) {
            weaveArgument(code, call.typeSymbol().parameterList());
        }
        if (call.opcode() == Opcode.INVOKEVIRTUAL && ReflectiveCalls.weave(code, call)) {
            return;
        }
        if (call.opcode() == Opcode.INVOKESPECIAL) {
            if (owner.equals("java/lang/Thread") && name.equals("<init>")) {
                newThread(code, call);
            } else if (name.equals("<init>") && isLoaderWithoutParent(owner, call.type().stringValue())) {
                throughGate(code, SYSTEM_LOADER);
                special(code, call, call.typeSymbol()
                        .insertParameterTypes(call.typeSymbol().parameterCount(), CLASS_LOADER));
            } else if (INTERCEPTIONS.substitute(owner) == null) {
                code.with(call);
            } else { // a constructor, or a call of the superclass's method
                MethodTypeDesc type = call.typeSymbol();
                Interception argument = name.equals("<init>") ? INTERCEPTIONS.ofConstructors(owner) : null;
                if (argument != null) {
                    throughGate(code, argument);
                    type = type.insertParameterTypes(type.parameterCount(), argument.typeDesc().returnType());
                }
                special(code, call, type);
            }
            return;
        }
        Interception interception = ancestry.ofMethod(type, owner, name, call.type().stringValue());
        if (interception == null) {
            code.with(call);
        } else {
            throughGate(code, interception);
        }
    }

    private static void special(CodeBuilder code, InvokeInstruction call, MethodTypeDesc type) {
        String substitute = INTERCEPTIONS.substitute(call.owner().asInternalName());
        ClassDesc owner = substitute == null ? call.owner().asSymbol() : ClassDesc.ofInternalName(substitute);
        code.invokespecial(owner, call.name().stringValue(), type, call.isInterface());
    }

    /** Returns whether this is a constructor of the JDK that uses the system class loader as the parent. */
    private static boolean isLoaderWithoutParent(String owner, String descriptor) {
        return switch (owner) {
            case "java/lang/ClassLoader", "java/security/SecureClassLoader" -> descriptor.equals("()V");
            case "java/net/URLClassLoader" -> descriptor.equals("([Ljava/net/URL;)V");
            default -> false;
        };
    }

    /**
     * Replaces the class file in the arguments of a {@code defineClass} by the woven one. The stack holds a receiver,
     * which may be any object, then the arguments. They are stored in local variables that the stack maps do not
     * contain.
     */
    private static void weaveArgument(CodeBuilder code, List<ClassDesc> parameters) {
        var locals = new int[parameters.size()];
        for (int i = locals.length - 1; i >= 0; i--) {
            TypeKind kind = TypeKind.from(parameters.get(i));
            locals[i] = code.allocateLocal(kind);
            code.storeLocal(kind, locals[i]);
        }
        code.dup();
        int array = parameters.indexOf(BYTES);
        if (array >= 0) {
            code.aload(locals[array]).iload(locals[array + 1]).iload(locals[array + 2]);
            throughGate(code, WEAVE_ARRAY);
            code.astore(locals[array]);
            code.iconst_0().istore(locals[array + 1]);
            code.aload(locals[array]).arraylength().istore(locals[array + 2]);
        } else {
            int buffer = locals[parameters.indexOf(BYTE_BUFFER)];
            code.aload(buffer);
            throughGate(code, WEAVE_BUFFER);
            code.astore(buffer);
        }
        for (int i = 0; i < locals.length; i++) {
            code.loadLocal(TypeKind.from(parameters.get(i)), locals[i]);
        }
    }

    /**
     * Replaces a constructor of Thread without a group by the one with a group. The stack holds its arguments, the last
     * one on top.
     */
    private static void newThread(CodeBuilder code, InvokeInstruction call) {
        List<ClassDesc> parameters = call.typeSymbol().parameterList();
        boolean hasGroup = parameters.contains(THREAD_GROUP);
        if (hasGroup || !List.of(RUNNABLE, ConstantDescs.CD_String).containsAll(parameters)) {
            code.with(call);
            return;
        }
        throughGate(code, THREAD_GROUP_OF_WORKER);
        switch (parameters.size()) {
            case 0 -> code.aconst_null();
            case 1 -> code.swap();
            default -> code.dup_x2().pop();
        }
        List<ClassDesc> more = parameters.isEmpty() ? List.of(RUNNABLE) : parameters;
        code.invokespecial(THREAD, "<init>",
                MethodTypeDesc.of(ConstantDescs.CD_void, more).insertParameterTypes(0, THREAD_GROUP));
    }

    static void throughGate(CodeBuilder code, Interception interception) {
        code.invokestatic(Gate.DESC, interception.gateName(), interception.typeDesc());
    }

    /** Replaces method references; the method that they name is among the arguments of the bootstrap method. */
    private static void dynamic(CodeBuilder code, InvokeDynamicInstruction call) {
        boolean any = call.invokedynamic().bootstrap().arguments().stream().anyMatch(ConstantWeaver::mayBeReplaced);
        List<ConstantDesc> replaced = any ? ConstantWeaver.replaceAll(call.bootstrapArgs()) : null;
        if (replaced == null) {
            code.with(call);
        } else {
            code.invokedynamic(DynamicCallSiteDesc.of(call.bootstrapMethod(), call.name().stringValue(),
                    call.typeSymbol(), replaced.toArray(ConstantDesc[]::new)));
        }
    }
}
