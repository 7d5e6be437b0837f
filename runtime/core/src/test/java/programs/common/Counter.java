package programs.common;

/** Can be changed, so it may not cross even where it is shared. */
public final class Counter {
    /** How many. */
    public int count;
}
