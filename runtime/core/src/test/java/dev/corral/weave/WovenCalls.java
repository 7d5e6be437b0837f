package dev.corral.weave;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Calls of the JDK that weaving redirects. Each method returns code to run, so that a test can call it in the class of
 * another loader.
 */
public final class WovenCalls {
    private WovenCalls() {}

    private static boolean choose(boolean value) {
        return value;
    }

    public static Supplier<Object> exitByCall() {
        return () -> {
            System.exit(3);
            return "came back";
        };
    }

    public static Supplier<Object> exitByReference() {
        return () -> {
            IntConsumer exit = System::exit;
            exit.accept(3);
            return "came back";
        };
    }

    public static Supplier<Object> exitByRuntime() {
        return () -> {
            Runtime.getRuntime().exit(3);
            return "came back";
        };
    }

    public static Supplier<Object> exitByBoundReference() {
        return () -> {
            IntConsumer exit = Runtime.getRuntime()::exit;
            exit.accept(3);
            return "came back";
        };
    }

    public static Supplier<Object> exitByHalt() {
        return () -> {
            Runtime.getRuntime().halt(3);
            return "came back";
        };
    }

    public static Supplier<Object> getenvByCall() {
        return () -> System.getenv("WOVEN");
    }

    public static Supplier<Object> getenvByReference() {
        return () -> {
            Function<String, String> getenv = System::getenv;
            return getenv.apply("WOVEN");
        };
    }

    public static Supplier<Object> getenvOfMap() {
        return () -> System.getenv().get("WOVEN");
    }

    public static Supplier<Object> propertyByCall() {
        return () -> System.getProperty("woven", "none");
    }

    public static Supplier<Object> propertyByReference() {
        return () -> {
            Function<String, String> property = System::getProperty;
            return property.apply("woven");
        };
    }

    public static Supplier<Object> propertyByInteger() {
        return () -> Integer.toString(Integer.getInteger("woven")) + (Long.getLong("woven", 3) == 17 ? "" : "!")
                + (Boolean.getBoolean("woven") ? "!" : "");
    }

    public static Supplier<Object> propertyOfMap() {
        return () -> System.getProperties().getProperty("woven");
    }

    public static Supplier<PrintStream> out() {
        return () -> System.out;
    }

    public static Supplier<PrintStream> err() {
        return () -> System.err;
    }

    public static Supplier<ServerSocket> serverSocket() {
        return () -> {
            try {
                return new ServerSocket(choose(true) ? 0 : 1, 50);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private interface Maker {
        ServerSocket make(int port) throws IOException;
    }

    public static Supplier<ServerSocket> serverSocketByReference() {
        return () -> {
            try {
                Maker maker = ServerSocket::new;
                return maker.make(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static final class OwnServerSocket extends ServerSocket {
        OwnServerSocket(int port) throws IOException {
            super(choose(true) ? port : 1);
        }

        @Override
        public String toString() {
            return "own " + super.toString();
        }
    }

    public static Supplier<ServerSocket> serverSocketSubclass() {
        return () -> {
            try {
                var socket = new OwnServerSocket(0);
                if (!socket.toString().startsWith("own ServerSocket[addr")) {
                    throw new AssertionError(socket.toString());
                }
                return socket;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static final class OwnThread extends Thread {
        OwnThread(String name) {
            super(name);
        }
    }

    public static Supplier<Map<String, ThreadGroup>> threads() {
        return () -> {
            Runnable nothing = () -> {};
            var pool = Executors.newFixedThreadPool(1);
            Thread[] ofPool = new Thread[1];
            try {
                pool.submit(() -> ofPool[0] = Thread.currentThread()).get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            Map<String, ThreadGroup> groups = new LinkedHashMap<>();
            for (Thread thread : List.of(new Thread(), new Thread(nothing), new Thread("d"), new Thread(nothing, "e"),
                    Thread.ofPlatform().unstarted(nothing), new OwnThread("h"), ofPool[0])) {
                groups.put(thread.getName(), thread.getThreadGroup());
            }
            pool.shutdown(); // afterwards the group of its thread is null
            return groups;
        };
    }
}
