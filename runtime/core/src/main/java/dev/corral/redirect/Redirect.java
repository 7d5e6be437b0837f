package dev.corral.redirect;

/** One JVM-wide effect, as one worker has it. */
public sealed interface Redirect extends AutoCloseable
        permits Exits, Output, Input, Environment, SystemProperties, ShutdownHooks, UncaughtExceptions,
        VirtualThreadMaking, PlatformThreadMaking, ClassLoading, ServerSocketMaking, UrlHandlers, SerialFilters,
        ManagementBeans, Logging, SecurityProviders, NetworkDefaults, TlsDefaults, UrlConnections, TimeZones, Locales,
        LocaleText,
        LocaleFormats, NativeLibraries, RuntimeClasses, CommonPool, Processors, JdbcDrivers, Cleaners {
    /** Undoes at the worker's end what cannot go with its class loader. Called once, by the thread that ends the worker. */
    @Override
    default void close() {}
}
