package programs;

import static java.lang.invoke.MethodType.methodType;

import dev.corral.WorkerContext;
import groovy.lang.GroovyShell;
import java.io.OutputStream;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/**
 * Reaches the JDK by reflection, by method handles, or in a dynamic language. The first argument says what for, the
 * second how.
 */
public final class Reflected {
    private static final Lookup LOOKUP = MethodHandles.lookup();

    private Reflected() {}

    public static void main(String[] args) throws Throwable {
        switch (args[0]) {
            case "exit" -> exit(args[1]);
            case "defaults" -> System.out.println("sees " + defaults(args[1], isFirst()));
            case "serve" -> serve(args[1], Integer.parseInt(args[2]));
            case "made" -> System.out.println("sees " + made(args[1]));
            case "fields" -> System.out.println("sees " + fields());
            case "unchanged" -> System.out.println("sees " + unchanged());
            default -> throw new IllegalArgumentException(args[0]);
        }
        new CountDownLatch(1).await();
    }

    private static boolean isFirst() {
        return "0".equals(System.getenv("CORRAL_SLOT"));
    }

    private static void exit(String how) throws Throwable {
        switch (how) {
            case "static" -> call("invoke", System.class, "exit", null, 7);
            case "virtual" -> call("invoke", Runtime.class, "exit", Runtime.getRuntime(), 7);
            case "handle-static" -> call("handle", System.class, "exit", null, 7);
            case "handle-virtual" -> call("handle", Runtime.class, "halt", Runtime.getRuntime(), 7);
            case "handle-unreflect" -> call("unreflect", Runtime.class, "exit", Runtime.getRuntime(), 7);
            case "handle-bound" -> LOOKUP.bind(Runtime.getRuntime(), "exit", methodType(void.class, int.class))
                    .invoke(7);
            case "handle-in-lambda" -> exitOf(LOOKUP.findStatic(System.class, "exit",
                    methodType(void.class, int.class))).run(7);
            case "by-handle" -> LOOKUP.findVirtual(Method.class, "invoke",
                    methodType(Object.class, Object.class, Object[].class))
                    .invoke(System.class.getMethod("exit", int.class), null, 7);
            case "groovy" -> new GroovyShell().evaluate("System.exit(7)");
            case "groovy-name" -> new GroovyShell().evaluate("def m = 'exit'; Runtime.runtime.\"$m\"(7)");
            case "groovy-closure" -> new GroovyShell().evaluate("[7].each(System.&exit)");
            case "groovy-method" -> new GroovyShell().evaluate("System.getMethod('exit', int).invoke(null, 7)");
            default -> throw new IllegalArgumentException(how);
        }
        System.out.println("came back");
    }

    /** As a library would that makes lambdas of what it finds. */
    interface Exit {
        void run(int code);
    }

    private static Exit exitOf(MethodHandle handle) throws Throwable {
        MethodType type = methodType(void.class, int.class);
        return (Exit) LambdaMetafactory.metafactory(LOOKUP, "run", methodType(Exit.class), type, handle, type)
                .getTarget().invoke();
    }

    private static Object call(String how, Class<?> type, String name, Object receiver, Object... args)
            throws Throwable {
        Class<?>[] types = Arrays.stream(args).map(arg -> switch (arg) {
            case Integer _ -> int.class;
            case TimeZone _ -> TimeZone.class;
            default -> arg.getClass();
        }).toArray(Class<?>[]::new);
        Method method = type.getMethod(name, types);
        if (how.equals("invoke")) {
            return method.invoke(receiver, args);
        }
        MethodType signature = methodType(method.getReturnType(), types);
        MethodHandle handle;
        if (how.equals("unreflect")) {
            handle = LOOKUP.unreflect(method);
        } else if (receiver == null) {
            handle = LOOKUP.findStatic(type, name, signature);
        } else {
            handle = LOOKUP.findVirtual(type, name, signature);
        }
        return (receiver == null ? handle.asFixedArity() : handle.bindTo(receiver)).invokeWithArguments(args);
    }

    /** What there is to be seen, after it has been set if so wanted. */
    public static String defaults(String how, boolean set) throws Throwable {
        if (how.equals("groovy")) {
            var shell = new GroovyShell();
            shell.setVariable("set", set);
            return (String) shell.evaluate("""
                    if (set) {
                        System.setProperty('reflected', 'mine')
                        TimeZone.default = TimeZone.getTimeZone('Asia/Kathmandu')
                        Locale.setDefault(Locale.of('tr', 'TR'))
                    }
                    [System.getProperty('reflected'), TimeZone.default.ID, Locale.default, 'I'.toLowerCase(),
                        Integer.getInteger('reflected', 1), String.format('%.1f', 1.5d)].join(' ')
                    """);
        }
        if (set) {
            call(how, System.class, "setProperty", null, "reflected", "mine");
            call(how, TimeZone.class, "setDefault", null, TimeZone.getTimeZone("Asia/Kathmandu"));
            call(how, Locale.class, "setDefault", null, Locale.of("tr", "TR"));
        }
        return call(how, System.class, "getProperty", null, "reflected") + " "
                + ((TimeZone) call(how, TimeZone.class, "getDefault", null)).getID() + " "
                + call(how, Locale.class, "getDefault", null) + " " + call(how, String.class, "toLowerCase", "I") + " "
                + call(how, Integer.class, "getInteger", null, "reflected", 1) + " "
                + call(how, String.class, "format", null, "%.1f", new Object[]{1.5});
    }

    private static Object make(String how, Class<?> type, Object... args) throws Throwable {
        Class<?>[] types = Arrays.stream(args).map(arg -> switch (arg) {
            case Integer _ -> int.class;
            case Runnable _ -> Runnable.class;
            default -> arg.getClass();
        }).toArray(Class<?>[]::new);
        Constructor<?> constructor = type.getConstructor(types);
        return switch (how) {
            case "invoke" -> constructor.newInstance(args);
            case "handle" -> LOOKUP.findConstructor(type, methodType(void.class, types)).invokeWithArguments(args);
            case "unreflect" -> LOOKUP.unreflectConstructor(constructor).invokeWithArguments(args);
            case "by-handle" -> LOOKUP.findVirtual(Constructor.class, "newInstance",
                    methodType(Object.class, Object[].class)).asFixedArity().invokeWithArguments(constructor, args);
            case "groovy" -> {
                var shell = new GroovyShell();
                shell.setVariable("type", type);
                shell.setVariable("arguments", args);
                yield shell.evaluate("type.newInstance(arguments)");
            }
            default -> throw new IllegalArgumentException(how);
        };
    }

    @SuppressWarnings("deprecation")
    private static void serve(String how, int port) throws Throwable {
        ServerSocket server;
        if (how.equals("class")) {
            server = ServerSocket.class.newInstance();
            server.bind(new java.net.InetSocketAddress(port));
        } else {
            server = (ServerSocket) make(how, ServerSocket.class, port);
        }
        byte[] id = ("HTTP/1.0 200 OK\r\n\r\n" + WorkerContext.current().id()).getBytes(StandardCharsets.UTF_8);
        while (true) {
            try (var socket = server.accept(); OutputStream out = socket.getOutputStream()) {
                socket.getInputStream().read(new byte[1000]);
                out.write(id);
            }
        }
    }

    /** On a virtual thread, whose platform threads the JDK would put into a group of its own. */
    private static String made(String how) throws Throwable {
        var result = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                var groups = new StringBuilder();
                Runnable task = () -> groups.append(Thread.currentThread().getThreadGroup().getName()).append(' ');
                for (Thread thread : new Thread[]{(Thread) make(how, Thread.class, task),
                        (Thread) make(how, Thread.class, task, "named")}) {
                    thread.start();
                    thread.join();
                }
                for (Thread thread : new Thread[]{(Thread) make(how, Thread.class),
                        (Thread) make(how, Thread.class, "only named")}) {
                    groups.append(thread.getThreadGroup().getName()).append(' ');
                }
                Executor ofFuture = ((CompletableFuture<?>) make(how, CompletableFuture.class)).defaultExecutor();
                result.complete(groups + " " + (ofFuture == CompletableFuture.completedFuture("").defaultExecutor()));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get();
    }

    private static String fields() throws Throwable {
        var out = System.class.getField("out");
        return (out.get(null) == System.out) + " " + (LOOKUP.unreflectGetter(out).invoke() == System.out) + " "
                + (LOOKUP.findStaticGetter(System.class, "in", java.io.InputStream.class).invoke() == System.in) + " "
                + ((java.io.InputStream) System.class.getField("in").get(null)).read() + " "
                + Locale.class.getField("ROOT").get(null).toString().isEmpty();
    }

    private static final class Secretive {
        private final String secret;

        private Secretive(String secret) {
            this.secret = secret;
        }

        private static String secretOf(Secretive other) {
            return other.secret;
        }
    }

    /** What the JDK tells or refuses by who calls; and what it says of what does not fit. */
    private static String unchanged() throws Throwable {
        var made = Secretive.class.getDeclaredConstructor(String.class).newInstance("secret");
        Method secretOf = Secretive.class.getDeclaredMethod("secretOf", Secretive.class);
        Method exit = Runtime.class.getMethod("exit", int.class);
        return secretOf.invoke(null, made) + " " + LOOKUP.unreflect(secretOf).invoke(made) + " "
                + Class.class.getMethod("forName", String.class).invoke(null, "programs.Reflected") + " "
                + thrownBy(() -> exit.invoke(null, 1)) + " " + thrownBy(() -> exit.invoke("no runtime", 1)) + " "
                + thrownBy(() -> exit.invoke(Runtime.getRuntime())) + " "
                + thrownBy(() -> exit.invoke(Runtime.getRuntime(), "x")) + " "
                + thrownBy(() -> ((Method) null).invoke(null)) + " "
                + thrownBy(() -> ServerSocket.class.getConstructor(int.class).newInstance(-5)) + " "
                + thrownBy(() -> Integer.class.getMethod("parseInt", String.class).invoke(null, "x"));
    }

    interface Body {
        Object run() throws Throwable;
    }

    private static String thrownBy(Body body) {
        try {
            return String.valueOf(body.run());
        } catch (InvocationTargetException e) {
            return "by it " + e.getCause().getClass().getSimpleName();
        } catch (Throwable e) {
            return e.getClass().getSimpleName();
        }
    }
}
