package dev.tidemark.cli.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command's completion for the shell fish: a line for each of its commands and options. Source: fish's manual on
 * {@code complete}.
 */
public final class FishCompletion {

    private final String name;
    private final StringBuilder lines = new StringBuilder();

    private FishCompletion(String name) {
        this.name = name;
    }

    public static String of(CommandLine command) {
        var completion = new FishCompletion(command.getCommandName());
        completion.add(command, List.of());
        return completion.lines.toString();
    }

    /** @param path the names of the commands that lead to it, without the first */
    private void add(CommandLine command, List<String> path) {
        List<String> names = command.getSubcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
        String here =
                path.stream().map(each -> "__fish_seen_subcommand_from " + each).collect(Collectors.joining("; and "));
        String next = names.isEmpty()
                ? here
                : (here.isEmpty() ? "" : here + "; and ") + "not __fish_seen_subcommand_from "
                        + String.join(" ", names);
        for (String each : names) {
            CommandLine subcommand = command.getSubcommands().get(each);
            line(
                    next,
                    "--no-files --arguments " + each,
                    description(subcommand.getCommandSpec().usageMessage().description()));
            List<String> longer = new ArrayList<>(path);
            longer.add(each);
            add(subcommand, longer);
        }
        command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> line(next, words(option), description(option.description())));
    }

    private void line(String condition, String words, String description) {
        lines.append("complete --command ").append(name);
        if (!condition.isEmpty()) {
            lines.append(" --condition '").append(condition).append('\'');
        }
        lines.append(' ')
                .append(words)
                .append(" --description '")
                .append(description)
                .append("'\n");
    }

    private static String words(OptionSpec option) {
        var words = new ArrayList<String>();
        for (String each : option.names()) {
            words.add(
                    each.startsWith("--")
                            ? "--long-option " + each.substring(2)
                            : "--short-option " + each.substring(1));
        }
        if (option.arity().max() > 0) {
            words.add("--require-parameter");
        }
        if (option.completionCandidates() != null
                && option.completionCandidates().iterator().hasNext()) {
            words.add("--no-files --arguments '" + String.join(" ", option.completionCandidates()) + "'");
        }
        return String.join(" ", words);
    }

    /** Its first line, as plain text in single quotes. */
    private static String description(String... lines) {
        String first = lines.length == 0
                ? ""
                : Ansi.OFF.string(lines[0].formatted()).lines().findFirst().orElse("");
        return first.replace("\\", "\\\\").replace("'", "\\'");
    }
}
