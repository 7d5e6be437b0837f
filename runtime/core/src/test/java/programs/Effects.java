package programs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.management.ObjectName;

/**
 * Effects that a JVM has once. The first argument names one; the worker of slot 0 has it and prints what it sees then,
 * the others only print what they see.
 */
public final class Effects {
    private Effects() {}

    public static void main(String[] args) throws Exception {
        boolean first = "0".equals(System.getenv("CORRAL_SLOT"));
        System.out.println("sees " + switch (args[0]) {
            case "log-handler" -> logHandler(first);
            case "log-level" -> logLevel(first);
            case "log-configuration" -> logConfiguration(first);
            case "system-logger" -> systemLogger(first);
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
            case "jdbc-driver" -> jdbcDriver(first);
            case "jdbc-settings" -> jdbcSettings(first);
            case "jdbc-property" -> jdbcProperty(first);
            case "h2" -> h2(first);
            case "zip" -> zip(Path.of(args[1]));
            case "delete-on-exit" -> deleteOnExit(Path.of(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        });
        new CountDownLatch(1).await();
    }

    /** Keeps what it is given. */
    public static final class Kept extends Handler {
        static final List<String> MESSAGES = new ArrayList<>();

        @Override
        public void publish(LogRecord logged) {
            MESSAGES.add(logged.getLevel() + " " + logged.getLoggerName() + " " + logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static String logHandler(boolean first) {
        Logger root = Logger.getLogger("");
        if (first) {
            root.addHandler(new Kept());
        }
        Logger.getLogger("some.name").info("something");
        Logger.getGlobal().warning("global");
        return root.getHandlers().length + " handlers " + Kept.MESSAGES;
    }

    private static String logLevel(boolean first) {
        Logger parent = Logger.getLogger("level");
        if (first) {
            parent.setLevel(Level.FINEST);
        }
        return Logger.getLogger("level.child").isLoggable(Level.FINE) + " "
                + LogManager.getLogManager().getLogger("level.child").getParent().getName();
    }

    private static String logConfiguration(boolean first) throws IOException {
        if (first) {
            String configuration = """
                    handlers = programs.Effects$Kept
                    some.level = FINE
                    some.quiet.level = OFF
                    """;
            LogManager.getLogManager()
                    .readConfiguration(new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)));
        }
        Logger.getLogger("some.name").fine("fine");
        Logger.getLogger("some.quiet.name").severe("quiet");
        Logger.getLogger("other").fine("other");
        return LogManager.getLogManager().getProperty("some.level") + " " + Kept.MESSAGES;
    }

    private static String systemLogger(boolean first) {
        if (first) {
            Logger.getLogger("").addHandler(new Kept());
        }
        System.getLogger("system").log(System.Logger.Level.ERROR, "failed");
        return Kept.MESSAGES.toString();
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

    /** What it manages. */
    public interface ManagedMBean {
        /** An attribute. */
        String getSlot();
    }

    /** With an attribute that tells whose it is. */
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
        server.registerMBean(new Managed(), name); // each its own, by the same name
        return taken + " " + server.getAttribute(name, "Slot") + " "
                + server.isRegistered(new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME));
    }

    /** With one algorithm that is its own, and one that it would take from the JDK's. */
    public static final class Own extends Provider {
        private static final long serialVersionUID = 1;

        Own() {
            super("Own", "1", "of a program");
            put("MessageDigest.OWN", Digest.class.getName());
            put("MessageDigest.SHA-256", Digest.class.getName());
        }
    }

    /** Of nothing. */
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

    private static String jdbcDriver(boolean first) throws Exception {
        if (first) {
            Class.forName("programs.TinyDriver");
        }
        try (var connection = DriverManager.getConnection("tiny:it", "someone", "secret")) {
            try {
                DriverManager.getConnection("tiny:refuse");
            } catch (SQLException e) {
                Driver driver = DriverManager.getDriver("tiny:it");
                DriverManager.deregisterDriver(driver);
                return connection.getSchema() + ", " + e.getMessage() + ", " + TinyDriver.deregistered + ", "
                        + DriverManager.drivers().count();
            }
            return "not refused";
        } catch (SQLException e) {
            return e.getMessage() + " " + e.getSQLState() + ", " + DriverManager.drivers().count();
        }
    }

    private static String jdbcSettings(boolean first) throws Exception {
        var log = new StringWriter();
        if (first) {
            DriverManager.setLoginTimeout(7);
            DriverManager.setLogWriter(new PrintWriter(log));
        }
        DriverManager.println("logged");
        DriverManager.registerDriver(new TinyDriver());
        return DriverManager.getLoginTimeout() + " " + (DriverManager.getLogWriter() != null) + " "
                + log.toString().lines().findFirst();
    }

    private static String jdbcProperty(boolean first) {
        if (first) {
            System.setProperty("jdbc.drivers", "programs.Absent:programs.TinyDriver");
        }
        return DriverManager.drivers().map(driver -> driver.getClass().getSimpleName()).toList().toString();
    }

    private static String h2(boolean first) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:h2:mem:it"); var query = connection.createStatement()) {
            if (first) {
                query.execute("create table mine(id int)");
            }
            try (var tables = query.executeQuery("select table_name from information_schema.tables "
                    + "where table_schema = 'PUBLIC'")) {
                return DriverManager.getDriver("jdbc:h2:mem:it").getClass().getName() + " "
                        + (tables.next() ? tables.getString(1) : "nothing");
            }
        }
    }

    /** Each has a file system of the same file, and finds its own again, until it closes it. */
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

    /** Has a class for itself. */
    private static final class Child extends URLClassLoader {
        Child(URL[] urls) {
            super(urls);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.equals(Asking.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
        }
    }

    /** Asks for what only its own loader finds. */
    public static final class Asking {
        private Asking() {}

        public static String ask() {
            return ResourceBundle.getBundle("own").getString("word");
        }
    }
}
