package dev.corral.redirect;

import java.lang.reflect.Constructor;
import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of the JDK that reflection must not reach in a worker, each with its stand-in. Grouped by declaring
 * class, so that a question about a member of any other class, as most are, costs one look-up. Never changes.
 */
public final class StandIns {
    private final Interceptions interceptions;
    private final Map<Class<?>, Map<Member, Interception>> members;
    private final Map<Class<?>, Map<Constructor<?>, Constructor<?>>> constructors;

    StandIns(Interceptions interceptions) {
        this.interceptions = interceptions;
        members = members(interceptions);
        constructors = constructors(interceptions);
    }

    private static Map<Class<?>, Map<Member, Interception>> members(Interceptions interceptions) {
        Map<Class<?>, Map<Member, Interception>> all = new HashMap<>();
        for (Interception interception : interceptions.all()) {
            Member member = interception.member();
            if (member != null) {
                all.computeIfAbsent(member.getDeclaringClass(), _ -> new HashMap<>()).put(member, interception);
            }
        }
        return all;
    }

    private static Map<Class<?>, Map<Constructor<?>, Constructor<?>>> constructors(Interceptions interceptions) {
        Map<Class<?>, Map<Constructor<?>, Constructor<?>>> all = new HashMap<>();
        try {
            for (Map.Entry<Class<?>, Class<?>> entry : interceptions.substitutes().entrySet()) {
                Interception argument = interceptions.ofConstructors(Interceptions.internalName(entry.getKey()));
                Map<Constructor<?>, Constructor<?>> ofClass = new HashMap<>();
                for (Constructor<?> original : entry.getKey().getConstructors()) {
                    List<Class<?>> types = new ArrayList<>(Arrays.asList(original.getParameterTypes()));
                    if (argument != null) {
                        types.add(argument.type().returnType());
                    }
                    Constructor<?> standIn = find(entry.getValue(), types);
                    if (standIn != null) { // otherwise the original stands for itself
                        ofClass.put(original, standIn);
                    }
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
            throw new LinkageError("a class of the JDK lacks a public constructor", e);
        }
        return all;
    }

    /** Returns a constructor; null if another version of the JDK has added one to the original. */
    private static @Nullable Constructor<?> find(Class<?> substitute, List<Class<?>> types) {
        try {
            return substitute.getConstructor(types.toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    /** The interception of this method, or of reads of this static field; null for most members. */
    public @Nullable Interception of(Member member) {
        Map<Member, Interception> ofClass = members.get(member.getDeclaringClass());
        return ofClass == null ? null : ofClass.get(member);
    }

    /** The interception of a call that names this class, method and descriptor; null for most calls. */
    public @Nullable Interception of(Class<?> owner, String name, String descriptor) {
        return interceptions.ofMethod(Interceptions.internalName(owner), name, descriptor);
    }

    /**
     * The constructor that is called instead of this one; null for most constructors. It may have more parameters. That
     * of a {@link Thread} takes the group first, and a task even if the original takes none; others take last what
     * {@link Interceptions#ofConstructors} supplies.
     */
    public @Nullable Constructor<?> of(Constructor<?> constructor) {
        Map<Constructor<?>, Constructor<?>> ofClass = constructors.get(constructor.getDeclaringClass());
        return ofClass == null ? null : ofClass.get(constructor);
    }

    /**
     * The class whose constructor without parameters is called instead of this class's; most classes stand for
     * themselves.
     */
    public Class<?> of(Class<?> type) {
        Map<Constructor<?>, Constructor<?>> ofClass = constructors.get(type);
        if (ofClass != null) {
            for (Constructor<?> standIn : ofClass.values()) {
                if (standIn.getParameterCount() == 0) {
                    return standIn.getDeclaringClass();
                }
            }
        }
        return type;
    }
}
