package dev.corral.redirect.logging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The log manager of one worker, with the loggers, handlers and configuration that the program would find in its own
 * JVM. It reads the configuration as {@link LogManager} does, with these differences: classes are searched in the
 * worker's loader; {@code MemoryHandler} and {@code SocketHandler} take their constructor arguments from the JVM's
 * configuration; loggers exist until the worker ends, even if the program does not hold them.
 */
final class WorkerLogManager extends LogManager {
    private static final String CONFIG_CLASS = "java.util.logging.config.class";
    private static final String CONFIG_FILE = "java.util.logging.config.file";
    private static final String HANDLERS = ".handlers";
    private static final String LEVEL = ".level";

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** By name. Guarded by the monitor. */
    private final TreeMap<String, Logger> loggers = new TreeMap<>();
    /** An immutable object, replaced as a whole by any thread. */
    private volatile LogConfiguration configuration;

    WorkerLogManager(ClassLoader loader, Function<String, @Nullable String> systemProperty) {
        configuration = new LogConfiguration(loader, systemProperty, new Properties());
    }

    /** A logger of the worker; anonymous without a name. */
    static final class Named extends Logger {
        Named(@Nullable String name, @Nullable String bundle) {
            super(name, bundle);
        }
    }

    /** Reads the first configuration. */
    void configure() {
        LogConfiguration.tryTo(this::readPrimordial, "reading the logging configuration");
    }

    private void readPrimordial() throws IOException {
        String type = configuration.systemProperty().apply(CONFIG_CLASS);
        if (type == null) {
            readConfiguration();
        } else { // the constructor of that class configures the manager
            LogConfiguration.tryTo(() -> configuration.make(Object.class, type), type);
        }
    }

    @Override
    public boolean addLogger(Logger logger) {
        String name = Objects.requireNonNull(logger.getName());
        synchronized (this) {
            if (loggers.putIfAbsent(name, logger) != null) {
                return false;
            }
            for (String each : ancestors(name)) { // loggers that the configuration names belong between
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

    /** Names of the ancestors of a logger: the nearest first, the root last. */
    private static List<String> ancestors(String name) {
        List<String> names = new ArrayList<>();
        String above = name;
        while (!above.isEmpty()) {
            above = above.substring(0, Math.max(0, above.lastIndexOf('.')));
            names.add(above);
        }
        return names;
    }

    /** Applies the configuration to a logger. */
    private void applyTo(Logger logger) {
        String name = logger.getName();
        LogConfiguration now = configuration;
        Level level = now.levelOf(name + LEVEL);
        if (level != null && (logger.getLevel() == null || name.isEmpty())) {
            logger.setLevel(level);
        } else if (name.isEmpty() && logger.getLevel() == null) {
            logger.setLevel(Level.INFO);
        }
        if ("false".equalsIgnoreCase(getProperty(name + ".useParentHandlers"))) {
            logger.setUseParentHandlers(false);
        }
        for (String type : now.namesIn(name.isEmpty() ? "handlers" : name + HANDLERS)) {
            LogConfiguration.tryTo(() -> logger.addHandler(now.handler(type)),
                    "Can't load log handler \"" + type + "\"");
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
        return configuration.get(name);
    }

    @Override
    public void readConfiguration() throws IOException {
        try (InputStream in = open()) {
            readConfiguration(in);
        }
    }

    private InputStream open() throws IOException {
        String file = configuration.systemProperty().apply(CONFIG_FILE);
        return Files.newInputStream(file != null
                ? Path.of(file)
                : Path.of(System.getProperty("java.home"), "conf", "logging.properties"));
    }

    @Override
    public void readConfiguration(InputStream in) throws IOException {
        var read = new Properties();
        read.load(in);
        reset();
        configuration = configuration.with(read);
        for (String type : configuration.namesIn("config")) {
            LogConfiguration.tryTo(() -> configuration.make(Object.class, type),
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
        Properties before = configuration.properties();
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
            configuration = configuration.with(merged);
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
            configuration = configuration.with(new Properties());
            loggers.values().forEach(WorkerLogManager::reset);
        }
    }

    /**
     * Closes the handlers that are classes of the JDK. Called at the worker's end, when its own code does not run any
     * more.
     */
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
                LogConfiguration.report("closing " + handler + ": " + e);
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
