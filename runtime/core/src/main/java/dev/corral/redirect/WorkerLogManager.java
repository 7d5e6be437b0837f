package dev.corral.redirect;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.FileHandler;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The log manager of one worker: the loggers, handlers and configuration that the program would find in a JVM of its own. It
 * reads the configuration as {@link LogManager} does, with these differences: the classes that it names are looked for in the
 * worker's loader; {@code MemoryHandler} and {@code SocketHandler} take what they are made with from the JVM's configuration;
 * loggers stay until the worker's end, whether or not the program keeps them.
 */
final class WorkerLogManager extends LogManager {
    private static final String CONFIG_CLASS = "java.util.logging.config.class";
    private static final String CONFIG_FILE = "java.util.logging.config.file";
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";
    private static final String HANDLERS = ".handlers";
    private static final String LEVEL = ".level";

    private final ClassLoader loader;
    private final Function<String, @Nullable String> systemProperty;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** By name. Guarded by the monitor. */
    private final TreeMap<String, Logger> loggers = new TreeMap<>();
    /** Replaced as a whole. */
    private volatile Properties configuration = new Properties();

    WorkerLogManager(ClassLoader loader, Function<String, @Nullable String> systemProperty) {
        this.loader = loader;
        this.systemProperty = systemProperty;
    }

    /** A logger; without a name, an anonymous one. */
    static final class Named extends Logger {
        Named(@Nullable String name, @Nullable String bundle) {
            super(name, bundle);
        }
    }

    /** What may fail and is told on the standard error then, as the JDK does with a bad configuration. */
    interface Attempt {
        /** Does it. */
        void run() throws IOException, ReflectiveOperationException;
    }

    static void tryTo(Attempt attempt, String what) {
        try {
            attempt.run();
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            System.err.println(what + ": " + e);
        }
    }

    /** The first configuration. */
    void configure() {
        tryTo(this::readPrimordial, "reading the logging configuration");
    }

    private void readPrimordial() throws IOException {
        String type = systemProperty.apply(CONFIG_CLASS);
        if (type == null) {
            readConfiguration();
        } else { // it configures in its constructor
            tryTo(() -> Class.forName(type, true, loader).getDeclaredConstructor().newInstance(), type);
        }
    }

    @Override
    public boolean addLogger(Logger logger) {
        String name = Objects.requireNonNull(logger.getName());
        synchronized (this) {
            if (loggers.putIfAbsent(name, logger) != null) {
                return false;
            }
            for (String each : ancestors(name)) { // those that the configuration names stand between
                if (getProperty(each + LEVEL) != null || getProperty(each + HANDLERS) != null) {
                    addLogger(new Named(each, null));
                }
            }
            ancestors(name).stream().map(loggers::get).filter(Objects::nonNull).findFirst()
                    .ifPresent(logger::setParent);
            String prefix = name.isEmpty() ? "" : name + ".";
            loggers.tailMap(prefix).forEach((below, other) -> {
                if (below.startsWith(prefix) && other != logger && other.getParent() == logger.getParent()) {
                    other.setParent(logger);
                }
            });
            applyTo(logger);
            return true;
        }
    }

    /** Names of the loggers above, the nearest first, the root last. */
    private static List<String> ancestors(String name) {
        List<String> names = new ArrayList<>();
        String above = name;
        while (!above.isEmpty()) {
            above = above.substring(0, Math.max(0, above.lastIndexOf('.')));
            names.add(above);
        }
        return names;
    }

    private void applyTo(Logger logger) {
        String name = logger.getName();
        Level level = levelOf(name + LEVEL);
        if (level != null && (logger.getLevel() == null || name.isEmpty())) {
            logger.setLevel(level);
        } else if (name.isEmpty() && logger.getLevel() == null) {
            logger.setLevel(Level.INFO);
        }
        if ("false".equalsIgnoreCase(getProperty(name + ".useParentHandlers"))) {
            logger.setUseParentHandlers(false);
        }
        for (String type : namesIn(name.isEmpty() ? "handlers" : name + HANDLERS)) {
            tryTo(() -> logger.addHandler(handler(type)), "Can't load log handler \"" + type + "\"");
        }
    }

    private List<String> namesIn(String key) {
        String value = getProperty(key);
        return value == null || value.isBlank() ? List.of() : List.of(value.strip().split("[\\s,]+"));
    }

    private @Nullable Level levelOf(String key) {
        String value = getProperty(key);
        try {
            return value == null ? null : Level.parse(value.strip());
        } catch (IllegalArgumentException e) {
            System.err.println("Bad level value for property: " + key);
            return null;
        }
    }

    private Handler handler(String type) throws ReflectiveOperationException, IOException {
        Handler handler = type.equals(FileHandler.class.getName())
                ? fileHandler(type)
                : make(Handler.class, type);
        if (handler.getClass().getClassLoader() != null) {
            return handler; // the program's, which reads what it needs by itself
        }
        Level level = levelOf(type + LEVEL);
        if (level != null) {
            handler.setLevel(level);
        }
        String filter = getProperty(type + ".filter");
        if (filter != null) {
            handler.setFilter(make(Filter.class, filter.strip()));
        }
        String encoding = getProperty(type + ".encoding");
        if (encoding != null) {
            handler.setEncoding(encoding.strip());
        }
        String formatter = getProperty(type + ".formatter");
        if (formatter != null) {
            handler.setFormatter(formatter(formatter.strip()));
        } else if (handler.getFormatter() instanceof SimpleFormatter) {
            handler.setFormatter(formatter(SimpleFormatter.class.getName()));
        }
        return handler;
    }

    private FileHandler fileHandler(String type) throws IOException {
        String pattern = getProperty(type + ".pattern");
        return new FileHandler(pattern == null ? "%h/java%u.log" : pattern.strip(), number(type + ".limit", 0),
                (int) number(type + ".count", 1), Boolean.parseBoolean(getProperty(type + ".append")));
    }

    private long number(String key, long otherwise) {
        String value = getProperty(key);
        return value == null ? otherwise : Long.parseLong(value.strip());
    }

    private Formatter formatter(String type) throws ReflectiveOperationException {
        String format = systemProperty.apply(FORMAT);
        if (format == null) {
            format = getProperty(FORMAT);
        }
        return format != null && type.equals(SimpleFormatter.class.getName())
                ? new Formatted(format)
                : make(Formatter.class, type);
    }

    private <T> T make(Class<T> type, String name) throws ReflectiveOperationException {
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

    @Override
    public synchronized @Nullable Logger getLogger(String name) {
        return loggers.get(name);
    }

    @Override
    public synchronized Enumeration<String> getLoggerNames() {
        return Collections.enumeration(List.copyOf(loggers.keySet()));
    }

    @Override
    public @Nullable String getProperty(String name) {
        return configuration.getProperty(name);
    }

    @Override
    public void readConfiguration() throws IOException {
        try (InputStream in = open()) {
            readConfiguration(in);
        }
    }

    private InputStream open() throws IOException {
        String file = systemProperty.apply(CONFIG_FILE);
        return Files.newInputStream(file != null
                ? Path.of(file)
                : Path.of(System.getProperty("java.home"), "conf", "logging.properties"));
    }

    @Override
    public void readConfiguration(InputStream in) throws IOException {
        var read = new Properties();
        read.load(in);
        reset();
        configuration = read;
        for (String type : namesIn("config")) {
            tryTo(() -> Class.forName(type, true, loader).getDeclaredConstructor().newInstance(),
                    "Can't load config class \"" + type + "\"");
        }
        synchronized (this) {
            List.copyOf(loggers.values()).forEach(this::applyTo);
        }
        listeners.forEach(Runnable::run);
    }

    @Override
    public void updateConfiguration(@Nullable Function<String, BiFunction<String, String, String>> mapper)
            throws IOException {
        try (InputStream in = open()) {
            updateConfiguration(in, mapper);
        }
    }

    @Override
    @SuppressWarnings("NullAway") // either value that a mapper takes may be null
    public void updateConfiguration(InputStream in,
            @Nullable Function<String, BiFunction<String, String, String>> mapper) throws IOException {
        var read = new Properties();
        read.load(in);
        Properties before = configuration;
        var keys = new TreeSet<>(before.stringPropertyNames());
        keys.addAll(read.stringPropertyNames());
        var merged = new Properties();
        for (String key : keys) {
            String value = mapper == null
                    ? read.getProperty(key)
                    : mapper.apply(key).apply(before.getProperty(key), read.getProperty(key));
            if (value != null) {
                merged.setProperty(key, value);
            }
        }
        Predicate<String> changed = key -> !Objects.equals(before.getProperty(key), merged.getProperty(key));
        synchronized (this) {
            List<Logger> concerned = loggers.values().stream().filter(logger -> concerns(logger.getName(), changed))
                    .toList();
            concerned.forEach(WorkerLogManager::reset);
            configuration = merged;
            concerned.forEach(this::applyTo);
        }
        listeners.forEach(Runnable::run);
    }

    private static boolean concerns(String logger, Predicate<String> changed) {
        return changed.test(logger + LEVEL) || changed.test(logger.isEmpty() ? "handlers" : logger + HANDLERS)
                || changed.test(logger + ".useParentHandlers");
    }

    @Override
    public void reset() {
        synchronized (this) {
            configuration = new Properties();
            loggers.values().forEach(WorkerLogManager::reset);
        }
    }

    /** At the worker's end, when its own code runs no more: closes the handlers that are the JDK's. */
    synchronized void release() {
        for (Logger logger : loggers.values()) {
            for (Handler handler : logger.getHandlers()) {
                if (handler.getClass().getClassLoader() == null) {
                    handler.close();
                }
            }
        }
        loggers.clear();
    }

    private static void reset(Logger logger) {
        for (Handler handler : logger.getHandlers()) {
            logger.removeHandler(handler);
            try {
                handler.close();
            } catch (RuntimeException | Error e) { // it may be a class of the program
                System.err.println("closing " + handler + ": " + e);
            }
        }
        logger.setLevel(logger.getName().isEmpty() ? Level.INFO : null);
    }

    @Override
    public LogManager addConfigurationListener(Runnable listener) {
        if (!listeners.contains(listener)) {
            listeners.add(listener);
        }
        return this;
    }

    @Override
    public void removeConfigurationListener(Runnable listener) {
        listeners.remove(listener);
    }
}
