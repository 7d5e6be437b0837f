package dev.corral.cli;

import dev.corral.Cluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code corral flags}. It prints the flags that give a JVM all capabilities without a warning. */
@Command(name = "flags", mixinStandardHelpOptions = true,
        description = "Prints the flags of the JVM for a program that embeds Corral, as a file of arguments: "
                + "corral flags > jvm.flags; java @jvm.flags ...")
final class FlagsCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (InputStream flags = Objects.requireNonNull(Cluster.class.getResourceAsStream("jvm.flags"))) {
            out.print(new String(flags.readAllBytes(), StandardCharsets.UTF_8));
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
