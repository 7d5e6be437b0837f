package programs;

/** No program. */
public final class NoMain {
    private NoMain() {}
}
