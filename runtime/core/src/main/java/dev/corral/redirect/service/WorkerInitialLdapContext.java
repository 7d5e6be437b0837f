package dev.corral.redirect.service;

import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.ldap.Control;
import javax.naming.ldap.InitialLdapContext;
import org.jspecify.annotations.Nullable;

/** The same as {@link WorkerInitialContext}, instead of {@link InitialLdapContext}. */
public class WorkerInitialLdapContext extends InitialLdapContext {
    /** As {@link InitialLdapContext#InitialLdapContext()}. */
    public WorkerInitialLdapContext() throws NamingException {}

    /** As {@link InitialLdapContext#InitialLdapContext(Hashtable, Control[])}. */
    public WorkerInitialLdapContext(@Nullable Hashtable<?, ?> environment, Control @Nullable [] controls)
            throws NamingException {
        super(environment, controls);
    }

    @Override
    protected void init(@Nullable Hashtable<?, ?> environment) throws NamingException {
        super.init(NamingBuilders.withProperties(environment));
    }

    @Override
    protected Context getDefaultInitCtx() throws NamingException {
        if (!gotDefault) {
            defaultInitCtx = NamingBuilders.initialContext(myProps);
            gotDefault = true;
        }
        return super.getDefaultInitCtx();
    }

    @Override
    protected Context getURLOrDefaultInitCtx(String name) throws NamingException {
        return NamingBuilders.isContextsSet() ? getDefaultInitCtx() : super.getURLOrDefaultInitCtx(name);
    }

    @Override
    protected Context getURLOrDefaultInitCtx(Name name) throws NamingException {
        return NamingBuilders.isContextsSet() ? getDefaultInitCtx() : super.getURLOrDefaultInitCtx(name);
    }
}
