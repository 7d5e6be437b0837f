package programs;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Tells where it finds itself, its resources and a class {@code generated.Said}. */
public final class Located {
    private Located() {}

    public static void main(String[] args) throws Exception {
        ClassLoader loader = Located.class.getClassLoader();
        System.out.println("worker " + System.getenv("CORRAL_ID"));
        System.out.println("version " + Located.class.getPackage().getImplementationVersion());
        System.out.println("source " + source(Located.class));
        Class<?> said = Class.forName("generated.Said");
        System.out.println("said " + said.getMethod("say").invoke(null));
        System.out.println("source of said " + source(said));
        System.out.println("stream " + text(loader.getResourceAsStream("text.txt")));
        System.out.println("url " + text(loader.getResource("text.txt").openStream()));
        System.out.println("system " + text(ClassLoader.getSystemResourceAsStream("text.txt")));
        System.out.println("class " + text(Located.class.getResourceAsStream("/text.txt")));
        List<String> all = new ArrayList<>();
        for (URL url : Collections.list(loader.getResources("text.txt"))) {
            all.add(text(url.openStream()));
        }
        System.out.println("all " + all);
        System.out.println("absent " + loader.getResource("absent.txt") + loader.getResourceAsStream("absent.txt"));
        System.out.println("outside " + loader.getResource(".."));
        System.out.println("jdk " + (loader.getResourceAsStream("java/lang/Object.class") != null));
        System.out.println("done");
        new CountDownLatch(1).await();
    }

    private static String source(Class<?> type) throws Exception {
        File file = new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        return file.getName() + " " + file.exists();
    }

    private static String text(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
