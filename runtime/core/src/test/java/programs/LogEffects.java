package programs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The effects of {@link Effects} on logging. */
final class LogEffects {
    private LogEffects() {}

    /** A handler that keeps the records. */
    public static final class Kept extends Handler {
        static final List<String> MESSAGES = new ArrayList<>();

        @Override
        public void publish(LogRecord logged) {
            MESSAGES.add(logged.getLevel() + " " + logged.getLoggerName() + " " + logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    static String logHandler(boolean first) {
        Logger root = Logger.getLogger("");
        if (first) {
            root.addHandler(new Kept());
        }
        Logger.getLogger("some.name").info("something");
        Logger.getGlobal().warning("global");
        return root.getHandlers().length + " handlers " + Kept.MESSAGES;
    }

    static String logLevel(boolean first) {
        Logger parent = Logger.getLogger("level");
        if (first) {
            parent.setLevel(Level.FINEST);
        }
        return Logger.getLogger("level.child").isLoggable(Level.FINE) + " "
                + LogManager.getLogManager().getLogger("level.child").getParent().getName();
    }

    static String logConfiguration(boolean first) throws IOException {
        if (first) {
            String configuration = """
                    handlers = programs.LogEffects$Kept
                    some.level = FINE
                    some.quiet.level = OFF
                    """;
            LogManager.getLogManager()
                    .readConfiguration(new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)));
        }
        Logger.getLogger("some.name").fine("fine");
        Logger.getLogger("some.quiet.name").severe("quiet");
        Logger.getLogger("other").fine("other");
        return LogManager.getLogManager().getProperty("some.level") + " " + Kept.MESSAGES;
    }

    static String systemLogger(boolean first) {
        if (first) {
            Logger.getLogger("").addHandler(new Kept());
        }
        System.getLogger("system").log(System.Logger.Level.ERROR, "failed");
        return Kept.MESSAGES.toString();
    }
}
