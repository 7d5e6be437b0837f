package dev.corral;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** While it is open there is no memory to log anything: who tells of a failure has another one. */
public final class FullLog extends Handler {
    private final Logger log = Logger.getLogger("dev.corral");

    public FullLog() {
        log.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
        throw new OutOfMemoryError("made up");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        log.removeHandler(this);
    }
}
