package dev.corral.redirect;

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
 * A configuration of {@code java.util.logging} as one worker has read it, and the handlers that it names.
 *
 * @param loader finds the classes that it names
 * @param systemProperty tells the worker's
 * @param properties not to be changed
 */
record LogConfiguration(ClassLoader loader, Function<String, @Nullable String> systemProperty, Properties properties) {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /** What may fail and is told then. */
    interface Attempt {
        /** Does it. */
        void run() throws IOException, ReflectiveOperationException;
    }

    static void tryTo(Attempt attempt, String what) {
        try {
            attempt.run();
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            tell(what + ": " + e);
        }
    }

    /** On the standard error, where the JDK tells what is wrong with a configuration. */
    static void tell(String problem) {
        System.err.println(problem);
    }

    /** The same with other properties. */
    LogConfiguration with(Properties others) {
        return new LogConfiguration(loader, systemProperty, others);
    }

    @Nullable
    String get(String key) {
        return properties.getProperty(key);
    }

    /** Names of classes, between blanks or commas. */
    List<String> namesIn(String key) {
        String value = get(key);
        return value == null || value.isBlank() ? List.of() : List.of(value.strip().split("[\\s,]+"));
    }

    @Nullable
    Level levelOf(String key) {
        String value = get(key);
        try {
            return value == null ? null : Level.parse(value.strip());
        } catch (IllegalArgumentException e) {
            tell("Bad level value for property: " + key);
            return null;
        }
    }

    /** Makes the handler and sets it up; of the JDK's, which read the JVM's configuration, by this one. */
    Handler handler(String type) throws ReflectiveOperationException, IOException {
        Handler handler = type.equals(FileHandler.class.getName())
                ? fileHandler(type)
                : make(Handler.class, type);
        if (handler.getClass().getClassLoader() != null) {
            return handler; // the program's, which reads what it needs by itself
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

    /** Makes an object of a class of that name. */
    <T> T make(Class<T> type, String name) throws ReflectiveOperationException {
        return Class.forName(name, true, loader).asSubclass(type).getDeclaredConstructor().newInstance();
    }

    /** A simple formatter with the worker's own format; the JDK's reads the JVM's. */
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
