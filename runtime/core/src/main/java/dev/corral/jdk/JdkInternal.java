package dev.corral.jdk;

import static dev.corral.Capability.LIVE_BYTES;
import static dev.corral.Capability.OWN_SCHEDULER;
import static dev.corral.Capability.SHARED_NIO_PORTS;
import static dev.corral.Capability.THREAD_TEARDOWN;

import dev.corral.Capability;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table of the members of the JDK that Corral uses although they are not public. Another version of the JDK may
 * lack any of them. Each one belongs to a {@link Capability}, which is then absent, or to something smaller, which is
 * then lost. Corral looks such members up in no other place, except that two classes of {@code dev.corral.port} link
 * {@code sun.nio.ch} when they are compiled; what they link is in the table as well, and is checked before they are
 * loaded. A test can {@linkplain Hidden hide} members. Thread-safe.
 */
@SuppressWarnings("ImmutableEnumChecker") // all is immutable, except for what was found before
public enum JdkInternal {
    // Virtual threads.
    VIRTUAL_THREAD_BUILDER("java.lang.ThreadBuilders$VirtualThreadBuilder", "new",
            "(Ljava/util/concurrent/Executor;)V", OWN_SCHEDULER),
    CURRENT_CARRIER("java.lang.Thread", "currentCarrierThread", "()Ljava/lang/Thread;",
            "the worker of a virtual thread is found by the classes on its stack"),
    RUN_CONTINUATION(Names.VIRTUAL_THREAD, "runContinuation", "Ljava/lang/Runnable;", Lost.COUNT),
    VIRTUAL_STATE(Names.VIRTUAL_THREAD, "state", "I", Lost.COUNT),
    STARTED(Names.VIRTUAL_THREAD, "STARTED", "=1", Lost.COUNT),
    TERMINATED(Names.VIRTUAL_THREAD, "TERMINATED", "=99", Lost.COUNT),
    CARRIER_THREAD(Names.VIRTUAL_THREAD, "carrierThread", "Ljava/lang/Thread;",
            "the watchdog does not know which virtual thread a carrier runs"),
    POLLER("sun.nio.ch.Poller", JdkMember.TYPE, "", "the JDK's socket pollers may run on the carriers of a worker"),
    CONTINUATION(Names.VIRTUAL_THREAD, "cont", "Ljdk/internal/vm/Continuation;", Lost.STACKS),
    TIMEOUT_TASK(Names.VIRTUAL_THREAD, "timeoutTask", "Ljava/util/concurrent/Future;", Lost.STACKS),
    STACK_TAIL("jdk.internal.vm.Continuation", "tail", "Ljdk/internal/vm/StackChunk;", Lost.STACKS),
    STACK_PARENT(Names.STACK_CHUNK, "parent", "Ljdk/internal/vm/StackChunk;", Lost.STACKS),
    STACK_SIZE(Names.STACK_CHUNK, "size", "I", Lost.STACKS),

    // From a thread to its owner. JNI uses some of these fields as well.
    SCHEDULER(Names.VIRTUAL_THREAD, "scheduler", "Ljava/util/concurrent/Executor;", THREAD_TEARDOWN, LIVE_BYTES),
    THREAD_HOLDER("java.lang.Thread", "holder", "Ljava/lang/Thread$FieldHolder;", THREAD_TEARDOWN, LIVE_BYTES),
    HOLDER_GROUP("java.lang.Thread$FieldHolder", "group", "Ljava/lang/ThreadGroup;", THREAD_TEARDOWN, LIVE_BYTES),
    HOLDER_TASK("java.lang.Thread$FieldHolder", "task", "Ljava/lang/Runnable;", THREAD_TEARDOWN),
    GROUP_PARENT("java.lang.ThreadGroup", "parent", "Ljava/lang/ThreadGroup;", LIVE_BYTES),

    // The end of threads.
    ALL_THREADS("java.lang.Thread", "getThreads", "()[Ljava/lang/Thread;", THREAD_TEARDOWN),
    INTERRUPT("java.lang.Thread", "interrupt", "()V", THREAD_TEARDOWN),
    GET_STATE("java.lang.Thread", "getState", "()Ljava/lang/Thread$State;", THREAD_TEARDOWN),
    GET_STACK_TRACE("java.lang.Thread", "getStackTrace", "()[Ljava/lang/StackTraceElement;", THREAD_TEARDOWN),
    UNCAUGHT_HANDLER("java.lang.Thread", "uncaughtExceptionHandler", "Ljava/lang/Thread$UncaughtExceptionHandler;",
            THREAD_TEARDOWN),
    CONTAINER_REGISTRY(Names.CONTAINERS, "CONTAINER_REGISTRY", "Ljava/util/Set;", THREAD_TEARDOWN),
    ROOT_CONTAINER(Names.CONTAINERS, "root", "()Ljdk/internal/vm/ThreadContainer;", THREAD_TEARDOWN),
    CONTAINER_OF_THREAD(Names.CONTAINERS, "container", "(Ljava/lang/Thread;)Ljdk/internal/vm/ThreadContainer;",
            THREAD_TEARDOWN),
    THREADS_OF_CONTAINER("jdk.internal.vm.ThreadContainer", "threads", "()Ljava/util/stream/Stream;", THREAD_TEARDOWN),
    ON_EXIT("jdk.internal.vm.ThreadContainer", "onExit", "(Ljava/lang/Thread;)V", THREAD_TEARDOWN),
    POOL_OF_WORKER("java.util.concurrent.ThreadPoolExecutor$Worker", Names.OUTER,
            "Ljava/util/concurrent/ThreadPoolExecutor;", THREAD_TEARDOWN),
    DELAY_SCHEDULER("java.util.concurrent.DelayScheduler", JdkMember.TYPE, "", THREAD_TEARDOWN),
    TIMER_QUEUE("java.util.TimerThread", "queue", "Ljava/util/TaskQueue;", THREAD_TEARDOWN),
    TIMER_MAY_BE_SCHEDULED("java.util.TimerThread", "newTasksMayBeScheduled", "Z", THREAD_TEARDOWN),
    CLEAR_TIMER_QUEUE("java.util.TaskQueue", "clear", "()V", THREAD_TEARDOWN),
    CONDITION_LOCK("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", Names.OUTER,
            "Ljava/util/concurrent/locks/AbstractQueuedSynchronizer;", THREAD_TEARDOWN),
    CONDITION_LONG_LOCK("java.util.concurrent.locks.AbstractQueuedLongSynchronizer$ConditionObject", Names.OUTER,
            "Ljava/util/concurrent/locks/AbstractQueuedLongSynchronizer;", THREAD_TEARDOWN),
    LOCK_OWNER("java.util.concurrent.locks.AbstractOwnableSynchronizer", "exclusiveOwnerThread", "Ljava/lang/Thread;",
            THREAD_TEARDOWN),
    LOCK_STATE("java.util.concurrent.locks.AbstractQueuedSynchronizer", "state", "I", THREAD_TEARDOWN),
    LONG_LOCK_STATE("java.util.concurrent.locks.AbstractQueuedLongSynchronizer", "state", "J", THREAD_TEARDOWN),
    LDAP_SOCKET("com.sun.jndi.ldap.Connection", "sock", "Ljava/net/Socket;", THREAD_TEARDOWN),
    HTTP_SERVER_OF_DISPATCHER("sun.net.httpserver.ServerImpl$Dispatcher", Names.OUTER,
            "Lsun/net/httpserver/ServerImpl;", THREAD_TEARDOWN),
    STOP_HTTP_SERVER(Names.HTTP_SERVER, "stop", "(I)V", THREAD_TEARDOWN),
    HTTP_CONTEXTS(Names.HTTP_SERVER, "contexts", "Lsun/net/httpserver/ContextList;", Lost.HTTP_END),
    HTTP_CONTEXT_LIST("sun.net.httpserver.ContextList", "list", "Ljava/util/LinkedList;", Lost.HTTP_END),
    HTTP_TERMINATING(Names.HTTP_SERVER, "terminating", "Z", Lost.HTTP_END),
    ADD_HTTP_EVENT(Names.HTTP_SERVER, "addEvent", "(Lsun/net/httpserver/Event;)V", Lost.HTTP_END),
    HTTP_STOP_REQUEST("sun.net.httpserver.Event$StopRequested", "new", "()V", Lost.HTTP_END),

    // Channels. Corral's own listening channel links these members when it is compiled.
    SELECTOR_PROVIDER("sun.nio.ch.DefaultSelectorProvider", "get", "()Lsun/nio/ch/SelectorProviderImpl;",
            SHARED_NIO_PORTS),
    SELECTABLE(Names.SELECTABLE, JdkMember.ABSTRACT, "6", SHARED_NIO_PORTS),
    GET_DESCRIPTOR(Names.SELECTABLE, "getFD", "()Ljava/io/FileDescriptor;", SHARED_NIO_PORTS),
    GET_DESCRIPTOR_NUMBER(Names.SELECTABLE, "getFDVal", "()I", SHARED_NIO_PORTS),
    UPDATE_READY_OPS(Names.SELECTABLE, "translateAndUpdateReadyOps", "(ILsun/nio/ch/SelectionKeyImpl;)Z",
            SHARED_NIO_PORTS),
    SET_READY_OPS(Names.SELECTABLE, "translateAndSetReadyOps", "(ILsun/nio/ch/SelectionKeyImpl;)Z", SHARED_NIO_PORTS),
    TRANSLATE_INTEREST_OPS(Names.SELECTABLE, "translateInterestOps", "(I)I", SHARED_NIO_PORTS),
    KILL(Names.SELECTABLE, "kill", "()V", SHARED_NIO_PORTS),
    KEY_READY_OPS(Names.SELECTION_KEY, "nioReadyOps", "()I", SHARED_NIO_PORTS),
    SET_KEY_READY_OPS(Names.SELECTION_KEY, "nioReadyOps", "(I)V", SHARED_NIO_PORTS),
    KEY_INTEREST_OPS(Names.SELECTION_KEY, "nioInterestOps", "()I", SHARED_NIO_PORTS),
    POLL_IN(Names.NET, "POLLIN", "S", SHARED_NIO_PORTS),
    POLL_ERROR(Names.NET, "POLLERR", "S", SHARED_NIO_PORTS),
    POLL_HANG_UP(Names.NET, "POLLHUP", "S", SHARED_NIO_PORTS),

    // Watched channels: a subclass that Corral generates calls or overrides these members.
    NEW_CHANNEL(Names.CHANNEL, "new",
            "(Ljava/nio/channels/spi/SelectorProvider;Ljava/net/ProtocolFamily;Ljava/io/FileDescriptor;"
                    + "Ljava/net/SocketAddress;)V",
            Lost.WATCH),
    READ(Names.CHANNEL, "read", "(Ljava/nio/ByteBuffer;)I", Lost.WATCH),
    READ_BUFFERS(Names.CHANNEL, "read", "([Ljava/nio/ByteBuffer;II)J", Lost.WATCH),
    BLOCKING_READ(Names.CHANNEL, "blockingRead", "([BIIJ)I", Lost.WATCH),
    WRITE(Names.CHANNEL, "write", "(Ljava/nio/ByteBuffer;)I", Lost.WATCH),
    WRITE_BUFFERS(Names.CHANNEL, "write", "([Ljava/nio/ByteBuffer;II)J", Lost.WATCH),
    BLOCKING_WRITE(Names.CHANNEL, "blockingWriteFully", "([BII)V", Lost.WATCH),
    SHUTDOWN_INPUT(Names.CHANNEL, "shutdownInput", "()Ljava/nio/channels/SocketChannel;", Lost.WATCH),
    SHUTDOWN_OUTPUT(Names.CHANNEL, "shutdownOutput", "()Ljava/nio/channels/SocketChannel;", Lost.WATCH),
    CHANGE_BLOCKING(Names.CHANNEL, "implConfigureBlocking", "(Z)V", Lost.WATCH),
    CLOSE_CHANNEL(Names.CHANNEL, "implCloseSelectableChannel", "()V", Lost.WATCH),
    CHANNEL_FAMILY(Names.CHANNEL, "family", "Ljava/net/ProtocolFamily;", Lost.WATCH),
    CHANNEL_LOCK(Names.CHANNEL, "stateLock", "Ljava/lang/Object;", Lost.WATCH),
    CHANNEL_STATE(Names.CHANNEL, "state", "I", Lost.WATCH),
    UNCONNECTED(Names.CHANNEL, "ST_UNCONNECTED", "=0", Lost.WATCH),
    CONNECTED(Names.CHANNEL, "ST_CONNECTED", "=2", Lost.WATCH),
    REMOTE_ADDRESS(Names.NET, "remoteAddress", "(Ljava/io/FileDescriptor;)Ljava/net/InetSocketAddress;", Lost.WATCH),
    NEW_DESCRIPTOR(Names.IO, "newFD", "(I)Ljava/io/FileDescriptor;", Lost.WATCH),
    CONFIGURE_BLOCKING(Names.IO, "configureBlocking", "(Ljava/io/FileDescriptor;Z)V", Lost.WATCH),

    // What the JDK keeps for the whole JVM.
    URL_FACTORY("java.net.URL", "factory", "Ljava/net/URLStreamHandlerFactory;", Lost.URLS),
    URL_HANDLER("java.net.URL", "handler", "Ljava/net/URLStreamHandler;", Lost.URLS),
    OPEN_CONNECTION(Names.URL_HANDLER_TYPE, "openConnection", "(Ljava/net/URL;)Ljava/net/URLConnection;", Lost.URLS),
    OPEN_THROUGH_PROXY(Names.URL_HANDLER_TYPE, "openConnection",
            "(Ljava/net/URL;Ljava/net/Proxy;)Ljava/net/URLConnection;", Lost.URLS),
    PARSE_URL(Names.URL_HANDLER_TYPE, "parseURL", "(Ljava/net/URL;Ljava/lang/String;II)V", Lost.URLS),
    SHUTDOWN_HOOKS("java.lang.ApplicationShutdownHooks", "hooks", "Ljava/util/IdentityHashMap;",
            "the shutdown hook of each worker's LogManager stays until the JVM ends"),
    THREAD_LOCALS("java.lang.Thread", "threadLocals", "Ljava/lang/ThreadLocal$ThreadLocalMap;",
            "thread locals that finalizers leave behind keep class loaders of ended workers"),
    EMPTY_LDAP_SCHEMA("com.sun.jndi.ldap.LdapCtx", "EMPTY_SCHEMA", "Lcom/sun/jndi/toolkit/dir/HierMemDirCtx;",
            "an exception of the JDK's LDAP keeps the class loader of the worker that has used it first"),

    // Other data and methods.
    ENUM_MAP_KEYS("java.util.EnumMap", "keyType", "Ljava/lang/Class;", "an empty EnumMap in a message is refused"),
    DEFINE_CLASS("java.lang.ClassLoader", "defineClass", "(Ljava/lang/String;[BII)Ljava/lang/Class;", Lost.ORPHANS),
    FIND_LOADED_CLASS("java.lang.ClassLoader", "findLoadedClass", "(Ljava/lang/String;)Ljava/lang/Class;",
            Lost.ORPHANS),
    DECLARED_FIELDS("java.lang.Class", "getDeclaredFields0", "(Z)[Ljava/lang/reflect/Field;", Lost.PATHS),
    GET_UNSAFE(Names.UNSAFE, "getUnsafe", "()Ljdk/internal/misc/Unsafe;", Lost.PATHS),
    GET_REFERENCE(Names.UNSAFE, "getReference", "(Ljava/lang/Object;J)Ljava/lang/Object;", Lost.PATHS),
    FIELD_OFFSET(Names.UNSAFE, "objectFieldOffset", "(Ljava/lang/reflect/Field;)J", Lost.PATHS),
    STATIC_FIELD_OFFSET(Names.UNSAFE, "staticFieldOffset", "(Ljava/lang/reflect/Field;)J", Lost.PATHS),
    STATIC_FIELD_BASE(Names.UNSAFE, "staticFieldBase", "(Ljava/lang/reflect/Field;)Ljava/lang/Object;", Lost.PATHS),
    FILE_OF_CHANNEL("sun.nio.ch.FileChannelImpl", "fd", "Ljava/io/FileDescriptor;", Lost.LOCKS),
    FILE_KEY("sun.nio.ch.FileKey", "create", "(Ljava/io/FileDescriptor;)Lsun/nio/ch/FileKey;", Lost.LOCKS),
    ADD_OPENS("jdk.internal.module.Modules", "addOpens", "(Ljava/lang/Module;Ljava/lang/String;Ljava/lang/Module;)V",
            "Corral cannot open packages of the JDK by itself");

    private static final class Names {
        static final String VIRTUAL_THREAD = "java.lang.VirtualThread";
        static final String STACK_CHUNK = "jdk.internal.vm.StackChunk";
        static final String CONTAINERS = "jdk.internal.vm.ThreadContainers";
        static final String HTTP_SERVER = "sun.net.httpserver.ServerImpl";
        static final String SELECTABLE = "sun.nio.ch.SelChImpl";
        static final String SELECTION_KEY = "sun.nio.ch.SelectionKeyImpl";
        static final String NET = "sun.nio.ch.Net";
        static final String IO = "sun.nio.ch.IOUtil";
        static final String CHANNEL = "sun.nio.ch.SocketChannelImpl";
        static final String URL_HANDLER_TYPE = "java.net.URLStreamHandler";
        static final String UNSAFE = "jdk.internal.misc.Unsafe";
        /** The field of an inner object that refers to the outer one. */
        static final String OUTER = "this$0";
    }

    /** What is lost without several members that serve the same purpose. */
    private static final class Lost {
        static final String COUNT = "virtual threads are not counted, and their number is not limited";
        static final String STACKS = "the stacks of waiting virtual threads do not count as live bytes";
        static final String WATCH = "connections are not watched: they stay with their worker until they are closed";
        static final String URLS = "protocols of a worker's own URLStreamHandlerFactory are unknown to URLs";
        static final String HTTP_END = "a draining HttpServer of the JDK does not announce its end, and may take until "
                + "its deadline";
        static final String ORPHANS = "classes of class loaders without a parent are not woven, and NIO ports are not "
                + "shared in a fat jar";
        static final String LOCKS = "a worker that has a lock of one file cannot wait for the lock of another file";
        static final String PATHS = "the path to a leaked class loader is not searched";
    }

    /** Whether this JVM has a member. */
    public enum State {
        /** The member exists, and its package is open to Corral. */
        PRESENT,
        /** The member exists, and its package is not open to Corral. */
        CLOSED,
        /** The member does not exist, or it has another type or value. */
        ABSENT,
        /** The JVM does not contain the module of the member, so that no program uses it. */
        NOT_NEEDED
    }

    private final JdkMember member;
    private final Set<Capability> capabilities;
    private final String lost;
    /** Whether the member was found before. Several threads may search it; all find the same. */
    private volatile boolean found;

    JdkInternal(String owner, String name, String descriptor, Capability... capabilities) {
        this.member = new JdkMember(owner, name, descriptor);
        this.capabilities = Set.of(capabilities);
        this.lost = Stream.of(capabilities).map(Enum::name).collect(Collectors.joining(", "));
    }

    JdkInternal(String owner, String name, String descriptor, String lost) {
        this.member = new JdkMember(owner, name, descriptor);
        this.capabilities = Set.of();
        this.lost = lost;
    }

    /** Returns the member itself. */
    private JdkMember visible() throws NoSuchFieldException {
        if (Hidden.contains(name())) {
            throw new NoSuchFieldException(member + " is hidden by a test");
        }
        return member;
    }

    private void requireFound() throws ReflectiveOperationException {
        if (!found) {
            visible().find();
            found = true;
        }
    }

    /** Returns whether this JVM has the member. */
    public State state() {
        if (!member.isInThisJvm()) {
            return State.NOT_NEEDED;
        }
        try {
            requireFound();
            Class<?> type = member.type();
            boolean isOpen = type.getModule().isOpen(type.getPackageName(), JdkInternal.class.getModule());
            return isOpen || this == ADD_OPENS ? State.PRESENT : State.CLOSED; // a class of java.base calls that one
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return State.ABSENT;
        }
    }

    /** Returns the class of the member; null if the member does not exist. Does not initialize the class. */
    public @Nullable Class<?> type() {
        try {
            return visible().type();
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Initializes the class of the member, if the member exists. */
    public void initialize() {
        try {
            var _ = Class.forName(visible().owner(), true, member.type().getClassLoader());
        } catch (ReflectiveOperationException e) {
            // another JDK, with other internals
        }
    }

    /**
     * Returns a handle of the field.
     *
     * @throws ReflectiveOperationException if the field does not exist, or its package is not open
     */
    public VarHandle field() throws ReflectiveOperationException {
        return visible().field();
    }

    /** Returns a handle of the field; null if the field does not exist, or its package is not open. */
    public @Nullable VarHandle fieldOrNull() {
        try {
            return field();
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /**
     * Returns a handle of the method or constructor.
     *
     * @throws ReflectiveOperationException if the method does not exist, or its package is not open
     */
    public MethodHandle method() throws ReflectiveOperationException {
        return visible().method();
    }

    /** Returns a handle of the method; null if the method does not exist, or its package is not open. */
    public @Nullable MethodHandle methodOrNull() {
        try {
            return method();
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /**
     * Returns the method for reflective calls.
     *
     * @throws ReflectiveOperationException if the method does not exist
     * @throws RuntimeException if its package is not open
     */
    public Method reflected() throws ReflectiveOperationException {
        return visible().reflected();
    }

    /**
     * Calls the constructor, which has no parameters.
     *
     * @throws ReflectiveOperationException if the constructor does not exist
     * @throws RuntimeException if its package is not open
     */
    public Object create() throws ReflectiveOperationException {
        return visible().create();
    }

    /**
     * Returns a handle that calls the method of this class even if a subclass overrides it; null if the method does not
     * exist, or its package is not open.
     */
    public @Nullable MethodHandle ownMethodOrNull() {
        try {
            return visible().ownMethod();
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /**
     * Returns a lookup with private access to the member's class.
     *
     * @throws ReflectiveOperationException if the member does not exist, or its package is not open
     */
    public MethodHandles.Lookup lookup() throws ReflectiveOperationException {
        return visible().lookup();
    }

    /**
     * Returns a handle of the field in which a lambda of the JDK keeps a captured object of this type. The names of
     * such fields mean nothing.
     *
     * @throws ReflectiveOperationException if there is no such field, or its package is not open
     */
    public static VarHandle captured(Class<?> lambda, Class<?> type) throws ReflectiveOperationException {
        for (Field field : lambda.getDeclaredFields()) {
            if (field.getType() == type) {
                return MethodHandles.privateLookupIn(lambda, MethodHandles.lookup()).unreflectVarHandle(field);
            }
        }
        throw new NoSuchFieldException("a " + type.getName() + " in " + lambda);
    }

    /** Returns the binary name of the member's class. */
    public String owner() {
        return member.owner();
    }

    /** Returns the name of the field or method; {@code new} for a constructor. */
    public String memberName() {
        return member.name();
    }

    /** Returns the descriptor of the field or method. */
    public String descriptor() {
        return member.descriptor();
    }

    /** Returns the capabilities that are absent without this member; none if something smaller is lost. */
    public Set<Capability> capabilities() {
        return capabilities;
    }

    /** Returns what is lost without this member: names of capabilities, or a clause. */
    public String lost() {
        return lost;
    }

    /** Returns the member as in Java, as in {@code java.lang.Thread.getThreads()}. */
    @Override
    public String toString() {
        return member.toString();
    }

    /** Returns the members of a capability that do not exist in this JVM. */
    public static Set<JdkInternal> absent(Capability capability) {
        Set<JdkInternal> absent = EnumSet.noneOf(JdkInternal.class);
        for (JdkInternal each : values()) {
            if (each.capabilities.contains(capability) && each.state() == State.ABSENT) {
                absent.add(each);
            }
        }
        return absent;
    }

    /** Returns whether this member and all others that serve the same purpose exist in this JVM. */
    public static boolean haveAllLike(JdkInternal member) {
        return Stream.of(values()).noneMatch(each -> each.lost.equals(member.lost) && each.state() == State.ABSENT);
    }

    /** Returns what is lost in this JVM although no capability is, each with the members that do not exist. */
    public static Map<String, List<JdkInternal>> losses() {
        Map<String, List<JdkInternal>> losses = new LinkedHashMap<>();
        for (JdkInternal each : values()) {
            if (each.capabilities.isEmpty() && each.state() == State.ABSENT) {
                losses.computeIfAbsent(each.lost, _ -> new ArrayList<>()).add(each);
            }
        }
        return losses;
    }
}
