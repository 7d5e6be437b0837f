package dev.corral.portable;

/**
 * An enum constant of the receiver, by name. It is immutable and has no number, so all threads and messages may share
 * it.
 */
final class EnumNode extends Node {
    private final String typeName;
    private final String name;
    private final int hash;

    EnumNode(Enum<?> constant) {
        typeName = constant.getDeclaringClass().getName();
        name = constant.name();
        hash = 31 * typeName.hashCode() + name.hashCode();
    }

    String typeName() {
        return typeName;
    }

    String name() {
        return name;
    }

    @Override
    Object create(Unpacker unpacker) {
        return valueOf(unpacker.types().constant(this), name);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the enum is known at run time only
    private static Object valueOf(Class<?> type, String name) {
        return Enum.valueOf((Class) type, name);
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EnumNode node && name.equals(node.name) && typeName.equals(node.typeName);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
