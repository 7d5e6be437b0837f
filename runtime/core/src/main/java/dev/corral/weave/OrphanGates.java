package dev.corral.weave;

import dev.corral.jdk.JdkInternal;
import dev.corral.redirect.catalogue.Catalogue;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.invoke.MethodHandle;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Gates for a program's loaders that do not find the program's classes, such as a loader without a parent. Each of
 * these loaders gets a gate of its own, which leads to the worker's. Needs {@code java.base/java.lang} to be opened.
 * Thread-safe.
 */
public final class OrphanGates {
    private static final @Nullable MethodHandle DEFINE = JdkInternal.DEFINE_CLASS.methodOrNull();
    private static final @Nullable MethodHandle FIND = JdkInternal.FIND_LOADED_CLASS.methodOrNull();

    private OrphanGates() {}

    /**
     * Weaves a class for a loader, and gives the loader a gate. Returns null if that is not possible: the loader does
     * not find the substitutes of JDK classes, so a class that needs one of them is left unchanged.
     *
     * @throws IllegalArgumentException if the class cannot be woven
     */
    public static byte @Nullable [] weave(ClassLoader orphan, Gate.Linker linker, byte[] original) {
        byte[] woven = Weaver.weave(original, Ancestry.ofJdk());
        boolean needsSubstitute = StreamSupport.stream(ClassFile.of().parse(woven).constantPool().spliterator(), false)
                .anyMatch(entry -> entry instanceof ClassEntry type
                        && Catalogue.interceptions().isSubstitute(type.asInternalName().replace('/', '.')));
        return needsSubstitute || !hasGate(orphan, linker) ? null : woven;
    }

    /**
     * Returns whether the loader has a gate, which this method defines if necessary. One thread at a time, so that no
     * thread finds a gate without a linker. The definition runs no code of the program.
     */
    private static synchronized boolean hasGate(ClassLoader orphan, Gate.Linker linker) {
        if (DEFINE == null || FIND == null) {
            return false;
        }
        try {
            if (FIND.invoke(orphan, Gate.NAME) == null) {
                byte[] bytes = Gate.ofOrphan();
                var gate = (Class<?>) DEFINE.invoke(orphan, Gate.NAME, bytes, 0, bytes.length);
                gate.getField(Gate.LINKER).set(null, linker);
            }
            return true;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
