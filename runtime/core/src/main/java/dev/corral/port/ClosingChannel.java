package dev.corral.port;

import java.io.FileDescriptor;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.net.ProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;

/**
 * Channels that tell when they are closed. The JDK's class of socket channels is extended at run time, because selectors and
 * servers want just that class; the new channel takes over the descriptor of the accepted one, which is then forgotten. Where
 * {@code sun.nio.ch} is not open, the channel stays what it was, and tells nothing.
 */
final class ClosingChannel {
    private static final @Nullable Maker MAKER = maker();

    private ClosingChannel() {}

    /** Whether channels tell. */
    static boolean canTell() {
        return MAKER != null;
    }

    /** The accepted connection as a channel that calls {@code closed} once, when somebody closes it. */
    static SocketChannel of(SocketChannel accepted, Runnable closed) {
        return MAKER == null ? accepted : MAKER.make(accepted, closed);
    }

    /** Makes them. */
    private interface Maker {
        SocketChannel make(SocketChannel accepted, Runnable closed);
    }

    private static @Nullable Maker maker() {
        if (!Object.class.getModule().isOpen("sun.nio.ch", ClosingChannel.class.getModule())) {
            return null;
        }
        try {
            return new Subclass();
        } catch (ReflectiveOperationException e) { // a JDK that does it in another way
            return null;
        }
    }

    /** Loaded only where the JDK's package is open. */
    private static final class Subclass implements Maker {
        private static final String PARENT = "sun.nio.ch.SocketChannelImpl";
        private static final ClassDesc PARENT_DESC = ClassDesc.of(PARENT);
        private static final ClassDesc DESC = ClassDesc.of("sun.nio.ch.CorralSocketChannel");
        private static final ClassDesc RUNNABLE = ClassDesc.of("java.lang.Runnable");
        private static final String CLOSED = "closed";
        private static final MethodTypeDesc PARENT_CONSTRUCTOR =
                MethodTypeDesc.of(ConstantDescs.CD_void, ClassDesc.of("java.nio.channels.spi.SelectorProvider"),
                        ClassDesc.of("java.net.ProtocolFamily"), ClassDesc.of("java.io.FileDescriptor"),
                        ClassDesc.of("java.net.SocketAddress"));
        private static final MethodTypeDesc NO_ARGUMENTS = MethodTypeDesc.of(ConstantDescs.CD_void);

        private final MethodHandle constructor;
        private final VarHandle family;

        Subclass() throws ReflectiveOperationException {
            Class<?> parent = Class.forName(PARENT);
            MethodHandles.Lookup ofParent = MethodHandles.privateLookupIn(parent, MethodHandles.lookup());
            family = ofParent.findVarHandle(parent, "family", ProtocolFamily.class);
            MethodHandles.Lookup lookup = ofParent.defineHiddenClass(bytes(), true);
            constructor = lookup.findConstructor(lookup.lookupClass(),
                    MethodType.methodType(void.class, SelectorProvider.class, ProtocolFamily.class,
                            FileDescriptor.class, SocketAddress.class, Runnable.class))
                    .asType(MethodType.methodType(SocketChannel.class, SelectorProvider.class, ProtocolFamily.class,
                            FileDescriptor.class, SocketAddress.class, Runnable.class));
        }

        /** A field, a constructor that sets it, and a method that runs it before the one that closes. */
        private static byte[] bytes() {
            MethodTypeDesc constructorType = PARENT_CONSTRUCTOR.insertParameterTypes(4, RUNNABLE);
            return ClassFile.of().build(DESC, type -> {
                type.withSuperclass(PARENT_DESC);
                type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
                type.withField(CLOSED, RUNNABLE, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
                type.withMethodBody(ConstantDescs.INIT_NAME, constructorType, ClassFile.ACC_PUBLIC, code -> code
                        .aload(0).aload(5).putfield(DESC, CLOSED, RUNNABLE)
                        .aload(0).aload(1).aload(2).aload(3).aload(4)
                        .invokespecial(PARENT_DESC, ConstantDescs.INIT_NAME, PARENT_CONSTRUCTOR)
                        .return_());
                type.withMethodBody("implCloseSelectableChannel", NO_ARGUMENTS, ClassFile.ACC_PROTECTED, code -> code
                        .aload(0).getfield(DESC, CLOSED, RUNNABLE)
                        .invokeinterface(RUNNABLE, "run", NO_ARGUMENTS)
                        .aload(0).invokespecial(PARENT_DESC, "implCloseSelectableChannel", NO_ARGUMENTS)
                        .return_());
            });
        }

        @Override
        public SocketChannel make(SocketChannel accepted, Runnable closed) {
            try {
                return (SocketChannel) constructor.invokeExact(accepted.provider(),
                        (ProtocolFamily) family.get(accepted), ((SelChImpl) accepted).getFD(),
                        accepted.getRemoteAddress(), closed);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("an accepted connection cannot be taken over", e);
            }
        }
    }
}
