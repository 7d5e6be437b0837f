package dev.corral.redirect;

/** One JVM-wide effect, as one worker has it. */
public sealed interface Redirect extends AutoCloseable
        permits Exits, Output, StandardDescriptors, ChildProcesses, Input, Environment, SystemProperties, ShutdownHooks,
        SignalHandlers,
        UncaughtExceptions,
        VirtualThreadMaking, PlatformThreadMaking, CommonPool, Processors, ClassLoading, RuntimeClasses,
        NativeLibraries, ServerSocketMaking, SelfConnections, AsynchronousChannels, Logging, ManagementBeans,
        JdbcDrivers,
        SecurityProviders, NetworkDefaults, TlsDefaults, HttpClients, UrlConnections, UrlHandlers, SerialFilters,
        NamingBuilders,
        TimeZones, Locales, LocaleText, LocaleFormats, Cleaners, ClassValues, ZipFileSystems, ExitFiles, Upcalls,
        Reflection {
    /** Undoes at the worker's end what cannot go with its class loader. Called once, by the thread that ends the worker. */
    @Override
    default void close() {}
}
