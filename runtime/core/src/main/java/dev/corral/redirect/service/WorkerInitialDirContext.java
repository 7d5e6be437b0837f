package dev.corral.redirect.service;

import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/** The same as {@link WorkerInitialContext}, instead of {@link InitialDirContext}. */
public class WorkerInitialDirContext extends InitialDirContext {
    /** As {@link InitialDirContext#InitialDirContext(boolean)}. */
    protected WorkerInitialDirContext(boolean lazy) throws NamingException {
        super(lazy);
    }

    /** As {@link InitialDirContext#InitialDirContext()}. */
    public WorkerInitialDirContext() throws NamingException {}

    /** As {@link InitialDirContext#InitialDirContext(Hashtable)}. */
    public WorkerInitialDirContext(@Nullable Hashtable<?, ?> environment) throws NamingException {
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
