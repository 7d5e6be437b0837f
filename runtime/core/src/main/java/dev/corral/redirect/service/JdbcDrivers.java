package dev.corral.redirect.service;

import static java.util.Objects.requireNonNull;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.environment.SystemProperties;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverAction;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link DriverManager}: the drivers that the worker's code registers, and those that services of its loader and the
 * property {@code jdbc.drivers} name. Services and property are read when the worker first asks for a driver. Messages
 * are the JDK's.
 *
 * <p>The constructor of {@link SQLException} logs to the JVM's writer, not to the worker's.
 *
 * <p>When the worker ends, the drivers are forgotten. Their {@link DriverAction} is not called, as when a JVM ends.
 */
@Documented(of = "`DriverManager`", becomes = "its own drivers, login timeout and log writer")
public final class JdbcDrivers implements Redirect {
    private static final String NO_DRIVER = "08001";

    private final ClassLoader loader;
    private final SystemProperties properties;
    /** Written under the lock. */
    private final List<Registration> registered = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** Whether services and property have been read. Written under the lock. */
    private volatile boolean lookedUp;
    private volatile int loginTimeout;
    private volatile @Nullable PrintWriter logWriter;
    private volatile @Nullable PrintStream logStream;

    private record Registration(Driver driver, @Nullable DriverAction action) {
        String name() {
            return driver.getClass().getName();
        }
    }

    /** The redirect of the worker with this loader and these properties. */
    public JdbcDrivers(ClassLoader loader, SystemProperties properties) {
        this.loader = loader;
        this.properties = properties;
    }

    @Replaces(type = DriverManager.class, method = "registerDriver")
    void registerDriver(Driver driver) {
        registerDriver(driver, null);
    }

    @Replaces(type = DriverManager.class, method = "registerDriver")
    void registerDriver(Driver driver, @Nullable DriverAction action) {
        requireNonNull(driver);
        lock.lock();
        try {
            if (registrationOf(driver) == null) {
                registered.add(new Registration(driver, action));
            }
        } finally {
            lock.unlock();
        }
        println("registerDriver: " + driver);
    }

    private @Nullable Registration registrationOf(Driver driver) {
        return registered.stream().filter(each -> each.driver == driver).findFirst().orElse(null);
    }

    @Replaces(type = DriverManager.class, method = "deregisterDriver")
    void deregisterDriver(@Nullable Driver driver) {
        if (driver == null) {
            return;
        }
        println("DriverManager.deregisterDriver: " + driver);
        lock.lock();
        try {
            Registration registration = registrationOf(driver);
            if (registration == null) {
                println("    couldn't find driver to unload");
                return;
            }
            if (registration.action != null) {
                registration.action.deregister();
            }
            registered.remove(registration);
        } finally {
            lock.unlock();
        }
    }

    @Replaces(type = DriverManager.class, method = "getDriver")
    Driver getDriver(@Nullable String url) throws SQLException {
        println("DriverManager.getDriver(\"" + url + "\")");
        lookUp();
        for (Registration each : registered) {
            try {
                if (each.driver.acceptsURL(url)) {
                    println("getDriver returning " + each.name());
                    return each.driver;
                }
            } catch (SQLException _) {
                // another driver may accept it
            }
        }
        println("getDriver: no suitable driver");
        throw new SQLException("No suitable driver", NO_DRIVER);
    }

    @Replaces(type = DriverManager.class, method = "getDrivers")
    Enumeration<Driver> getDrivers() {
        return Collections.enumeration(drivers().toList());
    }

    @Replaces(type = DriverManager.class, method = "drivers")
    Stream<Driver> drivers() {
        lookUp();
        return registered.stream().map(Registration::driver);
    }

    @Replaces(type = DriverManager.class, method = "getConnection")
    Connection getConnection(@Nullable String url) throws SQLException {
        return getConnection(url, new Properties());
    }

    @Replaces(type = DriverManager.class, method = "getConnection")
    Connection getConnection(@Nullable String url, @Nullable String user, @Nullable String password)
            throws SQLException {
        var info = new Properties();
        if (user != null) {
            info.put("user", user);
        }
        if (password != null) {
            info.put("password", password);
        }
        return getConnection(url, info);
    }

    @Replaces(type = DriverManager.class, method = "getConnection")
    Connection getConnection(@Nullable String url, Properties info) throws SQLException {
        if (url == null) {
            throw new SQLException("The url cannot be null", NO_DRIVER);
        }
        println("DriverManager.getConnection(\"" + url + "\")");
        lookUp();
        SQLException first = null;
        for (Registration each : registered) {
            try {
                println("    trying " + each.name());
                Connection connection = each.driver.connect(url, info);
                if (connection != null) {
                    println("getConnection returning " + each.name());
                    return connection;
                }
            } catch (SQLException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            println("getConnection failed: " + first);
            throw first;
        }
        println("getConnection: no suitable driver found for " + url);
        throw new SQLException("No suitable driver found for " + url, NO_DRIVER);
    }

    /**
     * Reads services and property once. Drivers register themselves when they are initialised. A driver that asks
     * during its initialisation sees the drivers that are registered so far.
     */
    private void lookUp() {
        if (lookedUp || lock.isHeldByCurrentThread()) {
            return;
        }
        lock.lock();
        try {
            if (!lookedUp) {
                loadServices();
                loadNamed(properties.getProperty("jdbc.drivers"));
                lookedUp = true;
                println("JDBC DriverManager initialized");
            }
        } finally {
            lock.unlock();
        }
    }

    private void loadServices() {
        try {
            Iterator<Driver> drivers = ServiceLoader.load(Driver.class, loader).iterator();
            while (drivers.hasNext()) {
                Driver driver = drivers.next();
                if (driver.getClass().getClassLoader() != loader) { // another worker may have initialised it
                    registerIfAbsent(driver);
                }
            }
        } catch (Throwable _) {
            // the JDK ignores this, too, and does not read further services
        }
    }

    private void registerIfAbsent(Driver driver) {
        if (registered.stream().noneMatch(each -> each.driver.getClass() == driver.getClass())) {
            registerDriver(driver);
        }
    }

    private void loadNamed(@Nullable String drivers) {
        println("DriverManager.initialize: jdbc.drivers = " + drivers);
        if (drivers == null || drivers.isEmpty()) {
            return;
        }
        for (String name : drivers.split(":", -1)) {
            try {
                println("DriverManager.Initialize: loading " + name);
                Class.forName(name, true, loader);
            } catch (Exception e) {
                println("DriverManager.Initialize: load failed: " + e);
            }
        }
    }

    @Replaces(type = DriverManager.class, method = "setLoginTimeout")
    void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Replaces(type = DriverManager.class, method = "getLoginTimeout")
    int getLoginTimeout() {
        return loginTimeout;
    }

    @Replaces(type = DriverManager.class, method = "setLogWriter")
    void setLogWriter(@Nullable PrintWriter writer) {
        logStream = null;
        logWriter = writer;
    }

    @Replaces(type = DriverManager.class, method = "getLogWriter")
    @Nullable
    PrintWriter getLogWriter() {
        return logWriter;
    }

    @Replaces(type = DriverManager.class, method = "setLogStream")
    void setLogStream(@Nullable PrintStream stream) {
        logStream = stream;
        logWriter = stream == null ? null : new PrintWriter(stream, false, stream.charset());
    }

    @Replaces(type = DriverManager.class, method = "getLogStream")
    @Nullable
    PrintStream getLogStream() {
        return logStream;
    }

    @Replaces(type = DriverManager.class, method = "println")
    void println(@Nullable String message) {
        PrintWriter writer = logWriter;
        if (writer != null) {
            writer.println(message);
            writer.flush();
        }
    }

    @Override
    public void close() {
        registered.clear();
        setLogWriter(null);
    }
}
