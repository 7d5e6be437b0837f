package dev.corral.redirect;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Set;

/**
 * The caller of a replaced method, for methods whose effect depends on their caller.
 *
 * @param gate the gate through which the call came. Its loader is the worker's, or that of code that workers share
 * @param type the class whose method calls
 */
public record Caller(Class<?> gate, Class<?> type) {
    private static final StackWalker FRAMES =
            StackWalker.getInstance(Set.of(Option.RETAIN_CLASS_REFERENCE, Option.SHOW_HIDDEN_FRAMES));

    /**
     * The caller of the current call. Only an annotated method of a redirect, or a method that it calls, may use it.
     */
    public static Caller find() {
        List<Class<?>> classes = FRAMES.walk(frames -> frames.<Class<?>>map(StackFrame::getDeclaringClass)
                .dropWhile(type -> !type.getName().equals(Interceptions.GATE))
                .filter(type -> type.getClassLoader() != null) // frames without a loader belong to method handles
                .limit(2).toList());
        return new Caller(classes.getFirst(), classes.getLast());
    }
}
