package dev.corral.redirect;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MutableCallSite;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Upcalls: methods of the worker that native code calls through {@link Linker#upcallStub}. The JDK ends the JVM when an exception leaves
 * one, so {@link UpcallGuard} lets none through.
 *
 * <p>Native code may keep a stub for longer than its worker lives. So the stub leads to a call site that lets go of the program's code at
 * the worker's end. The memory of a stub whose arena has not been closed by then is never freed: an arena of the kind
 * {@link Arena#ofAuto} would be, as soon as the worker's classes are collected.
 */
@Documented(of = "upcalls of `java.lang.foreign`",
        becomes = "throw nothing into native code, which would end the JVM: an exception that leaves one ends this worker with code 1")
@SuppressWarnings("restricted") // stubs of the worker
public final class Upcalls implements Redirect {
    /** Stubs that were alive at the end of their worker. */
    private static final Set<MemorySegment> KEPT = ConcurrentHashMap.newKeySet();
    /** Is never started. Memory that it may use belongs to no thread. */
    private static final Thread NOBODY = Thread.ofVirtual().unstarted(() -> {});

    private final UpcallGuard guard;
    /** What the stubs call. Weak, as a stub itself holds what it calls; synchronized. */
    private final Set<Code> code = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    /** Stubs whose memory may be freed by the collector, until the program's arena is closed or collected. */
    private final Set<MemorySegment> live = ConcurrentHashMap.newKeySet();

    /** What one stub calls: the program's method, or nothing once the worker has ended. */
    private static final class Code extends MutableCallSite {
        Code(MethodHandle target) {
            super(target);
        }

        void close() {
            setTarget(UpcallGuard.nothing(type()));
        }
    }

    /**
     * For one worker.
     *
     * @param group of its threads
     * @param uncaught takes what leaves an upcall
     */
    Upcalls(ThreadGroup group, UncaughtExceptions uncaught) {
        guard = new UpcallGuard(group, uncaught);
    }

    @Replaces(type = Linker.class, method = "upcallStub")
    MemorySegment upcallStub(Linker linker, MethodHandle target, FunctionDescriptor function, Arena arena,
            Linker.Option... options) {
        var called = new Code(guard.around(target));
        code.add(called);
        MethodHandle invoker = called.dynamicInvoker();
        if (isConfined(arena)) { // its thread closes it, or nobody
            return linker.upcallStub(invoker, function, arena, options);
        }
        MemorySegment stub = linker.upcallStub(invoker, function, Arena.ofAuto(), options);
        Set<MemorySegment> all = live; // the arena must not hold the worker
        all.add(stub);
        return MemorySegment.ofAddress(stub.address()).reinterpret(arena, _ -> all.remove(stub));
    }

    private static boolean isConfined(Arena arena) {
        return !MemorySegment.NULL.reinterpret(arena, null).isAccessibleBy(NOBODY);
    }

    /** The program's code is called no more. */
    @Override
    public void close() {
        KEPT.addAll(live);
        List<Code> all;
        synchronized (code) {
            all = List.copyOf(code);
        }
        all.forEach(Code::close);
        MutableCallSite.syncAll(all.toArray(MutableCallSite[]::new));
    }
}
