package dev.corral;

/**
 * Takes what workers print, line by line. Called on the worker's own thread of output, so a slow sink slows that worker
 * only: after 1,024 waiting lines, printing waits. What it throws is logged, and the line is lost.
 */
@FunctionalInterface
public interface OutputSink {
    /**
     * One line, without its line break; longer ones than 64 KiB come in pieces.
     *
     * @param error true for standard error
     */
    void line(Worker worker, boolean error, String line);
}
