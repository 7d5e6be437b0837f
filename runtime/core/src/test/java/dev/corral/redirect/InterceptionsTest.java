package dev.corral.redirect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLClassLoader;
import java.util.HashSet;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import javax.naming.InitialContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.ldap.InitialLdapContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterceptionsTest {
    @Test
    void shouldListEveryRedirectThatMayExist() {
        Set<Class<?>> listed = new HashSet<>();
        Interceptions.all().forEach(interception -> listed.add(interception.redirect()));
        assertEquals(Set.of(Redirect.class.getPermittedSubclasses()), listed);
    }

    @Test
    void shouldFindWhatIsReplacedByOwnerNameAndDescriptor() {
        Interception exit = Interceptions.ofMethod("java/lang/System", "exit", "(I)V");
        assertNotNull(exit);
        assertEquals(Exits.class, exit.redirect());
        assertEquals("(I)V", exit.typeDesc().descriptorString());
        assertNull(Interceptions.ofMethod("java/lang/System", "exit", "(J)V"));
        assertNull(Interceptions.ofMethod("java/lang/System", "nanoTime", "()J"));
        assertNotNull(Interceptions.ofField("java/lang/System", "out"));
    }

    @Test
    void shouldPutTheReceiverFirst() {
        Interception add = Interceptions.ofMethod("java/lang/Runtime", "addShutdownHook", "(Ljava/lang/Thread;)V");
        assertNotNull(add);
        assertEquals("(Ljava/lang/Runtime;Ljava/lang/Thread;)V", add.typeDesc().descriptorString());
    }

    /** A call of a static method names the class that stands in the source, which need not be the one that declares it. */
    @Test
    void shouldFindAStaticMethodThroughASubclass() {
        Interception follow = Interceptions.ofMethod("javax/net/ssl/HttpsURLConnection", "setFollowRedirects", "(Z)V");
        assertNotNull(follow);
        assertEquals(Interceptions.ofMethod("java/net/HttpURLConnection", "setFollowRedirects", "(Z)V"), follow);
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
                            Interceptions.ofMethod(type.getName().replace('.', '/'), name, descriptor(method)),
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
        String name = Interceptions.substitute(original.getName().replace('.', '/'));
        assertNotNull(name);
        Class<?> substitute = Class.forName(name.replace('/', '.'));
        assertTrue(original.isAssignableFrom(substitute));
        assertTrue(Modifier.isPublic(substitute.getModifiers()));
        assertTrue(Interceptions.isSubstitute(substitute.getName()));
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
                .forEach(method -> assertNotNull(Interceptions.ofMethod("java/util/concurrent/CompletableFuture",
                        method.getName(), descriptor(method)), method.toString()));
        assertEquals("(Ljava/util/concurrent/ForkJoinPool;)V", constructor(WorkerFuture.class));
        assertEquals("()V", constructor(CompletableFuture.class));
        Interception pool = Interceptions.ofConstructors("java/util/concurrent/CompletableFuture");
        assertNotNull(pool);
        assertEquals("()Ljava/util/concurrent/ForkJoinPool;", pool.typeDesc().descriptorString());
        assertTrue(Interceptions.isSubstitute(WorkerFuture.class.getName()));
    }

    /** Of the only one that is public. */
    private static String constructor(Class<?> type) {
        assertEquals(1, type.getConstructors().length);
        return java.lang.invoke.MethodType.methodType(void.class, type.getConstructors()[0].getParameterTypes())
                .toMethodDescriptorString();
    }
}
