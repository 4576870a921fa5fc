package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.sweeper.cache.Replicas;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that say how a registry that remembers blobs in memory can be told what is gone. */
final class ReplicaOptions {

    private static final String URL = "--registry-url";
    private static final String AUTH = "--registry-auth";
    private static final String RESTARTED = "--registry-restarted";

    @Option(
            names = URL,
            order = 7,
            paramLabel = "URL",
            description =
                    "an address of a registry that remembers blobs in memory, one for each replica: what is swept "
                            + "is forgotten there, except manifests, whose blobs stay. The registry has to allow "
                            + "deletes")
    private List<String> urls = List.of();

    @Option(
            names = AUTH,
            order = 8,
            paramLabel = "FILE",
            description = "credentials for these, in a file like docker's config.json")
    private Path auth;

    @Option(
            names = RESTARTED,
            order = 9,
            showDefaultValue = Visibility.NEVER,
            description = "each replica was restarted since the last run, dry or not, has ended: delete the blobs of "
                    + "manifests that have stayed")
    private boolean restarted;

    /**
     * The replicas that are named.
     *
     * @throws UsageException if they can't be used
     */
    Optional<Replicas> replicas() {
        if (urls.isEmpty() && (auth != null || restarted)) {
            throw new UsageException((auth == null ? RESTARTED : AUTH) + " goes with " + URL);
        }
        try {
            return Replicas.of(
                    urls, Optional.ofNullable(auth), restarted ? Optional.of(Instant.now()) : Optional.empty());
        } catch (InvalidConfigurationException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /**
     * The registry's cache, as far as its configuration or these options tell.
     *
     * @throws UsageException if they contradict each other
     */
    CacheSettings cache(CacheSettings configured) {
        try {
            return urls.isEmpty() ? configured : Replicas.memory(configured);
        } catch (InvalidConfigurationException e) {
            throw new UsageException(URL + ": " + e.getMessage(), e);
        }
    }

    /** Whether all replicas are said to have been restarted just now. */
    boolean restarted() {
        return restarted;
    }

    /** The options as they were typed, to be typed again. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        urls.forEach(url -> words.addAll(List.of(URL, url)));
        if (auth != null) {
            words.addAll(List.of(AUTH, auth.toString()));
        }
        if (restarted) {
            words.add(RESTARTED);
        }
        return words;
    }
}
