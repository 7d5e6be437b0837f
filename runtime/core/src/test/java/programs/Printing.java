package programs;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** Prints on the standard streams in other ways than by {@link System#out}. The first argument names one. */
public final class Printing {
    private Printing() {}

    public static void main(String[] args) throws Throwable {
        switch (args[0]) {
            case "descriptor" -> byDescriptor();
            case "reflection" -> byReflection();
            case "much" -> much();
            case "input" -> input();
            case "child" -> byChildren();
            default -> throw new IllegalArgumentException(args[0]);
        }
        if (args.length > 1) {
            System.exit(Integer.parseInt(args[1]));
        }
    }

    /** Each is closed, as a program that knows nothing of others may do. */
    private static void byDescriptor() throws IOException {
        System.out.println("1 System.out");
        try (var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
            out.println("2 a stream of the descriptor");
        }
        System.out.println("3 System.out, after that was closed");
        try (Writer writer = new FileWriter(FileDescriptor.out)) {
            writer.write("4 a writer, in ");
        }
        System.out.println("two pieces");
        try (var channel = new FileOutputStream(FileDescriptor.out).getChannel()) {
            channel.write(ByteBuffer.wrap("5 a channel\n".getBytes(StandardCharsets.UTF_8)));
        }
        try (OutputStream err = new FileOutputStream(FileDescriptor.err)) {
            err.write("1 the other descriptor\n".getBytes(StandardCharsets.UTF_8));
        }
        System.err.print("2 without an end");
        System.out.print("6 without an end");
        System.out.close();
        System.out.println("nothing, as in plain Java");
    }

    private static void byReflection() throws Throwable {
        var field = (FileDescriptor) FileDescriptor.class.getField("out").get(null);
        var handle = (FileDescriptor) MethodHandles.lookup()
                .findStaticGetter(FileDescriptor.class, "out", FileDescriptor.class).invokeExact();
        Supplier<FileDescriptor> lambda = () -> FileDescriptor.out;
        int n = 0;
        for (FileDescriptor each : List.of(field, handle, lambda.get())) {
            new PrintStream(new FileOutputStream(each), true, StandardCharsets.UTF_8).println("descriptor " + ++n);
        }
    }

    /** More than a pipe holds, on both ways in turn. */
    private static void much() {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (int i = 0; i < 3000; i++) {
            (i % 2 == 0 ? out : System.out).println(i + " " + "-".repeat(100));
        }
    }

    private static void input() throws IOException {
        try (var in = new FileInputStream(FileDescriptor.in)) {
            System.out.println("read " + in.read());
        }
        System.out.println("read " + new FileInputStream(FileDescriptor.in).read());
    }

    private static void byChildren() throws IOException, InterruptedException {
        System.out.println("1 the worker");
        var builder = new ProcessBuilder("sh", "-c", "echo 2 the child; echo 1 of an error >&2; cat").inheritIO();
        int code = builder.start().waitFor();
        System.out.println("3 it has ended with " + code + ", " + (builder.redirectOutput() == Redirect.INHERIT));
        List<Process> pipeline = ProcessBuilder.startPipeline(List.of(new ProcessBuilder("echo", "4 a pipeline"),
                new ProcessBuilder("cat").redirectOutput(Redirect.INHERIT)));
        pipeline.getLast().waitFor();
    }
}
