package programs;

/** Has a shutdown hook that does not end. */
public final class Stubborn {
    private Stubborn() {}

    public static void main(String[] args) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("hook");
            while (true) {
                Thread.yield();
            }
        }));
        System.out.println("waiting");
        Thread.sleep(Long.MAX_VALUE);
    }
}
