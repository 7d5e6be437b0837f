package dev.corral.redirect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The redirects of one worker, one of each kind. */
public final class Redirects {
    private final Map<Class<? extends Redirect>, Redirect> byType = new LinkedHashMap<>();

    /**
     * Where a worker is.
     *
     * @param worker its name, as in {@code hello#3}
     * @param group of its threads
     * @param loader of its code
     * @param processors how many it has
     */
    public record Place(String worker, ThreadGroup group, ClassLoader loader, int processors) {}

    /** All of one worker; those that are given know more of it than its place. */
    public static Redirects of(Place place, Exits exits, Output output, Environment environment,
            SystemProperties properties, UncaughtExceptions uncaught, VirtualThreadMaking virtualThreads) {
        ClassLoader loader = place.loader;
        var network = new NetworkDefaults();
        var tls = new TlsDefaults();
        var locales = new Locales();
        var runtimeClasses = new RuntimeClasses(loader);
        var descriptors = new StandardDescriptors(output);
        return new Redirects(exits, output, descriptors, new ChildProcesses(descriptors), new Input(), environment,
                properties, new ShutdownHooks(), new SignalHandlers(place, exits), uncaught,
                virtualThreads, new PlatformThreadMaking(place.group), new ClassLoading(loader),
                new ServerSocketMaking(tls), new SelfConnections(), new AsynchronousChannels(), new UrlHandlers(),
                new SerialFilters(),
                new NamingBuilders(properties), new ManagementBeans(place.worker), new Logging(loader, properties),
                new SecurityProviders(), network,
                tls, new HttpClients(tls), new UrlConnections(network, tls), new TimeZones(properties), locales,
                new LocaleText(locales), new LocaleFormats(locales), new NativeLibraries(loader, properties),
                runtimeClasses, new CommonPool(place.group, loader, place.processors, properties),
                new Processors(place.processors), new JdbcDrivers(loader, properties), new Cleaners(),
                new ClassValues(), new ZipFileSystems(), new ExitFiles(),
                new Upcalls(place.group, uncaught), new Reflection(loader, runtimeClasses));
    }

    /** In this order; undone in the reverse one. */
    private Redirects(Redirect... all) {
        for (Redirect redirect : all) {
            byType.put(redirect.getClass(), redirect);
        }
    }

    /** The one of this kind. */
    public <R extends Redirect> R get(Class<R> type) {
        return type.cast(Objects.requireNonNull(byType.get(type), type.getName()));
    }

    /** Undoes all of them, whatever one throws. Returns what they threw. */
    public List<Throwable> undo() {
        List<Throwable> failures = new ArrayList<>();
        for (Redirect redirect : List.copyOf(byType.values()).reversed()) {
            try {
                redirect.close();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }
        return failures;
    }
}
