package dev.corral.report;

import dev.corral.jdk.JdkThreads;

/** A thread as text: keeps no object of it alive. */
public final class ThreadText {
    private ThreadText() {}

    /** Name, state, and the topmost frames, each in a line. */
    public static String of(Thread thread, int mostFrames) {
        var text = new StringBuilder(thread.getName().isEmpty() ? thread.toString() : thread.getName());
        text.append(" (").append(JdkThreads.stateOf(thread)).append(')');
        StackTraceElement[] frames = JdkThreads.stackOf(thread);
        for (int i = 0; i < Math.min(mostFrames, frames.length); i++) {
            text.append("\n    at ").append(frames[i]);
        }
        if (frames.length > mostFrames) {
            text.append("\n    and ").append(frames.length - mostFrames).append(" more");
        }
        return text.toString();
    }
}
