package dev.corral.portable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a shared class. They are read to check that its objects are deeply immutable. Any thread may use them.
 */
final class Fields {
    private final Class<?> type;
    /**
     * The result of the check; null until the first object is checked, because most classes are never shared. Two
     * threads may both compute it.
     */
    private volatile @Nullable Checked checked;

    /**
     * @param refusal the reason why no object may cross by reference; null if each object must be checked
     * @param open the fields whose values must be checked
     */
    private record Checked(@Nullable String refusal, List<Open> open) {}

    /** A field that may hold an object which cannot cross by reference. */
    private record Open(String name, MethodHandle getter) {}

    Fields(Class<?> type) {
        this.type = type;
    }

    boolean areOpen() {
        return !checked().open.isEmpty();
    }

    /** Refuses the object if it, or an object that it holds, can change or belongs to one side only. */
    void requireImmutable(Object object, Packer packer) {
        Checked fields = checked();
        if (fields.refusal != null) {
            throw new Refusal(fields.refusal);
        }
        for (Open field : fields.open) {
            try {
                requireReference(get(field, object), packer);
            } catch (Refusal e) {
                throw e.at("." + field.name);
            }
        }
    }

    private void requireReference(@Nullable Object value, Packer packer) {
        if (packer.pack(value) != value && value != null) {
            throw new Refusal(value.getClass().getTypeName() + " would be copied, but " + type.getName()
                    + " is shared and goes by reference, so it may hold only what does");
        }
    }

    private static @Nullable Object get(Open field, Object object) {
        try {
            return field.getter.invokeExact(object);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private Checked checked() {
        Checked known = checked;
        if (known == null) {
            known = check();
            checked = known;
        }
        return known;
    }

    private Checked check() {
        List<Open> open = new ArrayList<>();
        try {
            for (Class<?> each = type; each != Object.class && each != Enum.class; each = each.getSuperclass()) {
                for (Field field : each.getDeclaredFields()) {
                    int modifiers = field.getModifiers();
                    if (Modifier.isStatic(modifiers)) {
                        continue;
                    }
                    if (!Modifier.isFinal(modifiers)) {
                        return new Checked("field " + field.getName() + " of " + each.getName() + " is not final",
                                List.of());
                    }
                    if (!References.fill(field.getType())) {
                        open.add(new Open(field.getName(), getter(field)));
                    }
                }
            }
        } catch (IllegalAccessException | LinkageError e) {
            return new Checked("the fields of " + type.getName() + " cannot be read: " + e, List.of());
        }
        return new Checked(null, List.copyOf(open));
    }

    private static MethodHandle getter(Field field) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(field.getDeclaringClass(), MethodHandles.lookup()).unreflectGetter(field)
                .asType(MethodType.genericMethodType(1));
    }
}
