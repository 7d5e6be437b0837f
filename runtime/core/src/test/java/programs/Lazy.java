package programs;

/** Loads a class of its own only in its second incarnation. */
public final class Lazy {
    private Lazy() {}

    static final class Later {
        static String text() {
            return "later";
        }

        private Later() {}
    }

    public static void main(String[] args) throws InterruptedException {
        System.out.println(System.getenv("CORRAL_ID").equals("1") ? "early" : Later.text());
        Thread.sleep(Long.MAX_VALUE);
    }
}
