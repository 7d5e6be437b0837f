package dev.corral.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Every example in Java compiles. An example is the body of a method: it may declare classes and records, and it may
 * use a {@code cluster}, a {@code worker} and the path of a {@code jar} without declaring them.
 */
class ExamplesTest {
    private static final int LEAST_EXAMPLES = 10;
    private static final Pattern IN_JAVADOC =
            Pattern.compile("<pre>\\{@code\\n(.*?)\\n *\\* \\}</pre>", Pattern.DOTALL);
    private static final String BEFORE = """
            import com.sun.net.httpserver.HttpServer;
            import dev.corral.*;
            import java.io.*;
            import java.math.*;
            import java.net.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            class Example {
                Cluster cluster;
                Worker worker;
                Path jar;
                void run() throws Exception {
            """;

    @Test
    void shouldCompileEveryExample() throws IOException {
        List<String> errors = new ArrayList<>();
        int seen = 0;
        for (Page page : Page.all()) {
            for (Page.Block block : page.blocks()) {
                if (block.language().equals("java")) {
                    seen++;
                    compile(block.text()).forEach(error -> errors.add(page.name() + ":" + block.line() + ": " + error));
                }
            }
        }
        assertEquals(List.of(), errors);
        assertTrue(seen >= LEAST_EXAMPLES, "compiled " + seen);
    }

    @Test
    void shouldCompileEveryExampleOfTheApi() throws IOException {
        List<String> errors = new ArrayList<>();
        int seen = 0;
        for (Path file : Page.files(".java")) {
            String source = file.endsWith("ExamplesTest.java") ? "" : Files.readString(file);
            for (MatchResult example : IN_JAVADOC.matcher(source).results().toList()) {
                seen++;
                String text = example.group(1).replaceAll("(?m)^ *\\* ?", "").replace("&#64;", "@");
                compile(text).forEach(error -> errors.add(file + ": " + error));
            }
        }
        assertEquals(List.of(), errors);
        assertTrue(seen >= 2, "compiled " + seen);
    }

    private static List<String> compile(String example) {
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        String source = BEFORE + example + "\n}\n}\n";
        var file = new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var options = List.of("-proc:none", "-implicit:none", "-Xlint:all,-processing,-classfile,-try", "-d",
                System.getProperty("java.io.tmpdir"), "-cp", System.getProperty("java.class.path"));
        var task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(Writer.nullWriter(), null, diagnostics,
                options, null,
                List.of(file));
        try {
            task.analyze(); // no class files
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return diagnostics.getDiagnostics().stream().map(found -> found.getMessage(Locale.ROOT)).toList();
    }
}
