package programs;

/** Classes whose method {@code main} is no entry point. */
@SuppressWarnings("unused")
public final class BadMain {
    private BadMain() {}

    public static final class Private {
        private Private() {}

        private static void main(String[] args) {}
    }

    public static final class Returns {
        private Returns() {}

        public static int main(String[] args) {
            return 1;
        }
    }

    public static final class Takes {
        private Takes() {}

        public static void main(int number) {}
    }

    public static final class NotCreated {
        NotCreated(int number) {}

        void main() {}
    }
}
