package dev.corral.redirect.service;

import dev.corral.redirect.CurrentWorker;
import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.RequiresModule;
import dev.corral.redirect.Substitutes;
import dev.corral.redirect.environment.SystemProperties;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.LdapContext;
import javax.naming.spi.DirObjectFactory;
import javax.naming.spi.DirectoryManager;
import javax.naming.spi.InitialContextFactoryBuilder;
import javax.naming.spi.NamingManager;
import javax.naming.spi.ObjectFactory;
import javax.naming.spi.ObjectFactoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The builders of {@link NamingManager}. Each may be set once per JVM; here each may be set once per worker. The JVM's
 * builders are not replaced by dispatchers, because that would change what all code sees: while the JVM has a builder,
 * no {@link InitialContext} resolves URLs, and no object factory passes the JDK's filter.
 *
 * <p>Instead, the worker's code creates a {@link WorkerInitialContext}, or one of the other two substitutes, which asks
 * this redirect. A worker without a builder uses the JVM's, if the embedding program has set one.
 */
@Documented(of = "`InitialContext`, `NamingManager.setInitialContextFactoryBuilder`, `setObjectFactoryBuilder`",
        becomes = "its own properties and builders, each of which it may set once. Objects that contexts of the JDK (LDAP, RMI) create "
                + "use the JVM's")
@RequiresModule("java.naming")
@Substitutes(type = InitialContext.class, by = WorkerInitialContext.class)
@Substitutes(type = InitialDirContext.class, by = WorkerInitialDirContext.class)
@Substitutes(type = InitialLdapContext.class, by = WorkerInitialLdapContext.class)
public final class NamingBuilders implements Redirect {
    private final SystemProperties properties;
    /** Both are null until the worker sets them. Written under the monitor. */
    private volatile @Nullable InitialContextFactoryBuilder contexts;
    private volatile @Nullable ObjectFactoryBuilder objects;

    /**
     * Keys that the JDK reads from system properties if an environment lacks them. A class of its own, because it needs
     * JNDI.
     */
    private static final class Keys {
        static final List<String> ALL = List.of(Context.INITIAL_CONTEXT_FACTORY, Context.OBJECT_FACTORIES,
                Context.URL_PKG_PREFIXES, Context.STATE_FACTORIES, Context.PROVIDER_URL, Context.DNS_URL,
                LdapContext.CONTROL_FACTORIES);
    }

    /** The redirect of the worker with these properties, without builders yet. */
    public NamingBuilders(SystemProperties properties) {
        this.properties = properties;
    }

    @Replaces(type = NamingManager.class, method = "setInitialContextFactoryBuilder", through = DirectoryManager.class)
    synchronized void setContexts(@Nullable InitialContextFactoryBuilder builder) {
        if (contexts != null) {
            throw new IllegalStateException("InitialContextFactoryBuilder already set"); // the JDK's message
        }
        contexts = builder;
    }

    @Replaces(type = NamingManager.class, method = "hasInitialContextFactoryBuilder", through = DirectoryManager.class)
    boolean hasContexts() {
        return contexts != null || NamingManager.hasInitialContextFactoryBuilder();
    }

    @Replaces(type = NamingManager.class, method = "getInitialContext", through = DirectoryManager.class)
    Context getInitialContext(@Nullable Hashtable<?, ?> environment) throws NamingException {
        InitialContextFactoryBuilder own = contexts;
        return own == null
                ? NamingManager.getInitialContext(environment)
                : own.createInitialContextFactory(environment).getInitialContext(environment);
    }

    @Replaces(type = InitialContext.class, method = "doLookup",
            through = {InitialDirContext.class, InitialLdapContext.class})
    @SuppressWarnings("BanJNDI") // the program's call
    Object doLookup(String name) throws NamingException {
        return new WorkerInitialContext().lookup(name);
    }

    @Replaces(type = InitialContext.class, method = "doLookup",
            through = {InitialDirContext.class, InitialLdapContext.class})
    @SuppressWarnings("BanJNDI") // the program's call
    Object doLookup(Name name) throws NamingException {
        return new WorkerInitialContext().lookup(name);
    }

    @Replaces(type = NamingManager.class, method = "setObjectFactoryBuilder", through = DirectoryManager.class)
    synchronized void setObjects(@Nullable ObjectFactoryBuilder builder) {
        if (objects != null) {
            throw new IllegalStateException("ObjectFactoryBuilder already set"); // the JDK's message
        }
        objects = builder;
    }

    @Replaces(type = NamingManager.class, method = "getObjectInstance", through = DirectoryManager.class)
    @Nullable
    Object getObject(@Nullable Object info, @Nullable Name name, @Nullable Context context,
            @Nullable Hashtable<?, ?> environment) throws Exception {
        ObjectFactoryBuilder own = objects;
        return own == null
                ? NamingManager.getObjectInstance(info, name, context, environment)
                : own.createObjectFactory(info, environment).getObjectInstance(info, name, context, environment);
    }

    @Replaces(type = DirectoryManager.class, method = "getObjectInstance")
    @Nullable
    Object getObject(@Nullable Object info, @Nullable Name name, @Nullable Context context,
            @Nullable Hashtable<?, ?> environment, @Nullable Attributes attributes) throws Exception {
        ObjectFactoryBuilder own = objects;
        if (own == null) {
            return DirectoryManager.getObjectInstance(info, name, context, environment, attributes);
        }
        ObjectFactory factory = own.createObjectFactory(info, environment);
        return factory instanceof DirObjectFactory ofDirectories
                ? ofDirectories.getObjectInstance(info, name, context, environment, attributes)
                : factory.getObjectInstance(info, name, context, environment);
    }

    /** The environment, completed from the system properties of the worker that the current thread belongs to. */
    @SuppressWarnings("JdkObsolete") // the type that JNDI needs
    static Hashtable<Object, Object> withProperties(@Nullable Hashtable<?, ?> environment) {
        var full = new Hashtable<Object, Object>();
        if (environment != null) {
            full.putAll(environment);
        }
        NamingBuilders current = ofCurrentThread();
        if (current != null) {
            for (String key : Keys.ALL) {
                String value = current.properties.getProperty(key);
                if (value != null) {
                    full.putIfAbsent(key, value);
                }
            }
        }
        return full;
    }

    /** The initial context of the worker that the current thread belongs to. */
    static Context initialContext(Hashtable<?, ?> environment) throws NamingException {
        NamingBuilders current = ofCurrentThread();
        return current == null
                ? NamingManager.getInitialContext(environment)
                : current.getInitialContext(environment);
    }

    /** Whether the worker that the current thread belongs to has its own builder. It then resolves URLs as well. */
    static boolean isContextsSet() {
        NamingBuilders current = ofCurrentThread();
        return current != null && current.contexts != null;
    }

    private static @Nullable NamingBuilders ofCurrentThread() {
        return CurrentWorker.redirect(NamingBuilders.class);
    }

    @Override
    public synchronized void close() {
        contexts = null;
        objects = null;
    }
}
