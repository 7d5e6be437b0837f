package dev.corral.redirect.logging;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import java.util.logging.FileHandler;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A configuration of {@code java.util.logging} that one worker has read. It creates the handlers that it names. Never
 * changes.
 *
 * @param loader finds the classes that the configuration names
 * @param systemProperty returns the worker's system property of a name
 * @param properties the entries; not to be changed
 */
record LogConfiguration(ClassLoader loader, Function<String, @Nullable String> systemProperty, Properties properties) {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /** An action whose failure is reported. */
    interface Attempt {
        /** Runs the action. */
        void run() throws IOException, ReflectiveOperationException;
    }

    /** Runs an action, and reports its failure. */
    static void tryTo(Attempt attempt, String what) {
        try {
            attempt.run();
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            report(what + ": " + e);
        }
    }

    /** Reports a problem on the standard error, as the JDK does for configurations. */
    static void report(String problem) {
        System.err.println(problem);
    }

    /** The same configuration with other entries. */
    LogConfiguration with(Properties others) {
        return new LogConfiguration(loader, systemProperty, others);
    }

    /** The entry with this key; null if there is none. */
    @Nullable
    String get(String key) {
        return properties.getProperty(key);
    }

    /** The names of classes in an entry, separated by blanks or commas. */
    List<String> namesIn(String key) {
        String value = get(key);
        return value == null || value.isBlank() ? List.of() : List.of(value.strip().split("[\\s,]+"));
    }

    /** The level in an entry; null if there is none. */
    @Nullable
    Level levelOf(String key) {
        String value = get(key);
        try {
            return value == null ? null : Level.parse(value.strip());
        } catch (IllegalArgumentException e) {
            report("Bad level value for property: " + key);
            return null;
        }
    }

    /**
     * Creates a handler. Handlers of the JDK read the JVM's configuration, so they are set up from this one afterwards.
     */
    Handler handler(String type) throws ReflectiveOperationException, IOException {
        Handler handler = type.equals(FileHandler.class.getName())
                ? fileHandler(type)
                : make(Handler.class, type);
        if (handler.getClass().getClassLoader() != null) {
            return handler; // a class of the program, which reads what it needs itself
        }
        Level level = levelOf(type + ".level");
        if (level != null) {
            handler.setLevel(level);
        }
        String filter = get(type + ".filter");
        if (filter != null) {
            handler.setFilter(make(Filter.class, filter.strip()));
        }
        String encoding = get(type + ".encoding");
        if (encoding != null) {
            handler.setEncoding(encoding.strip());
        }
        String formatter = get(type + ".formatter");
        if (formatter != null) {
            handler.setFormatter(formatter(formatter.strip()));
        } else if (handler.getFormatter() instanceof SimpleFormatter) {
            handler.setFormatter(formatter(SimpleFormatter.class.getName()));
        }
        return handler;
    }

    private FileHandler fileHandler(String type) throws IOException {
        String pattern = get(type + ".pattern");
        return new FileHandler(pattern == null ? "%h/java%u.log" : pattern.strip(), number(type + ".limit", 0),
                (int) number(type + ".count", 1), Boolean.parseBoolean(get(type + ".append")));
    }

    private long number(String key, long otherwise) {
        String value = get(key);
        return value == null ? otherwise : Long.parseLong(value.strip());
    }

    private Formatter formatter(String type) throws ReflectiveOperationException {
        String format = systemProperty.apply(FORMAT);
        if (format == null) {
            format = get(FORMAT);
        }
        return format != null && type.equals(SimpleFormatter.class.getName())
                ? new Formatted(format)
                : make(Formatter.class, type);
    }

    /** Creates an object of the class of that name. */
    <T> T make(Class<T> type, String name) throws ReflectiveOperationException {
        return Class.forName(name, true, loader).asSubclass(type).getDeclaredConstructor().newInstance();
    }

    /** A simple formatter with the worker's format. The JDK's class reads the JVM's format. */
    private static final class Formatted extends SimpleFormatter {
        private final String format;

        Formatted(String format) {
            this.format = format;
        }

        @Override
        public String format(LogRecord record) {
            String method = record.getSourceMethodName();
            String type = record.getSourceClassName();
            String source = type == null ? record.getLoggerName() : method == null ? type : type + " " + method;
            var thrown = new StringBuilder();
            if (record.getThrown() != null) {
                var writer = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(writer.append(System.lineSeparator()), true));
                thrown.append(writer);
            }
            return String.format(format, ZonedDateTime.ofInstant(record.getInstant(), ZoneId.systemDefault()), source,
                    record.getLoggerName(), record.getLevel().getLocalizedName(), formatMessage(record), thrown);
        }
    }
}
