package dev.corral.isolate;

import static java.util.Objects.requireNonNull;

import dev.corral.Inspection.Touched;
import dev.corral.Inspection;
import dev.corral.Program;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Interception;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.redirect.net.ServerSocketMaking;
import dev.corral.redirect.service.SecurityProviders;
import dev.corral.weave.Ancestry;
import dev.corral.weave.Weaver;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads all classes of a program as the weaver does, without running any of them. */
public final class Inspector {
    /** Classes that are redirected by their providers and substitutes, not by calls. */
    private static final Set<String> SERVERS = Set.of("java/net/ServerSocket",
            "java/nio/channels/ServerSocketChannel", "com/sun/net/httpserver/HttpServer");
    private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|dll|dylib|jnilib)(\\.\\d+)*");
    /** The effects that are common to all workers, with the classes or members that cause them. */
    private static final List<Limit> LIMITS = List.of(
            new Limit("parallel streams", "run on the JVM's common pool",
                    name -> name.endsWith(".parallelStream") || name.equals("java/util/stream/Stream.parallel")
                            || name.equals("java/util/stream/IntStream.parallel")
                            || name.equals("java/util/stream/LongStream.parallel")
                            || name.equals("java/util/stream/DoubleStream.parallel")),
            new Limit("`AsynchronousServerSocketChannel`",
                    "its port is not shared: the second worker gets a BindException",
                    name -> name.equals("java/nio/channels/AsynchronousServerSocketChannel.bind")),
            new Limit("native transports of Netty (epoll, io_uring, kqueue)",
                    "their ports are not shared: use those on NIO",
                    name -> name
                            .matches("io/netty/channel/(epoll|uring|kqueue)/[A-Za-z]*ServerSocketChannel\\.<init>")),
            new Limit("`DatagramSocket`, `DatagramChannel`", "UDP ports belong to the first worker that binds them",
                    name -> name.startsWith("java/net/DatagramSocket.")
                            || name.equals("java/nio/channels/DatagramChannel.bind")),
            new Limit("RMI", "exported objects and registries are the JVM's, and hold the worker",
                    name -> name.startsWith("java/rmi/server/UnicastRemoteObject.")
                            || name.startsWith("java/rmi/registry/LocateRegistry.createRegistry")),
            new Limit("AWT and Swing", "one event queue for all workers",
                    name -> name.startsWith("java/awt/EventQueue.") || name.startsWith("java/awt/Toolkit.")
                            || name.startsWith("javax/swing/SwingUtilities.")),
            new Limit("`Preferences`", "the user's and the system's, for all workers",
                    name -> name.startsWith("java/util/prefs/Preferences.")),
            new Limit("`Unsafe`", "reaches whatever it is pointed at",
                    name -> name.startsWith("sun/misc/Unsafe.")));

    private final Map<Class<? extends Redirect>, Seen> redirected = new LinkedHashMap<>();
    private final Map<Limit, Seen> common = new LinkedHashMap<>();
    private final Map<String, String> unwoven = new TreeMap<>();
    private final TreeSet<String> nativeMethods = new TreeSet<>();
    private final TreeSet<String> nativeLibraries = new TreeSet<>();
    private int classes;

    /** One row. The predicate receives members in the form {@code java/lang/Thread.start}. */
    private record Limit(String what, String becomes, Predicate<String> isNamedBy) {}

    /** One row, and the classes that use it. */
    private static final class Seen {
        private final String what;
        private final String becomes;
        private final TreeSet<String> by = new TreeSet<>();

        Seen(String what, String becomes) {
            this.what = what;
            this.becomes = becomes;
        }

        static List<Touched> touched(Collection<Seen> rows) {
            return rows.stream().filter(row -> !row.by.isEmpty())
                    .map(row -> new Touched(row.what, row.becomes, row.by.size(), row.by.first())).toList();
        }
    }

    /** Creates an inspector with all rows in their order. */
    private Inspector() {
        for (Class<? extends Redirect> redirect : Catalogue.interceptions().redirects()) {
            Documented effect = redirect.getAnnotation(Documented.class);
            redirected.put(redirect, new Seen(effect.of(), effect.becomes()));
        }
        LIMITS.forEach(limit -> common.put(limit, new Seen(limit.what, limit.becomes)));
    }

    /** Reads the snapshot of a program. Blocks for some seconds if there are thousands of classes. */
    public static Inspection inspect(Program program) {
        var inspector = new Inspector();
        new ClassPath(program).forEach(inspector::read);
        return new Inspection(inspector.classes, Seen.touched(inspector.redirected.values()),
                Seen.touched(inspector.common.values()),
                inspector.unwoven.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue()).toList(),
                List.copyOf(inspector.nativeMethods), List.copyOf(inspector.nativeLibraries));
    }

    private void read(ClassPath.Found file) {
        if (LIBRARY.matcher(file.name()).matches()) {
            nativeLibraries.add(file.name());
        } else if (file.name().endsWith(".class") && !file.name().startsWith("META-INF/")
                && !file.name().endsWith("module-info.class")) {
            classes++;
            inspect(file.name().substring(0, file.name().length() - ".class".length()), file.read());
        }
    }

    private void inspect(String name, byte[] bytes) {
        String className = name.replace('/', '.');
        try {
            ClassModel model = ClassFile.of().parse(bytes);
            for (PoolEntry entry : model.constantPool()) {
                inspect(entry, className);
            }
            if (model.methods().stream().anyMatch(method -> method.flags().has(AccessFlag.NATIVE))) {
                nativeMethods.add(className);
            }
            Weaver.weave(bytes, Ancestry.ofJdk());
        } catch (RuntimeException e) { // broken, too large with checkpoints, or of an unknown version
            String reason = e.getMessage();
            unwoven.put(className, reason == null ? e.toString() : reason.lines().findFirst().orElse(""));
        }
    }

    private void inspect(PoolEntry entry, String className) {
        switch (entry) {
            case ClassEntry type when SERVERS.contains(type.asInternalName()) ->
                    sawRedirected(ServerSocketMaking.class, className);
            case MemberRefEntry member -> {
                Interception interception = interceptionOf(member);
                boolean isQuery = interception != null && interception.redirect() == SecurityProviders.class
                        && !member.owner().asInternalName().equals("java/security/Security");
                if (interception != null && !isQuery) { // a query for an algorithm is no effect
                    sawRedirected(interception.redirect(), className);
                }
                String target = member.owner().asInternalName() + "." + member.name().stringValue();
                for (Limit limit : LIMITS) {
                    if (limit.isNamedBy.test(target)) {
                        requireNonNull(common.get(limit)).by.add(className);
                    }
                }
            }
            default -> {
                // names nothing of the JVM
            }
        }
    }

    private static @Nullable Interception interceptionOf(MemberRefEntry member) {
        String owner = member.owner().asInternalName();
        String name = member.name().stringValue();
        return member instanceof FieldRefEntry
                ? Catalogue.interceptions().ofField(owner, name)
                : Catalogue.interceptions().ofMethod(owner, name, member.type().stringValue());
    }

    private void sawRedirected(Class<? extends Redirect> redirect, String className) {
        requireNonNull(redirected.get(redirect)).by.add(className);
    }
}
