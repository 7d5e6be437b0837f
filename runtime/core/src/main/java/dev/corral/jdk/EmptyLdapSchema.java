package dev.corral.jdk;

import java.lang.invoke.VarHandle;
import javax.naming.Context;
import org.jspecify.annotations.Nullable;

/**
 * The one empty schema of the JDK's LDAP, with the one exception that it throws whenever code writes to it. The stack
 * trace of the exception refers to classes of the worker that was the first to use LDAP. Needs
 * {@code com.sun.jndi.ldap} to be opened.
 */
final class EmptyLdapSchema {
    private static final @Nullable VarHandle SCHEMA = JdkInternal.EMPTY_LDAP_SCHEMA.fieldOrNull();

    private EmptyLdapSchema() {}

    /** Replaces the stack trace of the exception by the one of the current thread, by making the schema throw it. */
    @SuppressWarnings("BanJNDI") // a tree in memory; there is no remote lookup
    static void refill() {
        if (SCHEMA != null && SCHEMA.get() instanceof Context schema) {
            try {
                var _ = schema.createSubcontext("none");
            } catch (Exception e) { // not NamingException: it would be loaded with this class, and some JVMs have no JNDI
                // this is the exception
            }
        }
    }
}
