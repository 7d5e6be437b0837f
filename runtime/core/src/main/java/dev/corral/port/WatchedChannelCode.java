package dev.corral.port;

import dev.corral.jdk.JdkInternal;
import java.io.FileDescriptor;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeBuilder.BlockCodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;

/**
 * The generator of the channel class behind {@link WatchedChannel}. The class reports each read and write to a
 * {@link WatchedChannel.Watcher}. It is defined in the package of its superclass, because it calls methods that only
 * that package can call.
 */
final class WatchedChannelCode {
    /** The class of the JDK that is extended. */
    private static final ClassDesc PARENT = ClassDesc.of(JdkInternal.NEW_CHANNEL.owner());
    static final String NAME = "sun.nio.ch.CorralSocketChannel";
    private static final ClassDesc DESC = ClassDesc.of(NAME);
    private static final ClassDesc SOCKET_CHANNEL = ClassDesc.of("java.nio.channels.SocketChannel");
    private static final ClassDesc BUFFER = ClassDesc.of("java.nio.ByteBuffer");
    private static final ClassDesc BUFFERS = BUFFER.arrayType();
    private static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
    private static final ClassDesc ARRAYS = ClassDesc.of("java.util.Arrays");
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc CLOSED = ClassDesc.of("java.nio.channels.ClosedChannelException");
    private static final String WATCHER = "watcher";
    /** The name of the field that holds whether the channel is given up. */
    static final String GIVEN_UP = "givenUp";
    private static final MethodTypeDesc PARENT_CONSTRUCTOR =
            MethodTypeDesc.of(ConstantDescs.CD_void, ClassDesc.of("java.nio.channels.spi.SelectorProvider"),
                    ClassDesc.of("java.net.ProtocolFamily"), ClassDesc.of("java.io.FileDescriptor"),
                    ClassDesc.of("java.net.SocketAddress"));
    private static final MethodTypeDesc NO_ARGUMENTS = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc THIS_CHANNEL = MethodTypeDesc.of(SOCKET_CHANNEL);
    private static final MethodTypeDesc OF_BUFFER = MethodTypeDesc.of(ConstantDescs.CD_int, BUFFER);
    private static final MethodTypeDesc OF_BUFFERS =
            MethodTypeDesc.of(ConstantDescs.CD_long, BUFFERS, ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final MethodTypeDesc OF_BYTES =
            MethodTypeDesc.of(ConstantDescs.CD_void, BYTES, ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final MethodTypeDesc TIMED =
            MethodTypeDesc.of(ConstantDescs.CD_int, BYTES, ConstantDescs.CD_int, ConstantDescs.CD_int,
                    ConstantDescs.CD_long);
    private static final MethodTypeDesc MAX =
            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final MethodTypeDesc WRAP =
            MethodTypeDesc.of(BUFFER, BYTES, ConstantDescs.CD_int, ConstantDescs.CD_int);

    private WatchedChannelCode() {}

    /** Generates the class file. */
    static byte[] bytes() {
        MethodTypeDesc constructorType = PARENT_CONSTRUCTOR.insertParameterTypes(4, ConstantDescs.CD_Object);
        return ClassFile.of().build(DESC, type -> {
            type.withSuperclass(PARENT);
            type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
            type.withField(WATCHER, ConstantDescs.CD_Object, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
            type.withField(GIVEN_UP, ConstantDescs.CD_boolean, ClassFile.ACC_VOLATILE);
            type.withMethodBody(ConstantDescs.INIT_NAME, constructorType, ClassFile.ACC_PUBLIC, code -> code
                    .aload(0).aload(5).putfield(DESC, WATCHER, ConstantDescs.CD_Object)
                    .aload(0).aload(1).aload(2).aload(3).aload(4)
                    .invokespecial(PARENT, ConstantDescs.INIT_NAME, PARENT_CONSTRUCTOR)
                    .return_());
            addReads(type);
            addWrites(type);
            addClose(type);
        });
    }

    private static void addReads(ClassBuilder type) {
        addRead(type, "read", OF_BUFFER, 2, code -> code.aload(1));
        addRead(type, "read", OF_BUFFERS, 4, CodeBuilder::aconst_null);
        addRead(type, "blockingRead", TIMED, 6, code -> code
                .aload(1).iload(2).iload(6).iconst_0().invokestatic(MATH, "max", MAX).iadd().iconst_0()
                .invokestatic(BUFFER, "wrap", WRAP));
    }

    /**
     * Adds a read method. It returns the end of the stream if the watcher requires it, or if the channel was given up
     * while the method waited.
     *
     * @param result the local variable for the result of the JDK's own method
     * @param read pushes the buffer that is reported to the watcher
     */
    private static void addRead(ClassBuilder type, String name, MethodTypeDesc method, int result,
            Consumer<CodeBuilder> read) {
        TypeKind kind = TypeKind.from(method.returnType());
        int failure = result + kind.slotSize();
        type.withMethodBody(name, method, ClassFile.ACC_PUBLIC, code -> {
            watcher(code).invokeinterface(desc(BooleanSupplier.class), "getAsBoolean",
                    MethodTypeDesc.of(ConstantDescs.CD_boolean)).ifThen(block -> end(block, kind));
            code.trying(block -> callParent(block, name, method).storeLocal(kind, result),
                    catching -> catching.catchingAll(block -> {
                        block.astore(failure);
                        watcher(block).aconst_null().iconst_0();
                        notifyRead(block);
                        ifGivenUp(block, inner -> end(inner, kind));
                        block.aload(failure).athrow();
                    }));
            watcher(code);
            code.loadLocal(kind, result);
            if (kind == TypeKind.LONG) {
                code.l2i();
            }
            code.istore(failure);
            read.accept(code);
            code.iload(failure);
            notifyRead(code);
            code.loadLocal(kind, result).return_(kind);
        });
    }

    private static void end(BlockCodeBuilder block, TypeKind kind) {
        block.iconst_m1();
        if (kind == TypeKind.LONG) {
            block.i2l();
        }
        block.return_(kind);
    }

    private static void notifyRead(CodeBuilder code) {
        code.invokeinterface(desc(ObjIntConsumer.class), "accept",
                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_int));
    }

    private static void addWrites(ClassBuilder type) {
        addWrite(type, "write", OF_BUFFER, 2, code -> code.aload(1), code -> code.iload(2));
        addWrite(type, "write", OF_BUFFERS, 4, code -> code
                .aload(1).iload(2).iload(2).iload(3).iadd()
                .invokestatic(ARRAYS, "copyOfRange",
                        MethodTypeDesc.of(ConstantDescs.CD_Object.arrayType(), ConstantDescs.CD_Object.arrayType(),
                                ConstantDescs.CD_int, ConstantDescs.CD_int)),
                code -> code.lload(4).l2i());
        addWrite(type, "blockingWriteFully", OF_BYTES, 4, code -> code
                .aload(1).iload(2).iload(3).invokestatic(BUFFER, "wrap", WRAP), code -> code.iload(3));
    }

    /**
     * Adds a write method, which fails once the channel has been given up. The watcher is notified before the write;
     * from then on it does not give the channel up until the write has ended.
     *
     * @param result the local variable for the result of the JDK's own method
     * @param written pushes the buffers that are reported to the watcher
     * @param count pushes the number of bytes that were written
     */
    private static void addWrite(ClassBuilder type, String name, MethodTypeDesc method, int result,
            Consumer<CodeBuilder> written, Consumer<CodeBuilder> count) {
        TypeKind kind = TypeKind.from(method.returnType());
        int failure = result + kind.slotSize();
        type.withMethodBody(name, method, ClassFile.ACC_PUBLIC, code -> {
            watcher(code);
            written.accept(code);
            code.invokeinterface(desc(Consumer.class), "accept",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object));
            ifGivenUp(code, block -> block.new_(CLOSED).dup()
                    .invokespecial(CLOSED, ConstantDescs.INIT_NAME, NO_ARGUMENTS).athrow());
            code.trying(block -> {
                callParent(block, name, method);
                if (kind != TypeKind.VOID) {
                    block.storeLocal(kind, result);
                }
            }, catching -> catching.catchingAll(block -> {
                block.astore(failure);
                watcher(block).iconst_0();
                notifyWritten(block);
                block.aload(failure).athrow();
            }));
            watcher(code);
            count.accept(code);
            notifyWritten(code);
            if (kind != TypeKind.VOID) {
                code.loadLocal(kind, result);
            }
            code.return_(kind);
        });
    }

    private static void notifyWritten(CodeBuilder code) {
        code.invokeinterface(desc(IntConsumer.class), "accept",
                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int));
    }

    /** Adds the methods that would change the connection through the descriptor of a given-up channel. */
    private static void addClose(ClassBuilder type) {
        for (String name : new String[]{"shutdownInput", "shutdownOutput"}) {
            addChange(type, name, THIS_CHANNEL, ClassFile.ACC_PUBLIC, 1, code -> code.aload(0).areturn());
        }
        addChange(type, "implConfigureBlocking", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_boolean),
                ClassFile.ACC_PROTECTED, 0, CodeBuilder::return_);
        String close = "implCloseSelectableChannel";
        type.withMethodBody(close, NO_ARGUMENTS, ClassFile.ACC_PROTECTED, code -> {
            code.trying(block -> watcher(block).invokeinterface(desc(Runnable.class), "run", NO_ARGUMENTS),
                    catching -> catching.catchingAll(block -> {
                        block.astore(1);
                        callParent(block, close, NO_ARGUMENTS).aload(1).athrow();
                    }));
            callParent(code, close, NO_ARGUMENTS).return_();
        });
    }

    /**
     * Adds a method that does nothing once the channel has been given up. The watcher counts the call as a read, so
     * that it does not give the channel up while the JDK's own method runs.
     *
     * @param unknown the number of bytes that is reported to the watcher without a buffer; not 0 if another server
     *        could not continue the connection after the call
     * @param end returns from the method
     */
    private static void addChange(ClassBuilder type, String name, MethodTypeDesc method, int flags, int unknown,
            Consumer<CodeBuilder> end) {
        int failure = 1 + method.parameterCount();
        type.withMethodBody(name, method, flags, code -> {
            watcher(code).invokeinterface(desc(BooleanSupplier.class), "getAsBoolean",
                    MethodTypeDesc.of(ConstantDescs.CD_boolean)).ifThen(end::accept);
            code.trying(block -> {
                callParent(block, name, method);
                if (method.returnType() != ConstantDescs.CD_void) {
                    block.pop();
                }
            }, catching -> catching.catchingAll(block -> {
                block.astore(failure);
                watcher(block).aconst_null().iconst_0();
                notifyRead(block);
                block.aload(failure).athrow();
            }));
            watcher(code).aconst_null().loadConstant(unknown);
            notifyRead(code);
            end.accept(code);
        });
    }

    private static CodeBuilder watcher(CodeBuilder code) {
        return code.aload(0).getfield(DESC, WATCHER, ConstantDescs.CD_Object);
    }

    private static void ifGivenUp(CodeBuilder code, Consumer<BlockCodeBuilder> then) {
        code.aload(0).getfield(DESC, GIVEN_UP, ConstantDescs.CD_boolean).ifThen(then);
    }

    private static CodeBuilder callParent(CodeBuilder code, String name, MethodTypeDesc method) {
        code.aload(0);
        int slot = 1;
        for (ClassDesc parameter : method.parameterList()) {
            TypeKind kind = TypeKind.from(parameter);
            code.loadLocal(kind, slot);
            slot += kind.slotSize();
        }
        return code.invokespecial(PARENT, name, method);
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
