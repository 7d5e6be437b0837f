package dev.corral.redirect.service;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.NotificationBroadcaster;
import javax.management.NotificationEmitter;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import org.jspecify.annotations.Nullable;

/**
 * MBean servers. The platform server of a worker is its own ({@link WorkerMBeanServer}). It shows the beans of the JVM
 * as well, and the JVM's server shows the worker's beans under the worker's name. Servers that a worker creates are
 * found by this worker only.
 *
 * <p>A program may also add listeners to a bean of the JVM without a server. They are removed when the worker ends.
 */
@Documented(of = "the platform's `MBeanServer`",
        becomes = "its own beans, and those of the JVM. In the JVM's server the worker's beans have the additional key `worker`")
public final class ManagementBeans implements Redirect {
    private final String worker;
    private final ReentrantLock lock = new ReentrantLock();
    /** The servers that the worker has created, its platform server first. */
    private final List<MBeanServer> created = new CopyOnWriteArrayList<>();
    /** Listeners of the worker at beans of the JVM. */
    private final List<Listening> listening = new CopyOnWriteArrayList<>();
    /** Created when the worker first asks for it. Guarded by the lock. */
    private @Nullable WorkerMBeanServer platform;

    /** The redirect of the worker of that name, as in {@code hello#3}. */
    public ManagementBeans(String worker) {
        this.worker = worker;
    }

    @Replaces(type = ManagementFactory.class, method = "getPlatformMBeanServer")
    MBeanServer getPlatformMBeanServer() {
        lock.lock();
        try {
            if (platform == null) {
                platform = new WorkerMBeanServer(worker);
                created.addFirst(platform.server());
            }
            return platform.server();
        } finally {
            lock.unlock();
        }
    }

    @Replaces(type = MBeanServerFactory.class, method = "createMBeanServer")
    MBeanServer createMBeanServer() {
        return keep(MBeanServerFactory.newMBeanServer());
    }

    @Replaces(type = MBeanServerFactory.class, method = "createMBeanServer")
    MBeanServer createMBeanServer(@Nullable String domain) {
        return keep(MBeanServerFactory.newMBeanServer(domain));
    }

    private MBeanServer keep(MBeanServer server) {
        created.add(server);
        return server;
    }

    @SuppressWarnings("NonApiType") // the type of the replaced method
    @Replaces(type = MBeanServerFactory.class, method = "findMBeanServer")
    ArrayList<MBeanServer> findMBeanServer(@Nullable String id) {
        var found = new ArrayList<MBeanServer>();
        for (MBeanServer server : created) {
            if (id == null || id.equals(WorkerMBeanServer.idOf(server))) {
                found.add(server);
            }
        }
        return found;
    }

    @Replaces(type = MBeanServerFactory.class, method = "releaseMBeanServer")
    void releaseMBeanServer(MBeanServer server) {
        if (!created.remove(server)) {
            throw new IllegalArgumentException("MBean server was not created by this worker's MBeanServerFactory");
        }
    }

    /** A listener of the worker at a bean of the JVM. */
    private record Listening(NotificationBroadcaster bean, NotificationListener listener,
            @Nullable NotificationFilter filter, @Nullable Object handback) {
        boolean isThat(NotificationBroadcaster thatBean, NotificationListener thatListener) {
            return bean == thatBean && listener == thatListener;
        }

        void end() {
            try {
                bean.removeNotificationListener(listener);
            } catch (ListenerNotFoundException _) {
                // it was removed with another registration of the same listener
            }
        }
    }

    @Replaces(type = NotificationBroadcaster.class, through = NotificationEmitter.class,
            method = "addNotificationListener")
    void addNotificationListener(NotificationBroadcaster bean, NotificationListener listener,
            @Nullable NotificationFilter filter, @Nullable Object handback) {
        bean.addNotificationListener(listener, filter, handback);
        if (bean instanceof PlatformManagedObject) {
            listening.add(new Listening(bean, listener, filter, handback));
        }
    }

    @Replaces(type = NotificationBroadcaster.class, through = NotificationEmitter.class,
            method = "removeNotificationListener")
    void removeNotificationListener(NotificationBroadcaster bean, NotificationListener listener)
            throws ListenerNotFoundException {
        bean.removeNotificationListener(listener);
        listening.removeIf(each -> each.isThat(bean, listener));
    }

    @Replaces(type = NotificationEmitter.class, method = "removeNotificationListener")
    void removeNotificationListener(NotificationEmitter bean, NotificationListener listener,
            @Nullable NotificationFilter filter, @Nullable Object handback) throws ListenerNotFoundException {
        bean.removeNotificationListener(listener, filter, handback);
        listening.removeIf(
                each -> each.isThat(bean, listener) && each.filter == filter && each.handback == handback);
    }

    /** Removes the worker's beans from the JVM's server, and its listeners from the JVM's beans. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (platform != null) {
                platform.close();
            }
        } finally {
            lock.unlock();
        }
        created.clear();
        listening.forEach(Listening::end);
        listening.clear();
    }
}
