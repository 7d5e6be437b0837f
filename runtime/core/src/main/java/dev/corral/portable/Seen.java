package dev.corral.portable;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The packing results of the objects of one message, by identity. Small messages need no map. */
final class Seen {
    private static final int FEW = 8;

    private static final @Nullable Object[] NONE = {};

    /** The objects, as long as there are few. The array is created with the first object. */
    private @Nullable Object[] objects = NONE;
    private @Nullable Object[] results = NONE;
    private int size;
    private @Nullable IdentityHashMap<Object, Object> map;

    @Nullable
    Object get(Object object) {
        if (map != null) {
            return map.get(object);
        }
        int index = indexOf(object);
        return index < 0 ? null : results[index];
    }

    void put(Object object, Object result) {
        if (map != null) {
            map.put(object, result);
            return;
        }
        int index = indexOf(object);
        if (index >= 0) {
            results[index] = result;
        } else if (size < FEW) {
            if (size == 0) {
                objects = new Object[FEW];
                results = new Object[FEW];
            }
            objects[size] = object;
            results[size++] = result;
        } else {
            map = toMap();
            map.put(object, result);
        }
    }

    private int indexOf(Object object) {
        for (int i = size - 1; i >= 0; i--) {
            if (objects[i] == object) {
                return i;
            }
        }
        return -1;
    }

    @SuppressWarnings("NullAway") // there is a result for each object
    private IdentityHashMap<Object, Object> toMap() {
        IdentityHashMap<Object, Object> all = new IdentityHashMap<>(4 * FEW);
        for (int i = 0; i < size; i++) {
            all.put(objects[i], results[i]);
        }
        return all;
    }
}
