package dev.corral.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import sun.misc.Signal;

/**
 * Changes how the operating system treats a signal of this process. The JVM does not handle SIGHUP, SIGINT and SIGTERM
 * if they were ignored when it was started. Child processes inherit that.
 */
final class Dispositions {
    private Dispositions() {}

    /**
     * Stops ignoring a signal. The signal then has no effect until the JVM handles it, and child processes get its
     * default action.
     *
     * @param name the name without SIG, for example {@code HUP}
     * @return false if this JVM has no access to native code
     */
    @SuppressWarnings("restricted") // allowed by the launcher and the manifest; otherwise this returns false
    static boolean ignoreNoMore(String name) {
        try {
            Linker linker = Linker.nativeLinker();
            // As a handler, abs(signal) has no effect. The default action could end the process before the JVM handles the signal.
            MemorySegment nothing = linker.defaultLookup().findOrThrow("abs");
            MethodHandle signal = linker.downcallHandle(linker.defaultLookup().findOrThrow("signal"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            var _ = (MemorySegment) signal.invokeExact(new Signal(name).getNumber(), nothing);
            return true;
        } catch (Throwable e) { // declared by invokeExact; the caller finds the signal still ignored, and reports that
            return false;
        }
    }
}
