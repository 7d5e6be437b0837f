package dev.corral.redirect.service;

import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.Name;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * An initial context that uses the {@linkplain NamingBuilders builder} and the system properties of its worker. Woven
 * code of a worker creates and extends this class instead of {@link InitialContext}.
 */
public class WorkerInitialContext extends InitialContext {
    /** As {@link InitialContext#InitialContext(boolean)}. */
    protected WorkerInitialContext(boolean lazy) throws NamingException {
        super(lazy);
    }

    /** As {@link InitialContext#InitialContext()}. */
    public WorkerInitialContext() throws NamingException {}

    /** As {@link InitialContext#InitialContext(Hashtable)}. */
    public WorkerInitialContext(@Nullable Hashtable<?, ?> environment) throws NamingException {
        super(environment);
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
