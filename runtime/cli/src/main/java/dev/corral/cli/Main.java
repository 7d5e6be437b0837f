package dev.corral.cli;

import dev.corral.CorralException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** The entry point of the command. Exit codes: 0 success, 1 failure, 2 invalid usage, 143 forced end. */
@Command(name = "corral", version = Main.VERSION, mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, DoctorCommand.class, FlagsCommand.class},
        description = "Runs several isolated copies of a Java program in one JVM, on one port.",
        synopsisSubcommandLabel = "COMMAND", footer = {
                "", "Exit codes: 0 all workers completed, or were stopped on request; "
                        + "1 every slot gave up; 2 invalid usage; 143 stopped, but at least one worker had to be killed."})
public final class Main implements Runnable {
    /** The name and the version, as in the poms. */
    static final String VERSION = "Corral 0.2.0";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private Main() {}

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(RunCommand.NAME)) {
            var _ = Signals.ofProcess(); // handles signals before anything that takes time
        }
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        IParameterExceptionHandler oneLine = (e, _) -> fail(e.getCommandLine().getErr(), Misspelling.explain(e));
        IExecutionExceptionHandler known = (e, command, _) -> {
            if (e instanceof CorralException || e instanceof IllegalArgumentException) {
                return fail(command.getErr(), e.getMessage());
            }
            throw e;
        };
        return new CommandLine(new Main()).setParameterExceptionHandler(oneLine).setExecutionExceptionHandler(known)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Prints the error in one line. */
    private static int fail(PrintWriter err, @Nullable String message) {
        err.println("corral: " + (message == null ? "failed" : message.lines().findFirst().orElse("failed")));
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** Runs without a subcommand, which is invalid usage. */
    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "no command; try corral run PROGRAM, or corral --help");
        }
    }
}
