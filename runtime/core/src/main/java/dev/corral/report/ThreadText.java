package dev.corral.report;

import dev.corral.jdk.JdkThreads;

/** Describes a thread as text, which refers to no object of the thread. */
public final class ThreadText {
    private ThreadText() {}

    /** Returns name and state of the thread, and its topmost frames, one per line. */
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
