package dev.corral.redirect.catalogue;

import dev.corral.jdk.Hidden;
import dev.corral.redirect.Interceptions;
import dev.corral.redirect.Kind;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Redirects;
import dev.corral.redirect.cleanup.ClassValues;
import dev.corral.redirect.cleanup.Cleaners;
import dev.corral.redirect.cleanup.ExitFiles;
import dev.corral.redirect.cleanup.FileLocks;
import dev.corral.redirect.cleanup.OpenResources;
import dev.corral.redirect.cleanup.ZipFileSystems;
import dev.corral.redirect.code.ClassLoading;
import dev.corral.redirect.code.Reflection;
import dev.corral.redirect.code.RuntimeClasses;
import dev.corral.redirect.environment.Environment;
import dev.corral.redirect.environment.Processors;
import dev.corral.redirect.environment.SystemProperties;
import dev.corral.redirect.exit.Exits;
import dev.corral.redirect.exit.ShutdownHooks;
import dev.corral.redirect.exit.SignalHandlers;
import dev.corral.redirect.exit.UncaughtExceptions;
import dev.corral.redirect.foreign.NativeLibraries;
import dev.corral.redirect.foreign.Upcalls;
import dev.corral.redirect.locale.LocaleFormats;
import dev.corral.redirect.locale.LocaleText;
import dev.corral.redirect.locale.Locales;
import dev.corral.redirect.locale.TimeZones;
import dev.corral.redirect.logging.Logging;
import dev.corral.redirect.net.AsynchronousChannels;
import dev.corral.redirect.net.HttpClients;
import dev.corral.redirect.net.NetworkDefaults;
import dev.corral.redirect.net.SelfConnections;
import dev.corral.redirect.net.ServerSocketMaking;
import dev.corral.redirect.net.TlsDefaults;
import dev.corral.redirect.net.UrlConnections;
import dev.corral.redirect.net.UrlHandlers;
import dev.corral.redirect.service.JdbcDrivers;
import dev.corral.redirect.service.ManagementBeans;
import dev.corral.redirect.service.NamingBuilders;
import dev.corral.redirect.service.SecurityProviders;
import dev.corral.redirect.service.SerialFilters;
import dev.corral.redirect.stdio.ChildProcesses;
import dev.corral.redirect.stdio.Input;
import dev.corral.redirect.stdio.Output;
import dev.corral.redirect.stdio.StandardDescriptors;
import dev.corral.redirect.thread.CommonPool;
import dev.corral.redirect.thread.PlatformThreadMaking;
import dev.corral.redirect.thread.ThreadNames;
import dev.corral.redirect.thread.VirtualThreadMaking;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** The list of all redirects, one line for each, and what is derived from it. */
public final class Catalogue {
    /**
     * The lines. Their order is the order of the rows in the reference and of creation in each worker, so a redirect
     * stands after those that it needs. At the worker's end the redirects are undone in the reverse order: what stands
     * here first works longest.
     */
    private static final List<Kind<Parts>> KINDS = List.of(
            of(Exits.class, Parts::exits),
            of(Output.class, Parts::output),
            of(StandardDescriptors.class, (_, made) -> new StandardDescriptors(made.get(Output.class))),
            of(Input.class, Input::new),
            of(Environment.class, Parts::environment),
            of(ChildProcesses.class, (_, made) -> new ChildProcesses(made.get(StandardDescriptors.class),
                    made.get(Environment.class))),
            of(SystemProperties.class, Parts::properties),
            of(ShutdownHooks.class, ShutdownHooks::new),
            of(SignalHandlers.class,
                    (parts, made) -> new SignalHandlers(parts.group, parts.loader, made.get(Exits.class))),
            of(UncaughtExceptions.class, Parts::uncaught),
            of(VirtualThreadMaking.class, Parts::virtualThreads),
            of(PlatformThreadMaking.class, parts -> new PlatformThreadMaking(parts.group)),
            of(ThreadNames.class, Parts::threadNames),
            of(Processors.class, parts -> new Processors(parts.processors)),
            of(ClassLoading.class, parts -> new ClassLoading(parts.loader)),
            of(RuntimeClasses.class, parts -> new RuntimeClasses(parts.loader)),
            of(UrlHandlers.class, UrlHandlers::new),
            of(SerialFilters.class, SerialFilters::new),
            of(NamingBuilders.class, (_, made) -> new NamingBuilders(made.get(SystemProperties.class))),
            of(ManagementBeans.class, parts -> new ManagementBeans(parts.worker)),
            of(Logging.class, (parts, made) -> new Logging(parts.loader, made.get(SystemProperties.class))),
            of(SecurityProviders.class, SecurityProviders::new),
            of(NetworkDefaults.class, NetworkDefaults::new),
            of(TlsDefaults.class, TlsDefaults::new),
            of(ServerSocketMaking.class, (_, made) -> new ServerSocketMaking(made.get(TlsDefaults.class))),
            of(SelfConnections.class, SelfConnections::new),
            of(AsynchronousChannels.class, AsynchronousChannels::new),
            of(HttpClients.class, (_, made) -> new HttpClients(made.get(TlsDefaults.class))),
            of(UrlConnections.class,
                    (_, made) -> new UrlConnections(made.get(NetworkDefaults.class), made.get(TlsDefaults.class))),
            of(TimeZones.class, (_, made) -> new TimeZones(made.get(SystemProperties.class))),
            of(Locales.class, Locales::new),
            of(LocaleText.class, (_, made) -> new LocaleText(made.get(Locales.class))),
            of(LocaleFormats.class, (_, made) -> new LocaleFormats(made.get(Locales.class))),
            of(NativeLibraries.class,
                    (parts, made) -> new NativeLibraries(parts.loader, made.get(SystemProperties.class))),
            of(CommonPool.class, (parts, made) -> new CommonPool(parts.group, parts.loader, parts.processors,
                    made.get(SystemProperties.class))),
            of(JdbcDrivers.class, (parts, made) -> new JdbcDrivers(parts.loader, made.get(SystemProperties.class))),
            of(Cleaners.class, Cleaners::new),
            of(ClassValues.class, ClassValues::new),
            of(ZipFileSystems.class, ZipFileSystems::new),
            of(ExitFiles.class, ExitFiles::new),
            of(OpenResources.class, parts -> new OpenResources(parts.worker)),
            of(FileLocks.class, FileLocks::new),
            of(Upcalls.class, (parts, made) -> new Upcalls(parts.group, made.get(UncaughtExceptions.class))),
            of(Reflection.class, (parts, made) -> new Reflection(parts.loader, made.get(RuntimeClasses.class),
                    interceptions())));

    private static final Interceptions INTERCEPTIONS =
            new Interceptions(KINDS.stream().<Class<? extends Redirect>>map(Kind::type).toList(), Hidden::contains);

    private Catalogue() {}

    /**
     * What is known of a worker when its redirects are created.
     *
     * @param worker its name, as in {@code hello#3}
     * @param group the group of its platform threads
     * @param loader the loader of its code
     * @param processors number of processors that its code sees
     * @param exits a redirect that the worker creates itself, because it knows what a call leads to; the others as well
     */
    public record Parts(String worker, ThreadGroup group, ClassLoader loader, int processors, Exits exits,
            Output output, Environment environment, SystemProperties properties, UncaughtExceptions uncaught,
            VirtualThreadMaking virtualThreads, ThreadNames threadNames) {}

    private static <R extends Redirect> Kind<Parts> of(Class<R> type, BiFunction<Parts, Redirects, R> factory) {
        return new Kind<>(type, factory);
    }

    private static <R extends Redirect> Kind<Parts> of(Class<R> type, Function<Parts, R> factory) {
        return new Kind<>(type, (parts, _) -> factory.apply(parts));
    }

    private static <R extends Redirect> Kind<Parts> of(Class<R> type, Supplier<R> factory) {
        return new Kind<>(type, (_, _) -> factory.get());
    }

    /** The table of everything that these redirects intercept. */
    public static Interceptions interceptions() {
        return INTERCEPTIONS;
    }

    /** Creates the redirects of one worker. */
    public static Redirects redirectsOf(Parts parts) {
        return Redirects.of(parts, KINDS);
    }
}
