package dev.corral.isolate;

import dev.corral.Program;
import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Enters a program. The {@code main} method is chosen as the {@code java} command does (JEP 512). */
final class EntryPoint {
    private EntryPoint() {}

    static void enter(ClassLoader loader, Program program, WorkerContext context, Runnable online) throws Throwable {
        Class<?> type = Class.forName(program.mainClass(), false, loader);
        if (program.isWorkerMain()) {
            MethodHandle constructor = constructor(type).asType(MethodType.methodType(WorkerMain.class));
            online.run();
            WorkerMain worker = (WorkerMain) constructor.invokeExact();
            worker.run(context);
            return;
        }
        MethodHandle main = main(type, program.args().toArray(String[]::new));
        online.run();
        main.invokeExact();
    }

    /** Returns a handle of the main method, without parameters. */
    private static MethodHandle main(Class<?> type, String[] args) throws ReflectiveOperationException {
        Method method = find(type, String[].class);
        boolean takesArguments = method != null;
        if (method == null) {
            method = find(type);
        }
        if (method == null) {
            throw new NoSuchMethodException(type.getName() + " has no main method");
        }
        MethodHandle main = lookup(method.getDeclaringClass()).unreflect(method);
        if (!Modifier.isStatic(method.getModifiers())) {
            main = MethodHandles.foldArguments(main, constructor(type).asType(
                    MethodType.methodType(method.getDeclaringClass())));
        }
        if (takesArguments) {
            main = MethodHandles.insertArguments(main, 0, (Object) args);
        }
        return main.asType(MethodType.methodType(void.class));
    }

    private static @Nullable Method find(Class<?> type, Class<?>... parameters) {
        for (Class<?> t = type; t != null; t = t.getSuperclass()) {
            try {
                Method method = t.getDeclaredMethod("main", parameters);
                if (!Modifier.isPrivate(method.getModifiers()) && method.getReturnType() == void.class) {
                    return method;
                }
            } catch (NoSuchMethodException _) {
                // a superclass may have it
            }
        }
        return null;
    }

    private static MethodHandle constructor(Class<?> type) throws ReflectiveOperationException {
        return lookup(type).unreflectConstructor(type.getDeclaredConstructor());
    }

    private static Lookup lookup(Class<?> type) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }
}
