package dev.corral.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("c2")
class StoppableCodeTest {
    @ParameterizedTest
    @CsvSource({"java.util.regex.Pattern$Loop, match, true", "java.util.regex.Pattern, <clinit>, false",
            "java.math.MutableBigInteger, divide, true", "java.util.stream.ReduceOps$ReduceOp, evaluate, true",
            "java.util.stream.IntPipeline$$Lambda/0x000000ff12.3, applyAsInt, true",
            "jdk.internal.util.random.RandomSupport$RandomIntsSpliterator, forEachRemaining, true",
            "java.util.HashMap$TreeNode, find, true", "java.lang.String, indexOf, true",
            "java.util.concurrent.ConcurrentHashMap, transfer, false",
            "java.util.concurrent.locks.ReentrantLock$Sync, lock, false",
            "java.util.ResourceBundle, getBundle, false", "java.util.ServiceLoader, load, false",
            "java.util.Locale, getDefault, false", "java.lang.ClassLoader, loadClass, false",
            "java.lang.VirtualThread, runContinuation, false", "java.lang.invoke.MethodHandles, lookup, false",
            "jdk.internal.misc.Unsafe, park, false", "sun.nio.ch.EPollSelectorImpl, doSelect, false",
            "java.lang.StringCoding2, x, false", "java.lang.ThreadLocal, get, false", "NoPackage, x, false"})
    void shouldAllowWhatWorksOnDataOfItsCallerOnly(String className, String method, boolean allowed) {
        assertEquals(allowed, StoppableCode.contains(className, method));
    }

    @Test
    void shouldNameClassesThatExist() throws ClassNotFoundException {
        for (String name : StoppableCode.CLASSES) {
            Class.forName(name, false, null);
        }
    }
}
