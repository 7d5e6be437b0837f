package dev.corral.cli;

import dev.corral.CorralException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** Entry of the command. Exit codes: 0 fine, 1 failed, 2 called in a wrong way, 143 ended by force. */
@Command(name = "corral", version = "Corral 0.1", mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, DoctorCommand.class},
        description = "Runs several isolated copies of a Java program in one JVM, on one port.",
        synopsisSubcommandLabel = "COMMAND", footer = {
                "", "Exit codes: 0 all workers completed, or stopped on request; "
                        + "1 every slot gave up; 2 bad usage; 143 stopped, but some worker had to be forced."})
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private Main() {}

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(RunCommand.NAME)) {
            var _ = Signals.ofProcess(); // before anything that takes time
        }
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        IParameterExceptionHandler oneLine = (e, _) -> fail(e.getCommandLine().getErr(), e.getMessage());
        IExecutionExceptionHandler known = (e, command, _) -> {
            if (e instanceof CorralException || e instanceof IllegalArgumentException) {
                return fail(command.getErr(), e.getMessage());
            }
            throw e;
        };
        return new CommandLine(new Main()).setParameterExceptionHandler(oneLine).setExecutionExceptionHandler(known)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** One clear line. */
    private static int fail(PrintWriter err, @Nullable String message) {
        err.println("corral: " + (message == null ? "failed" : message.lines().findFirst().orElse("failed")));
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** Without a command. */
    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "no command; try corral run PROGRAM, or corral --help");
        }
    }
}
