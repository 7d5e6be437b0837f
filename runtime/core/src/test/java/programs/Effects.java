package programs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.net.Authenticator;
import java.net.MalformedURLException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;

/**
 * Effects that exist once in a JVM. The first argument names one of them. The worker of slot 0 causes it and then
 * prints what it sees. The other workers only print what they see.
 */
public final class Effects {
    private Effects() {}

    public static void main(String[] args) throws Exception {
        boolean first = "0".equals(System.getenv("CORRAL_SLOT"));
        System.out.println("sees " + switch (args[0]) {
            case "log-handler" -> LogEffects.logHandler(first);
            case "log-level" -> LogEffects.logLevel(first);
            case "log-configuration" -> LogEffects.logConfiguration(first);
            case "system-logger" -> LogEffects.systemLogger(first);
            case "url-handler" -> urlHandler(first);
            case "serial-filter" -> serialFilter(first);
            case "naming-builders" -> Naming.builders(first) + ", " + Naming.again();
            case "naming-property" -> Naming.property(first);
            case "mbean" -> mbean(first);
            case "bundle-of-child" -> bundleOfChild();
            case "security-provider" -> securityProvider(first);
            case "network-defaults" -> networkDefaults(first);
            case "common-pool" -> commonPool(first);
            case "busy-common-pool" -> busyCommonPool(first);
            case "stages" -> Stages.strayed();
            case "processors" -> Runtime.getRuntime().availableProcessors() + " "
                    + ManagementFactory.getOperatingSystemMXBean().getAvailableProcessors();
            case "jdbc-driver" -> JdbcEffects.jdbcDriver(first);
            case "jdbc-settings" -> JdbcEffects.jdbcSettings(first);
            case "jdbc-property" -> JdbcEffects.jdbcProperty(first);
            case "h2" -> JdbcEffects.h2(first);
            case "zip" -> zip(Path.of(args[1]));
            case "delete-on-exit" -> deleteOnExit(Path.of(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        });
        new CountDownLatch(1).await();
    }

    private static String urlHandler(boolean first) throws Exception {
        if (first) {
            URL.setURLStreamHandlerFactory(protocol -> protocol.equals("effect") ? new EffectHandler() : null);
        }
        try (InputStream in = URI.create("effect:it").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (MalformedURLException e) {
            return e.getMessage();
        }
    }

    private static final class EffectHandler extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() {
                    return new ByteArrayInputStream(("content of " + url).getBytes(StandardCharsets.UTF_8));
                }
            };
        }
    }

    private static String serialFilter(boolean first) throws Exception {
        if (first) {
            ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter("!java.util.ArrayList"));
        }
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ArrayList<>(List.of("element")));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject().toString();
        } catch (InvalidClassException e) {
            return "rejected";
        }
    }

    /** The interface of a managed bean. */
    public interface ManagedMBean {
        /** Returns the slot of the worker that has registered the bean. */
        String getSlot();
    }

    /** A bean that shows which worker has registered it. */
    public static final class Managed implements ManagedMBean {
        @Override
        public String getSlot() {
            return System.getenv("CORRAL_SLOT");
        }
    }

    private static String mbean(boolean first) throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        var name = new ObjectName("programs:type=Managed");
        boolean taken = server.isRegistered(name);
        server.registerMBean(new Managed(), name); // each worker registers its own bean under the same name
        return taken + " " + server.getAttribute(name, "Slot") + " "
                + server.isRegistered(new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME));
    }

    /** A provider of a new algorithm, and of an algorithm that the JDK provides as well. */
    public static final class Own extends Provider {
        private static final long serialVersionUID = 1;

        Own() {
            super("Own", "1", "of a program");
            put("MessageDigest.OWN", Digest.class.getName());
            put("MessageDigest.SHA-256", Digest.class.getName());
        }
    }

    /** A digest that ignores its input. */
    public static final class Digest extends MessageDigestSpi {
        @Override
        protected void engineUpdate(byte input) {}

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {}

        @Override
        protected byte[] engineDigest() {
            return new byte[]{42};
        }

        @Override
        protected void engineReset() {}
    }

    private static String securityProvider(boolean first) throws Exception {
        if (first) {
            int position = Security.addProvider(new Own());
            System.out.println(position == Security.getProviders().length ? "added" : "at " + position);
            System.out.println(MessageDigest.getInstance("SHA-256").getProvider().getName().equals("Own")
                    ? "asked first"
                    : "asked last");
            System.out.println(MessageDigest.getInstance("SHA-256", "Own").getProvider().getName());
            Security.removeProvider("Own");
            Security.insertProviderAt(new Own(), 1);
            System.out.println(MessageDigest.getInstance("SHA-256").getProvider().getName());
        }
        try {
            return MessageDigest.getInstance("OWN").digest()[0] + " " + (Security.getProvider("Own") != null);
        } catch (NoSuchAlgorithmException e) {
            return e.getMessage();
        }
    }

    private static String networkDefaults(boolean first) {
        if (first) {
            Authenticator.setDefault(new Authenticator() {});
            ProxySelector.setDefault(ProxySelector.of(null));
        }
        return Authenticator.getDefault() == null ? "not set" : "set";
    }

    private static String commonPool(boolean first) throws Exception {
        ForkJoinPool pool = ForkJoinPool.commonPool();
        if (first) {
            pool.setParallelism(5);
        }
        return CompletableFuture.supplyAsync(() -> {
            Thread thread = Thread.currentThread();
            return pool.getParallelism() + " " + thread.getName() + " " + thread.isDaemon() + " "
                    + thread.getThreadGroup().getName() + " "
                    + (thread.getContextClassLoader() == Effects.class.getClassLoader());
        }).get();
    }

    private static String busyCommonPool(boolean first) throws Exception {
        if (first) {
            for (int i = 0; i < 100; i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    try {
                        Thread.sleep(Long.MAX_VALUE);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
        }
        return CompletableFuture.supplyAsync(() -> "it run")
                .completeOnTimeout("no end", first ? 100 : 10_000, TimeUnit.MILLISECONDS).get();
    }

    /** Each worker has its own file system of the same file, and finds it until it closes the file system. */
    private static String zip(Path file) throws IOException {
        URI uri = URI.create("jar:" + file.toUri());
        var system = FileSystems.newFileSystem(uri, Map.of());
        boolean found = FileSystems.getFileSystem(uri) == system
                && Path.of(URI.create(uri + "!/word")).getFileSystem() == system
                && system.provider().getPath(URI.create(uri + "!/word")).getFileSystem() == system;
        String again = thrownBy(() -> FileSystems.newFileSystem(uri, Map.of()));
        system.close();
        String closed = thrownBy(() -> FileSystems.getFileSystem(uri));
        String absent = thrownBy(() -> FileSystems.newFileSystem(URI.create(uri + "-absent"), Map.of()));
        FileSystems.newFileSystem(uri, Map.of(), Effects.class.getClassLoader()); // stays open
        return found + " " + again + " " + closed + " " + absent + " "
                + Files.readString(Path.of(URI.create(uri + "!/word")));
    }

    private static String thrownBy(Callable<?> body) {
        try {
            return String.valueOf(body.call());
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }

    private static String deleteOnExit(Path directory) throws IOException {
        Path own = Files.createDirectory(directory.resolve(System.getenv("CORRAL_SLOT")));
        Path file = Files.createFile(own.resolve("file"));
        own.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        return "made";
    }

    private static String bundleOfChild() throws Exception {
        Path directory = Files.createTempDirectory("bundles");
        Path bundle = Files.writeString(directory.resolve("own.properties"), "word=of the child");
        var urls = new URL[]{directory.toUri().toURL(),
                Effects.class.getProtectionDomain().getCodeSource().getLocation()};
        try (var child = new Child(urls)) {
            return (String) child.loadClass(Asking.class.getName()).getMethod("ask").invoke(null);
        } finally {
            Files.delete(bundle);
            Files.delete(directory);
        }
    }

    /** A loader that defines {@link Asking} again. */
    private static final class Child extends URLClassLoader {
        Child(URL[] urls) {
            super(urls);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.equals(Asking.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
        }
    }

    /** Reads a resource bundle that only its own loader finds. */
    public static final class Asking {
        private Asking() {}

        public static String ask() {
            return ResourceBundle.getBundle("own").getString("word");
        }
    }
}
