package programs;

import groovy.lang.GroovyShell;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.SecureClassLoader;
import java.util.Set;
import java.util.function.Function;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.MethodCall;
import net.bytebuddy.implementation.bytecode.ByteCodeAppender;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * Runs classes that it defines at run time. Arguments: how they are defined; name of a {@link Runnable} in this package
 * that the class path has not; the directory that it is in.
 */
public final class Generated {
    private Generated() {}

    public static void main(String[] args) throws Throwable {
        Runnable made = make(args[0], "programs." + args[1], Path.of(args[2]));
        System.out.println("runs");
        made.run();
        System.out.println("has run");
        Thread.sleep(Long.MAX_VALUE);
    }

    /** As libraries take it that want to define a class beside others. */
    private static Method defineClass() throws NoSuchMethodException {
        Method method =
                ClassLoader.class.getDeclaredMethod("defineClass", String.class, byte[].class, int.class, int.class);
        method.setAccessible(true);
        return method;
    }

    private static Runnable make(String how, String name, Path directory) throws Throwable {
        byte[] bytes = Files.readAllBytes(directory.resolve(name.replace('.', '/') + ".class"));
        var urls = new URL[]{directory.toUri().toURL()};
        Function<URL[], URLClassLoader> constructor = URLClassLoader::new;
        Class<?> type = switch (how) {
            case "lookup" -> MethodHandles.lookup().defineClass(bytes);
            case "hidden" -> MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
            case "hidden-with-data" -> MethodHandles.lookup().defineHiddenClassWithClassData(bytes, "data", true,
                    MethodHandles.Lookup.ClassOption.NESTMATE).lookupClass();
            case "unnamed", "named", "padded", "domain", "buffer" -> new Own(how, bytes).loadClass(name);
            case "reflective" -> (Class<?>) defineClass().invoke(Generated.class.getClassLoader(), name, bytes, 0,
                    bytes.length);
            case "handle" -> (Class<?>) MethodHandles.lookup().unreflect(defineClass())
                    .invoke(Generated.class.getClassLoader(), name, bytes, 0, bytes.length);
            case "source", "source-buffer" -> new OwnSecure(how, bytes).loadClass(name);
            case "orphan" -> new Own(null, how, bytes).loadClass(name);
            case "layer" -> layer(directory).loadClass(name);
            case "url" -> new URLClassLoader(urls).loadClass(name);
            case "url-instance" -> URLClassLoader.newInstance(urls, Generated.class.getClassLoader()).loadClass(name);
            case "url-reference" -> constructor.apply(urls).loadClass(name);
            case "url-subclass" -> new OwnUrls(urls).loadClass(name);
            case "url-jar" -> new URLClassLoader(new URL[]{directory.resolve("made.jar").toUri().toURL()})
                    .loadClass(name);
            case "url-orphan" -> new URLClassLoader(urls, null).loadClass(name);
            case "bytebuddy" -> byteBuddy(name);
            case "groovy" -> groovy(name);
            default -> throw new IllegalArgumentException(how);
        };
        return (Runnable) type.getDeclaredConstructor().newInstance();
    }

    /** Of a module in this directory. The loader is the JDK's. */
    private static ClassLoader layer(Path directory) {
        ModuleLayer boot = ModuleLayer.boot();
        Configuration made =
                boot.configuration().resolve(ModuleFinder.of(directory), ModuleFinder.of(), Set.of("made"));
        return boot.defineModulesWithOneLoader(made, Generated.class.getClassLoader()).findLoader("made");
    }

    /** The methods that a class loader inherits. The parent is the loader that its constructor chooses. */
    private static final class Own extends ClassLoader {
        private final String how;
        private final byte[] bytes;

        Own(String how, byte[] bytes) {
            this.how = how;
            this.bytes = bytes;
        }

        Own(ClassLoader parent, String how, byte[] bytes) {
            super(parent);
            this.how = how;
            this.bytes = bytes;
        }

        @Override
        @SuppressWarnings("deprecation")
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            var domain = new ProtectionDomain(null, null);
            var padded = new byte[bytes.length + 10];
            System.arraycopy(bytes, 0, padded, 3, bytes.length);
            if (!name.startsWith("programs.")) {
                throw new ClassNotFoundException(name);
            }
            return switch (how) {
                case "unnamed" -> defineClass(bytes, 0, bytes.length);
                case "padded" -> super.defineClass(name, padded, 3, bytes.length);
                case "domain" -> this.defineClass(name, bytes, 0, bytes.length, domain);
                case "buffer" -> defineClass(name, ByteBuffer.wrap(padded, 3, bytes.length), domain);
                default -> defineClass(name, bytes, 0, bytes.length);
            };
        }
    }

    private static final class OwnSecure extends SecureClassLoader {
        private final String how;
        private final byte[] bytes;

        OwnSecure(String how, byte[] bytes) {
            this.how = how;
            this.bytes = bytes;
        }

        @Override
        protected Class<?> findClass(String name) {
            return how.equals("source")
                    ? defineClass(name, bytes, 0, bytes.length, (CodeSource) null)
                    : defineClass(name, ByteBuffer.wrap(bytes), (CodeSource) null);
        }
    }

    private static final class OwnUrls extends URLClassLoader {
        OwnUrls(URL[] urls) {
            super(urls);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            return super.findClass(name);
        }
    }

    private static Class<?> byteBuddy(String name) throws Exception {
        Implementation body = name.endsWith("Spins")
                ? new Implementation.Simple((ByteCodeAppender) (visitor, context, method) -> {
                    var start = new Label();
                    visitor.visitLabel(start);
                    visitor.visitJumpInsn(Opcodes.GOTO, start);
                    return new ByteCodeAppender.Size(0, method.getStackSize());
                })
                : MethodCall.invoke(System.class.getMethod("exit", int.class)).with(7);
        return new ByteBuddy(ClassFileVersion.JAVA_V5).subclass(Object.class).implement(Runnable.class)
                .method(ElementMatchers.named("run")).intercept(body).make()
                .load(Generated.class.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER).getLoaded();
    }

    private static Class<?> groovy(String name) throws IOException {
        String body = name.endsWith("Spins") ? "while (true) { }" : "System.exit(7)";
        return (Class<?>) new GroovyShell()
                .evaluate("class Made implements Runnable { void run() { " + body + " } }\nMade");
    }
}
