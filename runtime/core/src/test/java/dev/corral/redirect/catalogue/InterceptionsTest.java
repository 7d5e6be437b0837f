package dev.corral.redirect.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.corral.redirect.Interception;
import dev.corral.redirect.Interceptions;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import dev.corral.redirect.exit.Exits;
import dev.corral.redirect.thread.WorkerFuture;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLClassLoader;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.naming.InitialContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.ldap.InitialLdapContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterceptionsTest {
    private static final Interceptions INTERCEPTIONS = Catalogue.interceptions();

    /** A redirect without a line in the catalogue would do nothing. */
    @Test
    void shouldListEveryRedirectThatExists() {
        Set<String> existing = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.corral.redirect").stream()
                .filter(type -> type.isAssignableTo(Redirect.class) && !type.isInterface()).map(JavaClass::getName)
                .collect(Collectors.toSet());
        assertEquals(existing,
                INTERCEPTIONS.redirects().stream().map(Class::getName).collect(Collectors.toSet()));
        assertEquals(existing.size(), INTERCEPTIONS.redirects().size(), "a redirect stands twice");
    }

    @Test
    void shouldInterceptSomethingByEveryRedirect() {
        Set<Class<?>> intercepting = new HashSet<>();
        INTERCEPTIONS.all().forEach(interception -> intercepting.add(interception.redirect()));
        assertEquals(Set.copyOf(INTERCEPTIONS.redirects()), intercepting);
    }

    /** Handles are created when a call is linked, so one that cannot be created would show late. */
    @Test
    void shouldCreateTheHandlesOfEveryRow() {
        for (Interception row : INTERCEPTIONS.all()) {
            assertEquals(row.type().insertParameterTypes(0, row.redirect()), row.handler().type(), row.target());
            assertEquals(row.type(), row.original().type(), row.target());
        }
    }

    /** Returns a number, unlike the method that it replaces. */
    private static final class Misfit implements Redirect {
        @Replaces(type = System.class, method = "exit")
        int exit(int code) {
            return code;
        }
    }

    @Test
    void shouldLeaveOutARedirectThatDoesNotFit() {
        var table = new Interceptions(List.of(Misfit.class), _ -> false);
        String reason = table.absent().get("java.lang.System.exit");
        assertTrue(String.valueOf(reason).endsWith("does not have the type (int)void"), reason);
        assertEquals(List.of(), table.all());
    }

    /** Replaces members that no JDK has, and one that every JDK has. */
    private static final class Gone implements Redirect {
        @Replaces(type = System.class, method = "exit")
        void exit(int code) {}

        @Replaces(type = System.class, method = "leave")
        void leave() {}

        @Replaces(type = Runtime.class, method = "leave")
        void leave(Runtime runtime, int code) {}

        @Replaces(type = System.class, field = "nowhere")
        Object nowhere() {
            return "";
        }

        @Replaces(type = Socket.class, method = "new")
        Socket connected(Runtime runtime) {
            throw new AssertionError(runtime);
        }
    }

    /** Another version of the JDK may lack a method. The others of the same redirect are still replaced. */
    @Test
    void shouldLeaveOutWhatThisJdkDoesNotHave() {
        var table = new Interceptions(List.of(Gone.class), _ -> false);
        assertEquals(Set.of("java.lang.System.leave", "java.lang.Runtime.leave", "java.lang.System.nowhere",
                "java.net.Socket.new"), table.absent().keySet());
        assertEquals(List.of("java/lang/System.exit(I)V"),
                table.all().stream().map(Interception::target).toList());
    }

    /** The JDK of the build has everything that a redirect replaces. A misspelt name would be left out as well. */
    @Test
    void shouldLackNothingOfTheJdkOfTheBuild() {
        assertEquals(Map.of(), INTERCEPTIONS.absent());
    }

    @Test
    void shouldFindWhatIsReplacedByOwnerNameAndDescriptor() {
        Interception exit = INTERCEPTIONS.ofMethod("java/lang/System", "exit", "(I)V");
        assertNotNull(exit);
        assertEquals(Exits.class, exit.redirect());
        assertEquals("(I)V", exit.typeDesc().descriptorString());
        assertNull(INTERCEPTIONS.ofMethod("java/lang/System", "exit", "(J)V"));
        assertNull(INTERCEPTIONS.ofMethod("java/lang/System", "nanoTime", "()J"));
        assertNotNull(INTERCEPTIONS.ofField("java/lang/System", "out"));
    }

    @Test
    void shouldPutTheReceiverFirst() {
        Interception add = INTERCEPTIONS.ofMethod("java/lang/Runtime", "addShutdownHook", "(Ljava/lang/Thread;)V");
        assertNotNull(add);
        assertEquals("(Ljava/lang/Runtime;Ljava/lang/Thread;)V", add.typeDesc().descriptorString());
    }

    /**
     * A call of a static method names the class that stands in the source, which need not be the one that declares it.
     */
    @Test
    void shouldFindAStaticMethodThroughASubclass() {
        Interception follow = INTERCEPTIONS.ofMethod("javax/net/ssl/HttpsURLConnection", "setFollowRedirects", "(Z)V");
        assertNotNull(follow);
        assertEquals(INTERCEPTIONS.ofMethod("java/net/HttpURLConnection", "setFollowRedirects", "(Z)V"), follow);
    }

    /** A method that the JDK adds, and that does one of these things, must not slip through unnoticed. */
    @ParameterizedTest
    @ValueSource(strings = {
            "java.lang.System:exit,getenv,getProperty,setProperty,clearProperty,getProperties,setProperties,"
                    + "setOut,setErr,setIn,console,load,loadLibrary",
            "java.lang.IO:readln", "sun.misc.Signal:handle,raise", "java.util.Locale:setDefault,getDefault",
            "java.util.TimeZone:setDefault,getDefault",
            "java.time.ZoneId:systemDefault", "java.net.Authenticator:setDefault,getDefault",
            "java.net.ProxySelector:setDefault,getDefault", "java.net.CookieHandler:setDefault,getDefault",
            "java.net.ResponseCache:setDefault,getDefault", "java.net.URL:openConnection,openStream,getContent",
            "java.net.HttpURLConnection:setFollowRedirects,getFollowRedirects",
            "javax.net.ssl.SSLContext:setDefault,getDefault", "javax.net.ssl.SSLSocketFactory:getDefault",
            "javax.net.ssl.HttpsURLConnection:setDefaultSSLSocketFactory,getDefaultSSLSocketFactory,"
                    + "setDefaultHostnameVerifier,getDefaultHostnameVerifier",
            "java.net.http.HttpClient:newHttpClient,newBuilder", "java.lang.String:formatted",
            "java.lang.Runtime:exit,halt,addShutdownHook,removeShutdownHook,load,loadLibrary,availableProcessors",
            "java.lang.invoke.MethodHandles$Lookup:defineClass,defineHiddenClass,defineHiddenClassWithClassData,"
                    + "findStatic,findVirtual,findSpecial,bind,findConstructor,unreflect,unreflectConstructor,"
                    + "findStaticGetter,unreflectGetter",
            "java.util.concurrent.ForkJoinPool:commonPool,getCommonPoolParallelism",
            "java.sql.DriverManager:registerDriver,deregisterDriver,getDriver,getDrivers,drivers,getConnection,"
                    + "setLoginTimeout,getLoginTimeout,setLogWriter,getLogWriter,setLogStream,getLogStream,println",
            "java.lang.Thread:ofVirtual,startVirtualThread,ofPlatform,setDefaultUncaughtExceptionHandler,"
                    + "getDefaultUncaughtExceptionHandler",
            "javax.naming.InitialContext:doLookup",
            "javax.naming.spi.NamingManager:setInitialContextFactoryBuilder,hasInitialContextFactoryBuilder,"
                    + "getInitialContext,setObjectFactoryBuilder,getObjectInstance",
            "javax.naming.spi.DirectoryManager:getObjectInstance", "java.lang.Boolean:getBoolean",
            "java.lang.Integer:getInteger", "java.lang.Long:getLong",
            "java.lang.ClassLoader:getSystemClassLoader,getSystemResource,getSystemResources,getSystemResourceAsStream"})
    void shouldCoverAllOverloadsOf(String classAndMethods) throws ClassNotFoundException {
        String[] parts = classAndMethods.split(":");
        Class<?> type = Class.forName(parts[0]);
        for (String name : parts[1].split(",")) {
            Stream.of(type.getMethods()).filter(m -> m.getDeclaringClass() == type && m.getName().equals(name))
                    .forEach(method -> assertNotNull(
                            INTERCEPTIONS.ofMethod(type.getName().replace('.', '/'), name, descriptor(method)),
                            method.toString()));
        }
    }

    private static String descriptor(Method method) {
        return java.lang.invoke.MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .toMethodDescriptorString();
    }

    /** Woven code calls the substitute's constructor with the arguments of the original's. */
    @ParameterizedTest
    @ValueSource(classes = {ServerSocket.class, Socket.class, DatagramSocket.class, MulticastSocket.class,
            URLClassLoader.class, ForkJoinPool.class, Timer.class, InitialContext.class, InitialDirContext.class,
            InitialLdapContext.class})
    void shouldSubstituteAClassWithAllItsConstructors(Class<?> original) throws Exception {
        String name = INTERCEPTIONS.substitute(original.getName().replace('.', '/'));
        assertNotNull(name);
        Class<?> substitute = Class.forName(name.replace('/', '.'));
        assertTrue(original.isAssignableFrom(substitute));
        assertTrue(Modifier.isPublic(substitute.getModifiers()));
        assertTrue(INTERCEPTIONS.isSubstitute(substitute.getName()));
        for (Constructor<?> constructor : original.getDeclaredConstructors()) {
            int visible = Modifier.PUBLIC | Modifier.PROTECTED;
            if ((constructor.getModifiers() & visible) != 0) {
                Constructor<?> same = substitute.getDeclaredConstructor(constructor.getParameterTypes());
                assertEquals(constructor.getModifiers() & visible, same.getModifiers() & visible,
                        constructor.toString());
            }
        }
    }

    /** A factory that the JDK adds would make futures of the JVM's pool. */
    @Test
    void shouldMakeAllFuturesWithTheWorkersPool() {
        Stream.of(CompletableFuture.class.getMethods()).filter(m -> Modifier.isStatic(m.getModifiers()))
                .forEach(method -> assertNotNull(INTERCEPTIONS.ofMethod("java/util/concurrent/CompletableFuture",
                        method.getName(), descriptor(method)), method.toString()));
        assertEquals("(Ljava/util/concurrent/ForkJoinPool;)V", constructor(WorkerFuture.class));
        assertEquals("()V", constructor(CompletableFuture.class));
        Interception pool = INTERCEPTIONS.ofConstructors("java/util/concurrent/CompletableFuture");
        assertNotNull(pool);
        assertEquals("()Ljava/util/concurrent/ForkJoinPool;", pool.typeDesc().descriptorString());
        assertTrue(INTERCEPTIONS.isSubstitute(WorkerFuture.class.getName()));
    }

    /** Of the only one that is public. */
    private static String constructor(Class<?> type) {
        assertEquals(1, type.getConstructors().length);
        return java.lang.invoke.MethodType.methodType(void.class, type.getConstructors()[0].getParameterTypes())
                .toMethodDescriptorString();
    }
}
