package dev.corral.portable;

import java.util.Collection;
import java.util.Map;

/**
 * The codec of any other class of a program. Its objects cross by reference if the receiver has the same class and they
 * are immutable.
 */
final class SharedCodec extends Codec {
    private final Class<?> type;
    private final Fields fields;

    SharedCodec(Class<?> type) {
        super(true);
        this.type = type;
        fields = new Fields(type);
    }

    @Override
    Object pack(Object object, Packer packer) {
        if (!packer.types().share(type)) {
            throw new Refusal(refusal());
        }
        if (fields.areOpen()) {
            packer.enter(object, object);
        }
        fields.requireImmutable(object, packer);
        return object;
    }

    private String refusal() {
        String name = type.getTypeName();
        int lambda = name.indexOf("$$Lambda");
        if (type.isHidden() && lambda > 0) {
            return "a lambda of " + name.substring(0, lambda) + " is not portable";
        }
        return name + " is not portable: " + remedy();
    }

    private String remedy() {
        if (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
            return "a collection class of its own; send a copy of a class of the JDK";
        }
        if (Throwable.class.isAssignableFrom(type)) {
            return "send a dev.corral.Failure of it";
        }
        return "a class of its own; make it a record, or share its package with withShared";
    }
}
