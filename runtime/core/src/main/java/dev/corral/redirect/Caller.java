package dev.corral.redirect;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Set;

/**
 * Who calls what is replaced, where the JDK goes by that: the class, and the gate through which it came.
 *
 * @param gate of the loader whose code is woven for it
 * @param type whose method calls
 */
record Caller(Class<?> gate, Class<?> type) {
    private static final StackWalker FRAMES =
            StackWalker.getInstance(Set.of(Option.RETAIN_CLASS_REFERENCE, Option.SHOW_HIDDEN_FRAMES));

    /** To be asked by the method of a redirect. */
    static Caller find() {
        List<Class<?>> classes = FRAMES.walk(frames -> frames.<Class<?>>map(StackFrame::getDeclaringClass)
                .dropWhile(type -> !type.getName().equals(Interceptions.GATE))
                .filter(type -> type.getClassLoader() != null) // those that are null belong to method handles
                .limit(2).toList());
        return new Caller(classes.getFirst(), classes.getLast());
    }
}
