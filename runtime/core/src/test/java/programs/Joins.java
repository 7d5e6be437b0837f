package programs;

/** Waits for the end of its main thread: in another thread, or in a shutdown hook. */
public final class Joins {
    private static volatile boolean stop;

    private Joins() {}

    public static void main(String[] args) throws InterruptedException {
        Thread main = Thread.currentThread();
        if (args[0].equals("thread")) {
            new Thread(() -> joinAndPrint(main)).start();
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop = true;
            joinAndPrint(main);
        }));
        System.out.println("up");
        while (!stop) {
            Thread.sleep(1);
        }
    }

    private static void joinAndPrint(Thread main) {
        try {
            main.join();
            System.out.println("main has ended");
        } catch (InterruptedException e) {
            System.out.println("interrupted");
        }
    }
}
