package programs.common;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** In a package that tests share with workers: what they put here outlives them. */
public final class Kept {
    public static final List<Object> OBJECTS = Collections.synchronizedList(new ArrayList<>());
    /** As a handler of uncaught exceptions that is no code of the program. */
    public static final Map<Thread, Throwable> THROWN = new ConcurrentHashMap<>();

    private Kept() {}
}
