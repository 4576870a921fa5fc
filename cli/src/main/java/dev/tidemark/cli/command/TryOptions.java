package dev.tidemark.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options of {@code collect} that a dry run with a policy has a use for. */
final class TryOptions {

    @Option(
            names = {"-m", "--delete-untagged"},
            order = 2,
            description = "as in a run that deletes manifests that no tag names, too")
    private boolean deleteUntagged;

    @Option(
            names = "--min-age",
            order = 3,
            paramLabel = "DURATION",
            defaultValue = "24h",
            showDefaultValue = Visibility.ALWAYS,
            description = "keep whatever is younger: 24h, 7d, 1h30m")
    private String minAge;

    @Option(
            names = "--plan",
            order = 10,
            paramLabel = "FILE",
            description = "write what is eligible to a file, as JSON Lines")
    private Optional<Path> plan = Optional.empty();

    @Option(
            names = "--data-dir",
            order = 30,
            paramLabel = "DIR",
            description = "where the topics and the state are kept (default: one a registry, under the user's state "
                    + "directory)")
    private Optional<Path> dataDir = Optional.empty();

    @Option(
            names = "--trust-middleware",
            order = 31,
            paramLabel = "NAME",
            description = "try it on a registry with this middleware, which keeps images in the storage's layout and "
                    + "nowhere else")
    private Set<String> trustedMiddleware = Set.of();

    /** As they are typed for {@code collect}. */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of("--min-age", minAge));
        if (deleteUntagged) {
            words.add("--delete-untagged");
        }
        plan.ifPresent(file -> words.addAll(List.of("--plan", file.toString())));
        dataDir.ifPresent(directory -> words.addAll(List.of("--data-dir", directory.toString())));
        trustedMiddleware.forEach(name -> words.addAll(List.of("--trust-middleware", name)));
        return words;
    }
}
