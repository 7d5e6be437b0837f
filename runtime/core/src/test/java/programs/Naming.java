package programs;

import java.util.Hashtable;
import java.util.function.Supplier;
import javax.naming.CompositeName;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.spi.DirectoryManager;
import javax.naming.spi.InitialContextFactory;
import javax.naming.spi.NamingManager;

/** What finds objects by name. */
@SuppressWarnings({"BanJNDI", "JdkObsolete"}) // is what it is about
public final class Naming {
    private Naming() {}

    /** Finds every name, URLs included. */
    private static final class Found extends InitialContext {
        private final String by;

        Found(String by) throws NamingException {
            super(true);
            this.by = by;
        }

        @Override
        public Object lookup(String name) {
            return name + " " + by;
        }

        @Override
        public Object lookup(Name name) {
            return lookup(name.toString());
        }
    }

    /** Is named by a property. */
    public static final class OfProperty implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return new Found("at " + environment.get(Context.PROVIDER_URL));
        }
    }

    /** A context of the program's own type. */
    private static final class OfProgram extends InitialContext {
        OfProgram() throws NamingException {}
    }

    private interface Making {
        Object make() throws Exception;
    }

    private static String resultOf(Making making) {
        try {
            return String.valueOf(making.make());
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }

    /**
     * What the calls of a program see, one of which by a URL that is none, after setting both builders, or without
     * that.
     */
    public static String builders(boolean set) throws Exception {
        if (set) {
            NamingManager.setInitialContextFactoryBuilder(_ -> _ -> new Found("built"));
            DirectoryManager.setObjectFactoryBuilder((info, _) -> (_, _, _, _) -> "object of " + info);
        }
        Supplier<InitialContext> maker = () -> {
            try {
                return new InitialContext();
            } catch (NamingException e) {
                throw new IllegalStateException(e);
            }
        };
        return String.join(", ", Boolean.toString(NamingManager.hasInitialContextFactoryBuilder()),
                resultOf(() -> new InitialContext().lookup("a")),
                resultOf(() -> new InitialDirContext().lookup("ldap://?")),
                resultOf(() -> new InitialLdapContext().lookup("c")), resultOf(() -> new OfProgram().lookup("d")),
                resultOf(() -> maker.get().lookup("e")), resultOf(() -> InitialContext.doLookup("f")),
                resultOf(() -> InitialDirContext.doLookup(new CompositeName("g"))),
                resultOf(() -> NamingManager.getInitialContext(new Hashtable<>()).lookup("h")),
                resultOf(() -> NamingManager.getObjectInstance("i", null, null, null)),
                resultOf(() -> DirectoryManager.getObjectInstance("j", null, null, null, null)));
    }

    /** Sets both builders, be it for the second time. */
    public static String again() {
        return resultOf(() -> {
            NamingManager.setInitialContextFactoryBuilder(_ -> _ -> null);
            return "set";
        }) + " " + resultOf(() -> {
            NamingManager.setObjectFactoryBuilder((_, _) -> null);
            return "set";
        });
    }

    /** By the properties of the worker. */
    public static String property(boolean set) {
        if (set) {
            System.setProperty(Context.INITIAL_CONTEXT_FACTORY, OfProperty.class.getName());
            System.setProperty(Context.PROVIDER_URL, "here");
        }
        var environment = new Hashtable<>();
        environment.put(Context.PROVIDER_URL, "there");
        return resultOf(() -> new InitialContext().lookup("a")) + ", "
                + resultOf(() -> new InitialContext(environment).lookup("a"));
    }
}
