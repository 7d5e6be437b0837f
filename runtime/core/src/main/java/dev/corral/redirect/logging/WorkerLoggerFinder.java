package dev.corral.redirect.logging;

import java.lang.StackWalker.StackFrame;
import java.lang.System.LoggerFinder;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.function.Function;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The finder of {@link System.Logger}s that log with {@code java.util.logging}, as the JDK's finder does. */
final class WorkerLoggerFinder extends LoggerFinder {
    private final Function<String, Logger> loggers;

    WorkerLoggerFinder(Function<String, Logger> loggers) {
        this.loggers = loggers;
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Bridge(loggers.apply(name));
    }

    private record Bridge(Logger logger) implements System.Logger {
        @Override
        public String getName() {
            return logger.getName();
        }

        @Override
        public boolean isLoggable(Level level) {
            return logger.isLoggable(of(level));
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String message,
                @Nullable Throwable thrown) {
            log(level, bundle, message, thrown, null);
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String format,
                @Nullable Object... parameters) {
            log(level, bundle, format, null, parameters);
        }

        private void log(Level level, @Nullable ResourceBundle bundle, @Nullable String message,
                @Nullable Throwable thrown, @Nullable Object @Nullable [] parameters) {
            if (!isLoggable(level)) {
                return;
            }
            var record = new LogRecord(of(level), message);
            record.setLoggerName(logger.getName());
            record.setThrown(thrown);
            record.setParameters(parameters);
            record.setResourceBundle(bundle == null ? logger.getResourceBundle() : bundle);
            caller().ifPresent(frame -> {
                record.setSourceClassName(frame.getClassName());
                record.setSourceMethodName(frame.getMethodName());
            });
            logger.log(record);
        }

        private static Optional<StackFrame> caller() {
            return StackWalker.getInstance().walk(frames -> frames
                    .dropWhile(frame -> frame.getClassName().equals(Bridge.class.getName())
                            || frame.getClassName().startsWith("java.lang.System$Logger"))
                    .findFirst());
        }

        private static java.util.logging.Level of(Level level) {
            return switch (level) {
                case ALL -> java.util.logging.Level.ALL;
                case TRACE -> java.util.logging.Level.FINER;
                case DEBUG -> java.util.logging.Level.FINE;
                case INFO -> java.util.logging.Level.INFO;
                case WARNING -> java.util.logging.Level.WARNING;
                case ERROR -> java.util.logging.Level.SEVERE;
                case OFF -> java.util.logging.Level.OFF;
            };
        }
    }
}
