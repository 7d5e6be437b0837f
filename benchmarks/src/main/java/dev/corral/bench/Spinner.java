package dev.corral.bench;

/** A virtual thread that never yields. */
public final class Spinner {
    private Spinner() {}

    public static void main(String[] args) throws InterruptedException {
        Thread.startVirtualThread(() -> {
            while (true) {}
        });
        Thread.sleep(Long.MAX_VALUE); // a virtual thread does not keep a program alive
    }
}
