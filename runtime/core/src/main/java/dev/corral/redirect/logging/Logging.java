package dev.corral.redirect.logging;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.environment.SystemProperties;
import java.lang.System.LoggerFinder;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code java.util.logging} and {@link System.Logger}: each worker has its own log manager, created when the program
 * first asks for a logger. Loggers of the JDK itself belong to the JVM's manager. What these print for a thread of the
 * worker still becomes its output.
 */
@Documented(of = "`java.util.logging`, `System.Logger`",
        becomes = "its own log manager, levels, handlers and configuration. Loggers of the JDK itself belong to the JVM's manager")
public final class Logging implements Redirect {
    private static final String MANAGER = "java.util.logging.manager";
    private static final String GLOBAL = Logger.GLOBAL_LOGGER_NAME;

    private final ClassLoader loader;
    private final SystemProperties properties;
    /** Created at the first use. Both are written under the monitor. */
    private volatile @Nullable LogManager manager;
    private volatile @Nullable LoggerFinder finder;

    /**
     * The redirect of one worker, without a manager yet.
     *
     * @param loader finds the handlers, formatters, managers and finders that its configuration names
     * @param properties the worker's system properties; they name the configuration
     */
    public Logging(ClassLoader loader, SystemProperties properties) {
        this.loader = loader;
        this.properties = properties;
    }

    @Replaces(type = LogManager.class, method = "getLogManager")
    LogManager getLogManager() {
        LogManager made = manager;
        return made != null ? made : makeManager();
    }

    private synchronized LogManager makeManager() {
        if (manager != null) {
            return manager;
        }
        LogManager.getLogManager(); // creates the JVM's manager first, whose hook must stay
        LogManager made = JvmShutdownHooks.without("java.util.logging.LogManager$Cleaner", this::newManager);
        manager = made; // before the configuration, because the configured classes may ask for it
        Logger root = made.getLogger("");
        if (root == null) {
            made.addLogger(new WorkerLogManager.Named("", null));
        }
        if (made instanceof WorkerLogManager own) {
            own.configure();
        } else {
            LogConfiguration.tryTo(made::readConfiguration, "reading the logging configuration");
        }
        return made;
    }

    private LogManager newManager() {
        String name = properties.getProperty(MANAGER);
        if (name != null && !name.equals(System.getProperty(MANAGER))) {
            try {
                return Class.forName(name, true, loader).asSubclass(LogManager.class).getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
                LogConfiguration.report("Could not load Logmanager \"" + name + "\": " + e);
            }
        }
        return new WorkerLogManager(loader, properties::getProperty);
    }

    @Replaces(type = Logger.class, method = "getLogger")
    Logger getLogger(String name) {
        return demand(Objects.requireNonNull(name), null);
    }

    @Replaces(type = Logger.class, method = "getLogger")
    Logger getLogger(String name, @Nullable String bundle) {
        return demand(Objects.requireNonNull(name), bundle);
    }

    /** The logger of this name, created if it does not exist. */
    private Logger demand(String name, @Nullable String bundle) {
        LogManager from = getLogManager();
        while (true) {
            Logger known = from.getLogger(name);
            if (known != null) {
                return known;
            }
            var made = new WorkerLogManager.Named(name, bundle);
            if (from.addLogger(made)) {
                return made;
            }
        }
    }

    @Replaces(type = Logger.class, method = "getAnonymousLogger")
    Logger getAnonymousLogger() {
        return getAnonymousLogger(null);
    }

    @Replaces(type = Logger.class, method = "getAnonymousLogger")
    Logger getAnonymousLogger(@Nullable String bundle) {
        var made = new WorkerLogManager.Named(null, bundle);
        Logger root = getLogManager().getLogger("");
        if (root != null) {
            made.setParent(root);
        }
        return made;
    }

    @Replaces(type = Logger.class, method = "getGlobal")
    Logger getGlobal() {
        return demand(GLOBAL, null);
    }

    @Replaces(type = Logger.class, field = "global")
    Logger global() {
        return demand(GLOBAL, null);
    }

    @Replaces(type = LoggerFinder.class, method = "getLoggerFinder")
    LoggerFinder getLoggerFinder() {
        LoggerFinder found = finder;
        return found != null ? found : find();
    }

    private synchronized LoggerFinder find() {
        if (finder == null) {
            finder = ServiceLoader.load(LoggerFinder.class, loader).findFirst()
                    .orElseGet(() -> new WorkerLoggerFinder(this::getLogger));
        }
        return finder;
    }

    @Replaces(type = System.class, method = "getLogger")
    System.Logger systemLogger(String name) {
        return getLoggerFinder().getLogger(Objects.requireNonNull(name), loader.getUnnamedModule());
    }

    @Replaces(type = System.class, method = "getLogger")
    System.Logger systemLogger(String name, ResourceBundle bundle) {
        return getLoggerFinder().getLocalizedLogger(Objects.requireNonNull(name), Objects.requireNonNull(bundle),
                loader.getUnnamedModule());
    }

    /** Closes the files of the worker's handlers. */
    @Override
    public synchronized void close() {
        if (manager instanceof WorkerLogManager own) { // code of the program, such as another manager, does not run any more
            own.release();
        }
        manager = null;
        finder = null;
    }
}
