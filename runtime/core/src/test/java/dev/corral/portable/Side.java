package dev.corral.portable;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A sender or a receiver of messages: a loader with classes of its own, below one with classes that all sides share.
 */
final class Side implements Receiver {
    private final Loader loader;
    final Types types = new Types(this);

    private Side(Loader loader) {
        this.loader = loader;
    }

    /** All that are made of one of these have its classes in common. */
    static final class Shared {
        private final Map<String, byte[]> classes;
        private final Loader loader;

        Shared(String... sources) {
            classes = compile(Map.of(), sources);
            loader = new Loader(Side.class.getClassLoader(), classes);
        }

        Map<String, byte[]> compileBelow(String... sources) {
            return compile(classes, sources);
        }

        Side side(Map<String, byte[]> own) {
            return new Side(new Loader(loader, own));
        }

        Class<?> type(String name) {
            return load(loader, name);
        }
    }

    @Override
    public boolean shares(Class<?> type) {
        return type.getClassLoader() == loader.getParent() || type.getPackageName().equals("dev.corral");
    }

    @Override
    public Class<?> find(String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    ClassLoader loader() {
        return loader;
    }

    Class<?> type(String name) {
        return load(loader, name);
    }

    /** What a static method of class {@code shop.Main} of this side returns. */
    Object call(String method, Object... arguments) {
        try {
            for (var each : type("shop.Main").getMethods()) {
                if (each.getName().equals(method)) {
                    return each.invoke(null, arguments);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError(method);
    }

    /** What this side gets for that body. */
    Object get(Object body) {
        return Marshaller.unpack(Marshaller.pack(body, types), types);
    }

    private static Class<?> load(ClassLoader loader, String name) {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(ClassLoader parent, Map<String, byte[]> classes) {
            super(parent);
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    /** Each source begins with {@code package p;} and declares one type that can be seen from elsewhere. */
    private static Map<String, byte[]> compile(Map<String, byte[]> below, String... sources) {
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        List<JavaFileObject> files = new ArrayList<>();
        for (String source : sources) {
            files.add(new Source(source));
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new DiagnosticCollector<JavaFileObject>();
        var manager = new Memory(compiler.getStandardFileManager(null, null, null), below, written);
        assertTrue(compiler.getTask(null, manager, problems, List.of("-proc:none"), null, files).call(),
                () -> problems.getDiagnostics().toString());
        Map<String, byte[]> classes = new HashMap<>();
        written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("mem:///" + name(text) + ".java"), Kind.SOURCE);
            this.text = text;
        }

        private static String name(String text) {
            var found = java.util.regex.Pattern
                    .compile("package (\\w+);.*?public [\\w ]*?(?:record|class|enum|interface) (\\w+)",
                            java.util.regex.Pattern.DOTALL)
                    .matcher(text);
            assertTrue(found.find(), text);
            return found.group(1) + "/" + found.group(2);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Compiled extends SimpleJavaFileObject {
        private final String name;
        private final byte[] bytes;

        Compiled(String name, byte[] bytes) {
            super(URI.create("mem:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public java.io.InputStream openInputStream() {
            return new java.io.ByteArrayInputStream(bytes);
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, byte[]> below;
        private final Map<String, ByteArrayOutputStream> written;

        Memory(JavaFileManager manager, Map<String, byte[]> below, Map<String, ByteArrayOutputStream> written) {
            super(manager);
            this.below = below;
            this.written = written;
        }

        @Override
        public Iterable<JavaFileObject> list(Location location, String packageName,
                java.util.Set<JavaFileObject.Kind> kinds, boolean recurse) throws java.io.IOException {
            List<JavaFileObject> all = new ArrayList<>();
            super.list(location, packageName, kinds, recurse).forEach(all::add);
            if (location == javax.tools.StandardLocation.CLASS_PATH) {
                below.forEach((name, bytes) -> {
                    if (name.startsWith(packageName + ".") && name.lastIndexOf('.') == packageName.length()) {
                        all.add(new Compiled(name, bytes));
                    }
                });
            }
            return all;
        }

        @Override
        public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof Compiled compiled ? compiled.name : super.inferBinaryName(location, file);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind,
                FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + className + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    var bytes = new ByteArrayOutputStream();
                    written.put(className, bytes);
                    return bytes;
                }
            };
        }
    }
}
