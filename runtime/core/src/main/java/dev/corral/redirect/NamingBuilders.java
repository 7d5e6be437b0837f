package dev.corral.redirect;

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
 * The builders of {@link NamingManager}, each of which may be set once per JVM: here once per worker. The JVM's own stay unset.
 * One that dispatches would be seen by everybody: while the JVM has a builder, no {@link InitialContext} resolves URLs, and no
 * object factory passes the JDK's filter.
 *
 * <p>So it is the worker's code that is led past them: it makes a {@link WorkerInitialContext} or one of its like, which asks
 * here, in place of the JDK's. A worker without a builder has that of the JVM, if the embedding program has set one.
 */
@Documented(of = "`InitialContext`, `NamingManager.setInitialContextFactoryBuilder`, `setObjectFactoryBuilder`",
        becomes = "its own properties and builders, once in each worker; what contexts of the JDK (LDAP, RMI) make goes by the JVM's")
public final class NamingBuilders implements Redirect {
    /** Whether the JVM has JNDI; an image made by {@code jlink} may lack it. */
    static final boolean PRESENT = ModuleLayer.boot().findModule("java.naming").isPresent();

    private final SystemProperties properties;
    private volatile @Nullable InitialContextFactoryBuilder contexts;
    private volatile @Nullable ObjectFactoryBuilder objects;

    /** What the JDK takes from the system properties where an environment does not tell; loaded with JNDI only. */
    private static final class Keys {
        static final List<String> ALL = List.of(Context.INITIAL_CONTEXT_FACTORY, Context.OBJECT_FACTORIES,
                Context.URL_PKG_PREFIXES, Context.STATE_FACTORIES, Context.PROVIDER_URL, Context.DNS_URL,
                LdapContext.CONTROL_FACTORIES);
    }

    /** Of the worker that has these properties; without builders of its own yet. */
    NamingBuilders(SystemProperties properties) {
        this.properties = properties;
    }

    @Replaces(type = NamingManager.class, method = "setInitialContextFactoryBuilder", through = DirectoryManager.class)
    synchronized void setContexts(@Nullable InitialContextFactoryBuilder builder) {
        if (contexts != null) {
            throw new IllegalStateException("InitialContextFactoryBuilder already set"); // in the JDK's words
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
            throw new IllegalStateException("ObjectFactoryBuilder already set"); // in the JDK's words
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

    /** The environment, and what it does not tell from the properties of the worker that the current thread belongs to. */
    @SuppressWarnings("JdkObsolete") // is what JNDI takes
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

    /** The initial context, as the worker has it that the current thread belongs to. */
    static Context initialContext(Hashtable<?, ?> environment) throws NamingException {
        NamingBuilders current = ofCurrentThread();
        return current == null
                ? NamingManager.getInitialContext(environment)
                : current.getInitialContext(environment);
    }

    /** Whether the worker that the current thread belongs to has a builder of its own, which then resolves URLs as well. */
    static boolean isContextsSet() {
        NamingBuilders current = ofCurrentThread();
        return current != null && current.contexts != null;
    }

    private static @Nullable NamingBuilders ofCurrentThread() {
        return JvmWide.ofCurrentThread(NamingBuilders.class);
    }

    @Override
    public synchronized void close() {
        contexts = null;
        objects = null;
    }
}
