package dev.corral.cli;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.Inspection;
import dev.corral.Inspection.Touched;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code corral doctor}. It prints the capabilities of this JVM, and how Corral would treat the code of a
 * program.
 */
@Command(name = "doctor", mixinStandardHelpOptions = true,
        description = "Prints the capabilities of this JVM. For a program, it also prints what each worker has of its own, what "
                + "workers have in common, and which classes cannot be woven. Does not run the program.")
final class DoctorCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "PROGRAM", description = "as for run")
    private @Nullable String program;

    @Option(names = {"-cp", "--class-path"}, paramLabel = "PATH", description = "as for run")
    private @Nullable String classPath;

    @Option(names = "--main", paramLabel = "CLASS", description = "as for run")
    private @Nullable String mainClass;

    @Option(names = "--internals",
            description = "prints also which parts of the JDK that are not public this JVM has, and what is lost without each")
    private boolean internals;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out =
                spec == null ? new PrintWriter(System.out, false, System.out.charset()) : spec.commandLine().getOut();
        out.println("This JVM: " + Runtime.version());
        for (Capability capability : Capability.values()) {
            out.println(Cluster.capabilities().contains(capability)
                    ? "  has " + capability
                    : "  lacks " + capability + ": " + capability.without() + ". It needs " + capability.remedy());
        }
        if (internals) {
            out.println();
            Capability.internals().forEach(out::println);
        }
        if (program != null || mainClass != null) {
            Programs.Found found = Programs.find(mainClass, classPath, program == null ? List.of() : List.of(program));
            Inspection inspection = found.program().inspect();
            out.println();
            out.println(found.title() + ": " + inspection.classes() + " classes, entered at "
                    + found.program().mainClass());
            print(out, "Each worker's own:", inspection.redirected().stream().map(DoctorCommand::row).toList());
            print(out, "Common to all workers, or not shared:",
                    inspection.common().stream().map(DoctorCommand::row).toList());
            print(out, "Classes that cannot be woven (a loop in them cannot be stopped):", inspection.unwoven());
            print(out, "Classes with native methods:", inspection.nativeMethods());
            print(out, "Native libraries:", inspection.nativeLibraries());
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static String row(Touched row) {
        return row.what().replace("`", "") + ": " + row.becomes().replace("`", "") + " (" + row.example()
                + (row.classes() > 1 ? " and " + (row.classes() - 1) + " more)" : ")");
    }

    private static void print(PrintWriter out, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            out.println(title);
            lines.forEach(line -> out.println("  " + line));
        }
    }
}
