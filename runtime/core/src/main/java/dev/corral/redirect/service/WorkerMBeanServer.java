package dev.corral.redirect.service;

import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InvalidAttributeValueException;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerFactory;
import javax.management.NotificationListener;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;

/**
 * The platform MBean server of one worker: a server for the beans that it registers, and behind it the JVM's server.
 * Each bean of the worker also has a proxy in the JVM's server, with the key {@code worker}, for tools that look there.
 * A proxy refers to the worker's server only, and is removed when the worker ends.
 */
final class WorkerMBeanServer implements InvocationHandler {
    private static final Log LOG = Log.get();
    private static final String WORKER = "worker";

    private final String worker;
    private final MBeanServer own = MBeanServerFactory.newMBeanServer();
    private final MBeanServer platform = ManagementFactory.getPlatformMBeanServer();
    /** The name of each bean's proxy in the JVM's server. */
    private final Map<ObjectName, ObjectName> mounted = new ConcurrentHashMap<>();
    private final List<Listening> listeners = new CopyOnWriteArrayList<>();
    private final MBeanServer server = (MBeanServer) Proxy.newProxyInstance(WorkerMBeanServer.class.getClassLoader(),
            new Class<?>[]{MBeanServer.class}, this);

    /** A listener of the worker at a bean of the JVM. */
    private record Listening(ObjectName name, Object listener) {}

    WorkerMBeanServer(String worker) {
        this.worker = worker;
    }

    /** The server that the worker's code gets. */
    MBeanServer server() {
        return server;
    }

    /** The identifier of a server; null if it has none. */
    static @Nullable String idOf(MBeanServer server) {
        try {
            return (String) server.getAttribute(MBeanServerDelegate.DELEGATE_NAME, "MBeanServerId");
        } catch (JMException e) {
            return null;
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        Object[] arguments = args == null ? new Object[0] : args;
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "MBean server of " + worker;
            case "registerMBean", "createMBean" -> mount((ObjectInstance) call(own, method, arguments));
            case "unregisterMBean" -> {
                Object result = call(own, method, arguments);
                unmount((ObjectName) arguments[0]);
                yield result;
            }
            case "queryNames", "queryMBeans" -> union((Set<?>) call(own, method, arguments),
                    (Set<?>) call(platform, method, arguments));
            case "getDomains" -> union(Set.of(own.getDomains()), Set.of(platform.getDomains())).toArray(String[]::new);
            case "getDefaultDomain" -> platform.getDefaultDomain();
            case "getMBeanCount" -> server.queryNames(null, null).size();
            case "addNotificationListener" -> listen(method, arguments);
            default -> call(targetOf(arguments), method, arguments);
        };
    }

    private static Object call(MBeanServer target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The server that has the bean named by the first argument; the worker's own server if no bean is named. */
    private MBeanServer targetOf(Object[] arguments) {
        boolean isOfJvm = arguments.length > 0 && arguments[0] instanceof ObjectName name && !own.isRegistered(name)
                && platform.isRegistered(name);
        return isOfJvm ? platform : own;
    }

    private @Nullable Object listen(Method method, Object[] arguments) throws Throwable {
        MBeanServer target = targetOf(arguments);
        Object result = call(target, method, arguments);
        if (target == platform) {
            listeners.add(new Listening((ObjectName) arguments[0], arguments[1]));
        }
        return result;
    }

    /** Names, or instances, of the worker and of the JVM, without the proxies of workers. */
    private static Set<Object> union(Set<?> ofWorker, Set<?> ofJvm) {
        Set<Object> all = new LinkedHashSet<>(ofWorker);
        for (Object each : ofJvm) {
            Object name = each instanceof ObjectInstance instance ? instance.getObjectName() : each;
            if (!(name instanceof ObjectName bean && Mounted.NAMES.contains(bean))) {
                all.add(each);
            }
        }
        return all;
    }

    /** Registers a proxy of a new bean in the JVM's server. */
    private ObjectInstance mount(ObjectInstance registered) {
        ObjectName name = registered.getObjectName();
        try {
            var place = new ObjectName(name.getCanonicalName() + "," + WORKER + "=" + ObjectName.quote(worker));
            Mounted.NAMES.add(place);
            platform.registerMBean(new Mounted(own, name), place);
            mounted.put(name, place);
        } catch (JMException | RuntimeException e) {
            LOG.log(Level.DEBUG, () -> name + " of " + worker + " is not shown among the beans of the JVM", e);
        }
        return registered;
    }

    private void unmount(ObjectName name) {
        ObjectName place = mounted.remove(name);
        if (place != null) {
            try {
                platform.unregisterMBean(place);
            } catch (JMException e) {
                LOG.log(Level.DEBUG, () -> place + " was not there any more", e);
            }
            Mounted.NAMES.remove(place);
        }
    }

    /** Removes the proxies from the JVM's server, and the worker's listeners from the JVM's beans. */
    void close() {
        new ArrayList<>(mounted.keySet()).forEach(this::unmount);
        for (Listening each : listeners) {
            try {
                if (each.listener instanceof ObjectName bean) {
                    platform.removeNotificationListener(each.name, bean);
                } else {
                    platform.removeNotificationListener(each.name, (NotificationListener) each.listener);
                }
            } catch (JMException e) {
                LOG.log(Level.DEBUG, () -> "a listener of " + worker + " at " + each.name + " was not there any more",
                        e);
            }
        }
        listeners.clear();
    }

    /** The proxy of a worker's bean in the JVM's server. */
    private static final class Mounted implements DynamicMBean {
        /** The names of the proxies of all workers. */
        static final Set<ObjectName> NAMES = ConcurrentHashMap.newKeySet();

        private final MBeanServer server;
        private final ObjectName name;

        Mounted(MBeanServer server, ObjectName name) {
            this.server = server;
            this.name = name;
        }

        @Override
        public Object getAttribute(String attribute)
                throws AttributeNotFoundException, MBeanException, ReflectionException {
            try {
                return server.getAttribute(name, attribute);
            } catch (AttributeNotFoundException | MBeanException | ReflectionException e) {
                throw e;
            } catch (JMException e) {
                throw new MBeanException(e);
            }
        }

        @Override
        public void setAttribute(Attribute attribute)
                throws AttributeNotFoundException, InvalidAttributeValueException, MBeanException, ReflectionException {
            try {
                server.setAttribute(name, attribute);
            } catch (AttributeNotFoundException | InvalidAttributeValueException | MBeanException
                    | ReflectionException e) {
                throw e;
            } catch (JMException e) {
                throw new MBeanException(e);
            }
        }

        @Override
        public AttributeList getAttributes(String[] attributes) {
            try {
                return server.getAttributes(name, attributes);
            } catch (JMException e) {
                return new AttributeList();
            }
        }

        @Override
        public AttributeList setAttributes(AttributeList attributes) {
            try {
                return server.setAttributes(name, attributes);
            } catch (JMException e) {
                return new AttributeList();
            }
        }

        @Override
        public Object invoke(String action, Object[] arguments, String[] signature)
                throws MBeanException, ReflectionException {
            try {
                return server.invoke(name, action, arguments, signature);
            } catch (MBeanException | ReflectionException e) {
                throw e;
            } catch (JMException e) {
                throw new MBeanException(e);
            }
        }

        @Override
        public MBeanInfo getMBeanInfo() {
            try {
                return server.getMBeanInfo(name);
            } catch (JMException e) {
                return new MBeanInfo(name.toString(), "gone: " + e, null, null, null, null);
            }
        }
    }
}
