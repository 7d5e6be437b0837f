package dev.corral.redirect;

import java.lang.reflect.Constructor;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of the JDK that are not to be reached by reflection either, and what is reached instead. By declaring class first:
 * so asking for a member of any other class, as most are, costs one look-up.
 */
final class StandIns {
    private static final Map<Class<?>, Map<Member, Interception>> MEMBERS = members();
    private static final Map<Class<?>, Map<Constructor<?>, Constructor<?>>> CONSTRUCTORS = constructors();

    private StandIns() {}

    private static Map<Class<?>, Map<Member, Interception>> members() {
        Map<Class<?>, Map<Member, Interception>> all = new HashMap<>();
        for (Interception interception : Interceptions.all()) {
            Member member = interception.member();
            if (member != null) {
                all.computeIfAbsent(member.getDeclaringClass(), _ -> new HashMap<>()).put(member, interception);
            }
        }
        return all;
    }

    private static Map<Class<?>, Map<Constructor<?>, Constructor<?>>> constructors() {
        Map<Class<?>, Map<Constructor<?>, Constructor<?>>> all = new HashMap<>();
        try {
            for (Map.Entry<Class<?>, Class<?>> entry : Interceptions.substitutes().entrySet()) {
                Interception argument = Interceptions.ofConstructors(Interceptions.internalName(entry.getKey()));
                Map<Constructor<?>, Constructor<?>> ofClass = new HashMap<>();
                for (Constructor<?> original : entry.getKey().getConstructors()) {
                    List<Class<?>> types = new ArrayList<>(Arrays.asList(original.getParameterTypes()));
                    if (argument != null) {
                        types.add(argument.type().returnType());
                    }
                    ofClass.put(original, entry.getValue().getConstructor(types.toArray(Class<?>[]::new)));
                }
                all.put(entry.getKey(), ofClass);
            }
            all.put(Thread.class, Map.of(
                    Thread.class.getConstructor(), Thread.class.getConstructor(ThreadGroup.class, Runnable.class),
                    Thread.class.getConstructor(Runnable.class),
                    Thread.class.getConstructor(ThreadGroup.class, Runnable.class),
                    Thread.class.getConstructor(String.class),
                    Thread.class.getConstructor(ThreadGroup.class, String.class),
                    Thread.class.getConstructor(Runnable.class, String.class),
                    Thread.class.getConstructor(ThreadGroup.class, Runnable.class, String.class)));
        } catch (NoSuchMethodException e) {
            throw new ExceptionInInitializerError(e);
        }
        return all;
    }

    /** What stands in for this method, or for reading this static field; null for most. */
    static @Nullable Interception of(Member member) {
        Map<Member, Interception> ofClass = MEMBERS.get(member.getDeclaringClass());
        return ofClass == null ? null : ofClass.get(member);
    }

    /** The same, of a method of this class as a call of it would find it. */
    static @Nullable Interception of(Class<?> owner, String name, String descriptor) {
        return Interceptions.ofMethod(Interceptions.internalName(owner), name, descriptor);
    }

    /**
     * What stands in for this constructor; null for most. It may take more: of a {@link Thread} first the group, and a task if
     * there is none; of others what {@link Interceptions#ofConstructors} says, last.
     */
    static @Nullable Constructor<?> of(Constructor<?> constructor) {
        Map<Constructor<?>, Constructor<?>> ofClass = CONSTRUCTORS.get(constructor.getDeclaringClass());
        return ofClass == null ? null : ofClass.get(constructor);
    }

    /** The class whose constructor without parameters stands in for that of this class; itself for most. */
    static Class<?> of(Class<?> type) {
        Map<Constructor<?>, Constructor<?>> ofClass = CONSTRUCTORS.get(type);
        if (ofClass != null) {
            for (Constructor<?> standIn : ofClass.values()) {
                if (standIn.getParameterCount() == 0) {
                    return standIn.getDeclaringClass();
                }
            }
        }
        return type;
    }

    static boolean isStatic(Member member) {
        return Modifier.isStatic(member.getModifiers());
    }
}
