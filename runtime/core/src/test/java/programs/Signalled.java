package programs;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Handles signals, as its first argument says, and prints what it hears. */
public final class Signalled {
    private static final CountDownLatch HEARD = new CountDownLatch(1);

    private Signalled() {}

    public static void main(String[] args) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        switch (args[0]) {
            case "stops" -> System.out.println("before " + isDefault(handle(args[1], Signalled::stop)));
            case "stops-by-reflection" ->
                    Signal.class.getMethod("handle", Signal.class, SignalHandler.class).invoke(null,
                            new Signal(args[1]), (SignalHandler) Signalled::stop);
            case "goes-on" -> handle(args[1], Signalled::print);
            case "ignores" -> handle(args[1], SignalHandler.SIG_IGN);
            case "raises" -> {
                handle(args[1], Signalled::stop);
                Signal.raise(new Signal(args[1]));
            }
            case "raises-to-nobody" -> Signal.raise(new Signal(args[1]));
            case "adds" -> {
                SignalHandler[] before = new SignalHandler[1];
                before[0] = handle(args[1], signal -> {
                    print(signal);
                    before[0].handle(signal);
                });
            }
            case "refused" -> {
                try {
                    handle(args[1], Signalled::print);
                } catch (IllegalArgumentException e) {
                    System.out.println(e.getMessage());
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("up");
        HEARD.await();
        System.out.println("main ends");
    }

    private static SignalHandler handle(String name, SignalHandler handler) {
        return Signal.handle(new Signal(name), handler);
    }

    private static boolean isDefault(SignalHandler handler) {
        return handler == SignalHandler.SIG_DFL;
    }

    private static void print(Signal signal) {
        System.out.println("hears " + signal + " on " + Thread.currentThread().getName());
    }

    private static void stop(Signal signal) {
        print(signal);
        HEARD.countDown();
    }
}
