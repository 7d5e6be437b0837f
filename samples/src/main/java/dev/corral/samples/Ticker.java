package dev.corral.samples;

/**
 * A plain main that prints: who it is, then a line a second, some on standard error. Shows what of the environment and of the
 * streams is the worker's own. With a number as argument it ends after so many lines.
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
