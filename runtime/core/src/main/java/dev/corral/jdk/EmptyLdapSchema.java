package dev.corral.jdk;

import java.lang.invoke.VarHandle;
import javax.naming.Context;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's LDAP has one empty schema, and that one exception for whoever writes to it. The stack trace of the exception holds
 * the classes of the worker that was the first to use LDAP. Needs {@code com.sun.jndi.ldap} opened.
 */
final class EmptyLdapSchema {
    private static final @Nullable VarHandle SCHEMA = PrivateFields.of("com.sun.jndi.ldap.LdapCtx", "EMPTY_SCHEMA");

    private EmptyLdapSchema() {}

    /** Makes the exception hold the stack of the current thread instead, as it does whenever it is thrown. */
    @SuppressWarnings("BanJNDI") // a tree in memory: nothing is looked up anywhere
    static void refill() {
        if (SCHEMA != null && SCHEMA.get() instanceof Context schema) {
            try {
                var _ = schema.createSubcontext("none");
            } catch (Exception e) { // a class of JNDI would be loaded with this one, also where the JVM has none
                // that is the one
            }
        }
    }
}
