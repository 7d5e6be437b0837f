package dev.corral.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import sun.misc.Signal;

/**
 * What the operating system does with a signal of this process. The JVM does not handle SIGHUP, SIGINT and SIGTERM where it was started
 * with them ignored, and child processes inherit that.
 */
final class Dispositions {
    private Dispositions() {}

    /**
     * Ends that a signal is ignored: it does nothing until the JVM handles it, and child processes have it with its default.
     *
     * @param name as in {@code HUP}
     * @return false if this JVM has no access to native code
     */
    @SuppressWarnings("restricted") // the launcher and the manifest allow it; else it fails, and that is returned
    static boolean ignoreNoMore(String name) {
        try {
            Linker linker = Linker.nativeLinker();
            // As a handler, abs(signal) does nothing. The default in its place could end the process before the JVM handles the signal.
            MemorySegment nothing = linker.defaultLookup().findOrThrow("abs");
            MethodHandle signal = linker.downcallHandle(linker.defaultLookup().findOrThrow("signal"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            var _ = (MemorySegment) signal.invokeExact(new Signal(name).getNumber(), nothing);
            return true;
        } catch (Throwable e) { // invokeExact declares it; the caller sees that the signal is still ignored, and reports that
            return false;
        }
    }
}
