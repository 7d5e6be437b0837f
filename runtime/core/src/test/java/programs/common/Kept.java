package programs.common;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** In a package that tests share with workers: what they put here outlives them. */
public final class Kept {
    public static final List<Object> OBJECTS = Collections.synchronizedList(new ArrayList<>());

    private Kept() {}
}
