package dev.corral.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.jdk.JdkInternal.State;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what Corral uses of the JDK although it is not public: it is right. */
class JdkInternalTest {
    @Test
    void shouldFindAllMembersInTheJdkOfTheBuild() {
        assertEquals(List.of(),
                Stream.of(JdkInternal.values()).filter(each -> each.state() != State.PRESENT).toList());
    }

    @Test
    void shouldSeeWhatAnotherJdkLacks() throws ReflectiveOperationException {
        assertTrue(isAbsent(new JdkMember("java.lang.Nothing", "", "")));
        assertTrue(isAbsent(new JdkMember("java.lang.Thread", "nothing", "I")));
        assertTrue(isAbsent(new JdkMember("java.lang.Thread", "holder", "Ljava/lang/Thread;")));
        assertTrue(isAbsent(new JdkMember("java.lang.Thread", "getThreads", "()V")));
        assertTrue(isAbsent(new JdkMember("java.lang.Thread", "getThreads", "(I)[Ljava/lang/Thread;")));
        assertTrue(isAbsent(new JdkMember("java.lang.Thread", "new", "(J)V")));
        assertTrue(isAbsent(new JdkMember("java.lang.VirtualThread", "STARTED", "=2")));
        assertTrue(isAbsent(new JdkMember("java.lang.Runnable", "*", "2")));
        new JdkMember("java.lang.Runnable", "*", "1").find();
    }

    private static boolean isAbsent(JdkMember member) {
        try {
            member.find();
            return false;
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    @Test
    void shouldReadAsInJava() {
        assertEquals("java.lang.Thread.getThreads()", JdkInternal.ALL_THREADS.toString());
        assertEquals("java.lang.ThreadBuilders$VirtualThreadBuilder.new(Executor)",
                JdkInternal.VIRTUAL_THREAD_BUILDER.toString());
        assertEquals("java.lang.Thread.holder: Thread$FieldHolder", JdkInternal.THREAD_HOLDER.toString());
        assertEquals("java.lang.VirtualThread.STARTED=1", JdkInternal.STARTED.toString());
        assertEquals("sun.nio.ch.SelChImpl with 6 abstract methods", JdkInternal.SELECTABLE.toString());
        assertEquals("sun.nio.ch.Poller", JdkInternal.POLLER.toString());
    }
}
