package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/** A receiver that has the same classes as the sender and shares none of them. */
abstract class JdkValuesFixture {
    final Types receiver = new Types(new Receiver() {
        @Override
        public boolean shares(Class<?> type) {
            return false;
        }

        @Override
        public @Nullable Class<?> find(String name) {
            try {
                return Class.forName(name, false, JdkValuesFixture.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return null;
            }
        }
    });

    record Leaf(int number) implements Comparable<Leaf> {
        @Override
        public int compareTo(Leaf other) {
            return Integer.compare(number, other.number);
        }
    }

    record Branch(Object left, Object right) {}

    enum Suit {
        HEARTS, SPADES
    }

    @SuppressWarnings("unchecked")
    <T> T get(T body) {
        return (T) Marshaller.unpack(Marshaller.pack(body, receiver), receiver);
    }
}
