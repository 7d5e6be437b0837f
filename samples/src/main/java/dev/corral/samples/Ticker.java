package dev.corral.samples;

/**
 * A program with a main method that prints the worker's name, then one line per second, some of them on standard error.
 * It shows which parts of the environment and of the streams belong to the worker. With a number as its argument it
 * ends after that number of lines.
 *
 * <p>Try {@code corral run ticker -i 2 --env MOOD=good -- 5}.
 */
public final class Ticker {
    private static int ticks;

    private Ticker() {}

    public static void main(String[] args) throws InterruptedException {
        int most = args.length == 0 ? Integer.MAX_VALUE : Integer.parseInt(args[0]);
        System.out.println(
                "I am worker " + System.getenv("CORRAL_ID") + " of " + System.getenv("CORRAL_NAME") + " in slot "
                        + System.getenv("CORRAL_SLOT") + ", MOOD is " + System.getenv("MOOD"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye after " + ticks + " ticks")));
        while (ticks < most) {
            ticks++;
            (ticks % 3 == 0 ? System.err : System.out).println("tick " + ticks);
            Thread.sleep(1000);
        }
    }
}
