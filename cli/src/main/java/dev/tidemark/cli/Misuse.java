package dev.tidemark.cli;

import dev.tidemark.schemas.text.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line why a command line that was typed is wrong. */
final class Misuse {

    private Misuse() {}

    static String of(ParameterException misuse) {
        String what = switch (misuse) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case MissingParameterException missing
            when missing.getMissing().getFirst() instanceof PositionalParamSpec -> missing(missing.getMissing());
            case ParameterException ofHelp
            when ofHelp.getArgSpec() == null && ofHelp.getValue() != null ->
                unmatched(new UnmatchedArgumentException(ofHelp.getCommandLine(), List.of(ofHelp.getValue())));
            default -> misuse.getMessage();
        };
        return what + " (" + misuse.getCommandLine().getCommandSpec().qualifiedName() + " --help)";
    }

    private static String unmatched(UnmatchedArgumentException unmatched) {
        String word = "'" + unmatched.getUnmatched().getFirst() + "'";
        boolean takesCommand = !unmatched.getCommandLine().getSubcommands().isEmpty();
        String what = unmatched.isUnknownOption()
                ? "there is no option " + word
                : takesCommand ? "there is no command " + word : word + " is one word too many";
        return what
                + similar(unmatched)
                        .map(known -> ": did you mean " + known + "?")
                        .orElse("");
    }

    private static Optional<String> similar(UnmatchedArgumentException unmatched) {
        CommandSpec command = unmatched.getCommandLine().getCommandSpec();
        List<String> known = unmatched.isUnknownOption()
                ? command.options().stream()
                        .flatMap(option -> Arrays.stream(option.names()))
                        .filter(name -> name.startsWith("--"))
                        .toList()
                : command.subcommands().entrySet().stream()
                        .filter(other -> !other.getValue()
                                .getCommandSpec()
                                .usageMessage()
                                .hidden())
                        .map(Map.Entry::getKey)
                        .toList();
        String word = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
        return Spelling.nearest(word, known).filter(nearest -> Spelling.similar(word, nearest));
    }

    private static String missing(List<ArgSpec> missing) {
        return missing.stream()
                .map(word -> word.paramLabel() + " is missing: " + String.join(" ", word.description()))
                .collect(Collectors.joining("; "));
    }
}
