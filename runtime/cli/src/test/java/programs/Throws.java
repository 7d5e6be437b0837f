package programs;

/** Throws at once. */
public final class Throws {
    private Throws() {}

    public static void main(String[] args) {
        throw new IllegalStateException("no configuration");
    }
}
