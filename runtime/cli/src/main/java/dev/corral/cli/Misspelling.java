package dev.corral.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Explains words of a command line that are neither an option nor a command, with the words that may be meant. */
final class Misspelling {
    private Misspelling() {}

    /** Returns the message of the exception, with a hint if the exception is about an unknown word. */
    static @Nullable String explain(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || unmatched.getUnmatched().isEmpty()) {
            String message = e.getMessage();
            return message == null ? null : message.replace("option option", "option"); // a slip of picocli 4.7
        }
        String word = unmatched.getUnmatched().getFirst();
        CommandLine command = e.getCommandLine();
        return word.startsWith("-") ? ofOption(word, command, unmatched.getSuggestions())
                : ofCommand(word, command, unmatched.getSuggestions());
    }

    private static String ofOption(String word, CommandLine command, List<String> suggestions) {
        boolean hasProgram = command.getCommandName().equals(RunCommand.NAME);
        return "no option " + word + didYouMean(suggestions)
                + (hasProgram ? "; options of the program must follow after --" : "");
    }

    private static String ofCommand(String word, CommandLine command, List<String> suggestions) {
        if (command.getSubcommands().isEmpty()) {
            return command.getCommandName() + " takes no argument " + word;
        }
        return "no command " + word + didYouMean(suggestions) + "; the commands are "
                + String.join(", ", command.getSubcommands().keySet());
    }

    private static String didYouMean(List<String> suggestions) {
        return suggestions.isEmpty() ? "" : " (did you mean " + suggestions.getFirst() + "?)";
    }
}
