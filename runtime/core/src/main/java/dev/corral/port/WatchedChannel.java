package dev.corral.port;

import dev.corral.hotspot.Descriptors;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeBuilder.BlockCodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.IOUtil;
import sun.nio.ch.SelChImpl;

/**
 * Channels of accepted connections that are watched: what is read, what is written, and the close. The JDK's class of socket
 * channels is extended at run time, because selectors and servers want just that class; the new channel takes over the
 * descriptor of the accepted one, which is then forgotten. Where {@code sun.nio.ch} is not open, the channel stays what it was, and
 * nobody watches.
 *
 * <p>A channel can be given up: its connection goes on, over another channel with another descriptor. For the server that has the
 * channel it is as if its client had closed the connection: it reads the end of the stream. What it does to the channel then
 * does nothing to the connection.
 */
final class WatchedChannel {
    private static final System.Logger LOG = System.getLogger("dev.corral");
    private static final @Nullable Maker MAKER = maker();

    /**
     * Who watches one channel. Made of the JDK's own interfaces, for those are what a class of {@code java.base} can call. Called on
     * the server's threads.
     */
    @SuppressWarnings("overloads") // of default methods that nobody calls
    interface Watcher extends Runnable, BooleanSupplier, ObjIntConsumer<@Nullable ByteBuffer>, Consumer<Object>,
            IntConsumer {
        /** Before a read; true to have the channel tell the end of the stream instead. */
        @Override
        boolean getAsBoolean();

        /**
         * After a read.
         *
         * @param buffer whose position is behind what was read; null if it is not known
         * @param count of the bytes; 0 or less if there are none
         */
        @Override
        void accept(@Nullable ByteBuffer buffer, int count);

        /** Before a write of this buffer, or of these: an array of them. */
        @Override
        void accept(Object buffers);

        /** After a write of so many bytes; 0 if it failed or there was no room. */
        @Override
        void accept(int count);

        /** The channel is about to be closed; once. */
        @Override
        void run();
    }

    private WatchedChannel() {}

    /** Whether channels are watched. */
    static boolean isPossible() {
        return MAKER != null;
    }

    /** The accepted connection as a channel that this one watches. */
    static SocketChannel of(SocketChannel accepted, Watcher watcher) throws IOException {
        return MAKER == null ? accepted : MAKER.make(accepted, watcher);
    }

    /** Whether {@link #giveUp} is possible. */
    static boolean canBeGivenUp() {
        return MAKER != null && Descriptors.canDuplicate();
    }

    /**
     * Gives it up, even where its close has begun. It keeps its own descriptor, which is to be closed.
     *
     * @param remote the other end
     * @param waiting whether somebody waits in a read of it, and would read once more before he looks whether it is closed, as a virtual
     *        thread does: then there is nothing left to be read
     * @param watcher of the new channel
     * @return a blocking channel for the same connection
     * @throws IOException if there is no descriptor for it, or the client has gone
     */
    static SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, Watcher watcher)
            throws IOException {
        if (MAKER == null) {
            throw new IllegalStateException("this channel is not watched");
        }
        return MAKER.giveUp(channel, remote, waiting, watcher);
    }

    /** Has the close of a channel that was given up, which has begun, leave the connection alone. */
    static void spare(SocketChannel channel) {
        if (MAKER != null) {
            MAKER.spare(channel);
        }
    }

    /** Makes them. */
    private interface Maker {
        SocketChannel make(SocketChannel accepted, Watcher watcher) throws IOException;

        SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, Watcher watcher)
                throws IOException;

        void spare(SocketChannel channel);
    }

    private static @Nullable Maker maker() {
        if (!Object.class.getModule().isOpen("sun.nio.ch", WatchedChannel.class.getModule())) {
            return null;
        }
        try {
            return new Subclass();
        } catch (ReflectiveOperationException | IOException | LinkageError e) { // a JDK that does it in another way
            LOG.log(Level.WARNING,
                    "connections of workers are not watched: they stay with theirs until they are closed", e);
            return null;
        }
    }

    /** Loaded only where the JDK's package is open. */
    private static final class Subclass implements Maker {
        private static final String PARENT = "sun.nio.ch.SocketChannelImpl";
        private static final ClassDesc PARENT_DESC = ClassDesc.of(PARENT);
        private static final String NAME = "sun.nio.ch.CorralSocketChannel";
        private static final ClassDesc DESC = ClassDesc.of(NAME);
        private static final ClassDesc SOCKET_CHANNEL = ClassDesc.of("java.nio.channels.SocketChannel");
        private static final ClassDesc BUFFER = ClassDesc.of("java.nio.ByteBuffer");
        private static final ClassDesc BUFFERS = BUFFER.arrayType();
        private static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
        private static final ClassDesc ARRAYS = ClassDesc.of("java.util.Arrays");
        private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
        private static final ClassDesc CLOSED = ClassDesc.of("java.nio.channels.ClosedChannelException");
        private static final String WATCHER = "watcher";
        private static final String GIVEN_UP = "givenUp";
        private static final int UNCONNECTED = 0;
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

        private final MethodHandle constructor;
        private final VarHandle family;
        private final VarHandle state;
        private final VarHandle givenUp;
        /** Of which nobody reads anything but the end. */
        private final SelChImpl ended;

        Subclass() throws ReflectiveOperationException, IOException {
            Pipe pipe = SharedSelectorProvider.ofJdk().openPipe();
            pipe.sink().close();
            ended = (SelChImpl) pipe.source();
            Class<?> parent = Class.forName(PARENT);
            MethodHandles.Lookup ofParent = MethodHandles.privateLookupIn(parent, MethodHandles.lookup());
            family = ofParent.findVarHandle(parent, "family", ProtocolFamily.class);
            state = ofParent.findVarHandle(parent, "state", int.class);
            Class<?> type = defineOnce(ofParent);
            givenUp = ofParent.findVarHandle(type, GIVEN_UP, boolean.class);
            constructor = ofParent.findConstructor(type,
                    MethodType.methodType(void.class, SelectorProvider.class, ProtocolFamily.class,
                            FileDescriptor.class, SocketAddress.class, Object.class))
                    .asType(MethodType.methodType(SocketChannel.class, SelectorProvider.class, ProtocolFamily.class,
                            FileDescriptor.class, SocketAddress.class, Watcher.class));
        }

        /** Another copy of Corral in this JVM may have done so; the class refers to the JDK only. */
        private static Class<?> defineOnce(MethodHandles.Lookup ofParent) throws ReflectiveOperationException {
            try {
                return ofParent.defineClass(bytes());
            } catch (LinkageError e) {
                return Class.forName(NAME, true, null);
            }
        }

        @Override
        public SocketChannel make(SocketChannel accepted, Watcher watcher) throws IOException {
            return make(accepted, ((SelChImpl) accepted).getFD(), accepted.getRemoteAddress(), watcher);
        }

        private SocketChannel make(SocketChannel like, FileDescriptor fd, SocketAddress remote, Watcher watcher) {
            try {
                return (SocketChannel) constructor.invokeExact(like.provider(), (ProtocolFamily) family.get(like), fd,
                        remote, watcher);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a connection cannot be taken over", e);
            }
        }

        @Override
        public SocketChannel giveUp(SocketChannel channel, SocketAddress remote, boolean waiting, Watcher watcher)
                throws IOException {
            int descriptor = ((SelChImpl) channel).getFDVal();
            FileDescriptor fd = IOUtil.newFD(Descriptors.duplicate(descriptor));
            IOUtil.configureBlocking(fd, true);
            SocketChannel next = make(channel, fd, remote, watcher);
            givenUp.setVolatile(channel, true);
            if (waiting) {
                Descriptors.replace(descriptor, ended.getFDVal());
            }
            return next;
        }

        // A channel that is connected is shut down by its close, if a selector keeps the descriptor open.
        @Override
        public void spare(SocketChannel channel) {
            state.setVolatile(channel, UNCONNECTED);
        }

        private static byte[] bytes() {
            MethodTypeDesc constructorType = PARENT_CONSTRUCTOR.insertParameterTypes(4, ConstantDescs.CD_Object);
            return ClassFile.of().build(DESC, type -> {
                type.withSuperclass(PARENT_DESC);
                type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
                type.withField(WATCHER, ConstantDescs.CD_Object, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
                type.withField(GIVEN_UP, ConstantDescs.CD_boolean, ClassFile.ACC_VOLATILE);
                type.withMethodBody(ConstantDescs.INIT_NAME, constructorType, ClassFile.ACC_PUBLIC, code -> code
                        .aload(0).aload(5).putfield(DESC, WATCHER, ConstantDescs.CD_Object)
                        .aload(0).aload(1).aload(2).aload(3).aload(4)
                        .invokespecial(PARENT_DESC, ConstantDescs.INIT_NAME, PARENT_CONSTRUCTOR)
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
         * One that tells the end of the stream where the watcher wants that, or where the channel was given up while it waited.
         *
         * @param result local variable of what the JDK's own method returns
         * @param read pushes what the watcher is told that was read
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
                            tellRead(block);
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
                tellRead(code);
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

        private static void tellRead(CodeBuilder code) {
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
         * One that fails once the channel is given up.
         *
         * @param written pushes what the watcher is told that will be written
         * @param count pushes how much of it was
         */
        private static void addWrite(ClassBuilder type, String name, MethodTypeDesc method, int result,
                Consumer<CodeBuilder> written, Consumer<CodeBuilder> count) {
            TypeKind kind = TypeKind.from(method.returnType());
            int failure = result + kind.slotSize();
            type.withMethodBody(name, method, ClassFile.ACC_PUBLIC, code -> {
                ifGivenUp(code, block -> block.new_(CLOSED).dup()
                        .invokespecial(CLOSED, ConstantDescs.INIT_NAME, NO_ARGUMENTS).athrow());
                watcher(code);
                written.accept(code);
                code.invokeinterface(desc(Consumer.class), "accept",
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object));
                code.trying(block -> {
                    callParent(block, name, method);
                    if (kind != TypeKind.VOID) {
                        block.storeLocal(kind, result);
                    }
                }, catching -> catching.catchingAll(block -> {
                    block.astore(failure);
                    watcher(block).iconst_0();
                    tellWritten(block);
                    block.aload(failure).athrow();
                }));
                watcher(code);
                count.accept(code);
                tellWritten(code);
                if (kind != TypeKind.VOID) {
                    code.loadLocal(kind, result);
                }
                code.return_(kind);
            });
        }

        private static void tellWritten(CodeBuilder code) {
            code.invokeinterface(desc(IntConsumer.class), "accept",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int));
        }

        /** What would reach the connection through the descriptor that the channel still has. */
        private static void addClose(ClassBuilder type) {
            for (String name : new String[]{"shutdownInput", "shutdownOutput"}) {
                type.withMethodBody(name, THIS_CHANNEL, ClassFile.ACC_PUBLIC, code -> {
                    ifGivenUp(code, block -> block.aload(0).areturn());
                    callParent(code, name, THIS_CHANNEL).areturn();
                });
            }
            MethodTypeDesc configure = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_boolean);
            type.withMethodBody("implConfigureBlocking", configure, ClassFile.ACC_PROTECTED, code -> {
                ifGivenUp(code, BlockCodeBuilder::return_);
                callParent(code, "implConfigureBlocking", configure).return_();
            });
            type.withMethodBody("implCloseSelectableChannel", NO_ARGUMENTS, ClassFile.ACC_PROTECTED, code -> {
                watcher(code).invokeinterface(desc(Runnable.class), "run", NO_ARGUMENTS);
                callParent(code, "implCloseSelectableChannel", NO_ARGUMENTS).return_();
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
            return code.invokespecial(PARENT_DESC, name, method);
        }

        private static ClassDesc desc(Class<?> type) {
            return type.describeConstable().orElseThrow();
        }
    }
}
