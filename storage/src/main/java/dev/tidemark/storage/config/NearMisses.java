package dev.tidemark.storage.config;

import static java.util.stream.Collectors.joining;

import dev.tidemark.schemas.text.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds keys and variables that look like those that say where a registry keeps its data, and are none of them. The
 * registry ignores them without a word, and keeps its data elsewhere than its owner believes. Other keys and variables
 * are ignored here as well.
 */
final class NearMisses {

    private static final int MOST_NAMED = 3;
    /** A word of less is part of too many others. */
    private static final int SHORTEST_PART = 4;

    private static final String VARIABLES = "REGISTRY_STORAGE_";

    /**
     * A driver's parameters.
     *
     * @param where those that say where the data is, or how it is reached
     */
    private record Parameters(Set<String> where, Set<String> others) {

        boolean know(String name) {
            return where.contains(name) || others.contains(name);
        }
    }

    private static final Parameters S3 = new Parameters(S3Parameters.READ, S3Parameters.OF_NO_USE);
    private static final Map<String, Parameters> DRIVERS = Map.of(
            "filesystem",
            new Parameters(Set.of("rootdirectory"), Set.of("maxthreads")),
            "s3",
            S3,
            "s3aws",
            S3,
            "azure",
            new Parameters(AzureParameters.READ, AzureParameters.OF_NO_USE),
            "gcs",
            new Parameters(GcsParameters.READ, GcsParameters.OF_NO_USE));

    private final List<String> found = new ArrayList<>();

    /** Looks at the keys of the file that stand beside {@code storage}, or in its place. */
    void lookAtFile(Set<String> keys) {
        if (!keys.contains("storage")) {
            keys.stream().filter(key -> looksLike(key, "storage")).forEach(key -> add(key, "storage"));
        }
    }

    /** Looks at the environment. A variable is no near miss of one that is set itself. */
    void lookAtEnvironment(Set<String> variables) {
        for (String variable : new TreeSet<>(variables)) {
            String[] words = variable.split("_", 4);
            if (words.length == 4
                    && Spelling.similar(words[0].toUpperCase(Locale.ROOT), "REGISTRY")
                    && Spelling.similar(words[1].toUpperCase(Locale.ROOT), "STORAGE")) {
                meant(
                                variable.startsWith(VARIABLES),
                                words[2].toLowerCase(Locale.ROOT),
                                words[3].toLowerCase(Locale.ROOT))
                        .filter(meant -> !variables.contains(meant))
                        .ifPresent(meant -> add(variable, meant));
            }
        }
    }

    private static Optional<String> meant(boolean beginsRightly, String driver, String parameter) {
        if (beginsRightly
                && (!DRIVERS.containsKey(driver) || DRIVERS.get(driver).know(parameter))) {
            return Optional.empty(); // of another driver, which is refused beside this one, or as it should be
        }
        return Spelling.nearest(driver, DRIVERS.keySet())
                .filter(known -> Spelling.similar(driver, known))
                .flatMap(known -> nearest(parameter, DRIVERS.get(known).where().stream())
                        .map(meant -> VARIABLES + (known + "_" + meant).toUpperCase(Locale.ROOT)));
    }

    /**
     * Looks at the parameters of the driver, which variables may have added to.
     *
     * @param variables whose own names were looked at
     */
    void lookAtParameters(String driver, Set<String> names, Set<String> variables) {
        Parameters known = DRIVERS.get(driver);
        if (known == null) {
            return;
        }
        Set<String> inFile = new TreeSet<>(names);
        inFile.removeAll(namesIn(variables));
        for (String name : inFile) {
            if (!known.know(name)) {
                nearest(name, known.where().stream().filter(each -> !names.contains(each)))
                        .ifPresent(meant -> add("storage." + driver + "." + name, meant));
            }
        }
    }

    private static Set<String> namesIn(Set<String> variables) {
        Set<String> names = new HashSet<>();
        for (String variable : variables) {
            String[] words = variable.split("_");
            if (variable.startsWith(VARIABLES) && words.length > 3) {
                names.add(words[3].toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    private static Optional<String> nearest(String name, Stream<String> known) {
        return Spelling.nearest(
                letters(name),
                known.filter(each -> looksLike(name, each)).sorted().toList());
    }

    private static boolean looksLike(String name, String known) {
        String letters = letters(name);
        boolean part = Math.min(letters.length(), known.length()) >= SHORTEST_PART
                && (known.contains(letters) || letters.contains(known));
        return part || Spelling.similar(letters, known);
    }

    /** {@code RootDirectory} and {@code root-directory} are all but the same, and not to the registry. */
    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private void add(String name, String meant) {
        found.add(RegistryConfiguration.shown(name) + " (did you mean " + meant + "?)");
    }

    /** In words, such as "the registry ignores x (did you mean y?)"; empty if there are none. */
    Optional<String> inWords() {
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of("the registry ignores "
                        + found.stream().limit(MOST_NAMED).collect(joining(" and ")));
    }
}
