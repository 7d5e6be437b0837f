package programs;

import com.github.luben.zstd.Zstd;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Uses native libraries. The first argument names which, and the second a directory that has some. */
@SuppressWarnings("restricted") // methods that reach native code
public final class Natives {
    private Natives() {}

    public static void main(String[] args) throws Throwable {
        for (String what : args[0].split(",", -1)) {
            System.out.println(what + " " + switch (what) {
                case "load" -> load(Path.of(args[1], System.mapLibraryName("counter")));
                case "library" -> library(args[1]);
                case "reference" -> reference(Path.of(args[1], System.mapLibraryName("counter")));
                case "runtime" -> runtime(args[1]);
                case "neighbour" -> neighbour(args[1]);
                case "child" -> child(args[1]);
                case "panama" -> panama(Path.of(args[1], System.mapLibraryName("counter")));
                case "messages" -> messages(Path.of(args[1]));
                case "zstd" -> zstd();
                case "sqlite" -> sqlite();
                default -> throw new IllegalArgumentException(what);
            });
        }
        System.out.println("done");
        new CountDownLatch(1).await();
    }

    /** Counts its calls in a static variable of the library. */
    static native int count();

    private static String load(Path library) {
        System.load(library.toString());
        System.load(library.toString()); // without effect
        return "" + count() + count();
    }

    private static String library(String directory) {
        System.setProperty("java.library.path", "/nowhere" + java.io.File.pathSeparator + directory);
        System.loadLibrary("counter");
        return "" + count() + count();
    }

    private static String runtime(String directory) {
        System.setProperty("java.library.path", directory);
        Runtime.getRuntime().loadLibrary("counter");
        Runtime.getRuntime().load(Path.of(directory, System.mapLibraryName("counter")).toString());
        return "" + count() + count();
    }

    private static String reference(Path library) {
        Consumer<String> load = System::load;
        List.of(library.toString()).forEach(load);
        return "" + count() + count();
    }

    private static String neighbour(String directory) {
        System.load(Path.of(directory, System.mapLibraryName("leaning")).toString());
        return "" + count();
    }

    /** A class loader of its own, which knows where its library is. */
    private static String child(String directory) throws Exception {
        var loader = new ClassLoader(Natives.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                return name.equals(InChild.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
            }

            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (java.io.IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }

            @Override
            protected String findLibrary(String name) {
                return name.equals("known") ? Path.of(directory, System.mapLibraryName("child")).toString() : null;
            }
        };
        Class<?> type = loader.loadClass(InChild.class.getName());
        return type.getMethod("load").invoke(null) + " " + (type.getClassLoader() == loader);
    }

    /** Its native method is found in the libraries of its own loader only. */
    public static final class InChild {
        static native int count();

        public static String load() {
            System.loadLibrary("known");
            return "" + count() + count();
        }
    }

    private static String panama(Path library) throws Throwable {
        System.load(library.toString());
        var type = FunctionDescriptor.of(ValueLayout.JAVA_INT);
        SymbolLookup own = SymbolLookup.loaderLookup();
        var ofLoader = Linker.nativeLinker().downcallHandle(own.find("next").orElseThrow(), type);
        SymbolLookup all = SymbolLookup.libraryLookup(library, Arena.global());
        var ofJvm = Linker.nativeLinker().downcallHandle(all.find("next").orElseThrow(), type);
        return (int) ofLoader.invokeExact() + " own, " + (int) ofJvm.invokeExact() + " of all";
    }

    /** What the JDK says when a library cannot be loaded. */
    public static List<String> messages(Path directory) throws Exception {
        Path broken = Files.writeString(directory.resolve(System.mapLibraryName("broken")), "no library");
        String absent = directory.resolve("absent.so").toString();
        List<Runnable> attempts = List.of(() -> System.load("relative.so"), () -> System.load(absent),
                () -> System.load(broken.toString()), () -> System.loadLibrary("absent"),
                () -> System.loadLibrary("a/b"), () -> Runtime.getRuntime().loadLibrary("absent"),
                () -> System.load(null), () -> System.loadLibrary(null));
        List<String> messages = new ArrayList<>();
        for (Runnable attempt : attempts) {
            try {
                attempt.run();
                messages.add("loaded");
            } catch (UnsatisfiedLinkError e) {
                messages.add(e.getMessage());
            } catch (NullPointerException e) {
                messages.add("null");
            }
        }
        return messages;
    }

    private static String zstd() {
        byte[] text = "text ".repeat(1000).getBytes(StandardCharsets.UTF_8);
        byte[] compressed = Zstd.compress(text);
        return compressed.length < 100 && Zstd.decompress(compressed, text.length).length == text.length
                ? "compresses"
                : "fails";
    }

    private static String sqlite() throws Exception {
        try (Connection connection = new org.sqlite.JDBC().connect("jdbc:sqlite::memory:", new java.util.Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("create table t (slot int)");
            statement.execute("insert into t values (" + System.getenv("CORRAL_SLOT") + ")");
            try (ResultSet rows = statement.executeQuery("select slot from t")) {
                return "slot " + (rows.next() ? rows.getInt(1) : -1);
            }
        } finally {
            DriverManager.deregisterDriver(DriverManager.getDriver("jdbc:sqlite:")); // the JDK keeps it for all
        }
    }
}
