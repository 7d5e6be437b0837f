package dev.corral.redirect.foreign;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.exit.UncaughtExceptions;
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
 * Upcalls: methods of the worker that native code calls through {@link Linker#upcallStub}. The JDK ends the JVM if an
 * exception leaves one, so {@link UpcallGuard} catches all.
 *
 * <p>Native code may keep a stub for longer than its worker lives. So a stub calls a call site, which releases the
 * program's code when the worker ends. If the stub's arena has not been closed by then, the memory of the stub is never
 * freed. (Without this, an arena of {@link Arena#ofAuto} would free it as soon as the worker's classes are collected,
 * while native code may still call it.)
 */
@Documented(of = "upcalls of `java.lang.foreign`",
        becomes = "an exception that leaves one ends this worker with code 1; without Corral it ends the JVM")
@SuppressWarnings("restricted") // stubs of the worker
public final class Upcalls implements Redirect {
    /** Stubs of ended workers that were not closed. Held so that their memory is not freed. */
    private static final Set<MemorySegment> KEPT = ConcurrentHashMap.newKeySet();
    /** A thread that never starts. Memory that it may access is not confined to a thread. */
    private static final Thread NOBODY = Thread.ofVirtual().unstarted(() -> {});

    private final UpcallGuard guard;
    /** The call sites of all stubs; weak, because a stub holds its call site. Synchronized. */
    private final Set<Code> code = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    /** Stubs whose arena has not been closed or collected. This set keeps the collector from freeing their memory. */
    private final Set<MemorySegment> live = ConcurrentHashMap.newKeySet();

    /** The call site of one stub: it calls the program's method, or nothing after the worker has ended. */
    private static final class Code extends MutableCallSite {
        Code(MethodHandle target) {
            super(target);
        }

        void close() {
            setTarget(UpcallGuard.nothing(type()));
        }
    }

    /**
     * The redirect of one worker.
     *
     * @param group the group of its threads
     * @param uncaught handles the exceptions that leave an upcall
     */
    public Upcalls(ThreadGroup group, UncaughtExceptions uncaught) {
        guard = new UpcallGuard(group, uncaught);
    }

    @Replaces(type = Linker.class, method = "upcallStub")
    MemorySegment upcallStub(Linker linker, MethodHandle target, FunctionDescriptor function, Arena arena,
            Linker.Option... options) {
        var called = new Code(guard.around(target));
        code.add(called);
        MethodHandle invoker = called.dynamicInvoker();
        if (isConfined(arena)) { // only its thread can close it
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

    /** Makes all stubs call nothing. */
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
