package dev.tidemark.sweeper.cache;

import dev.tidemark.schemas.Sweep;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.storage.config.InvalidConfigurationException;
import dev.tidemark.sweeper.order.WhyKept;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The replicas of a registry, each of which remembers in its own memory what it has.
 *
 * @param restarted a time at which all of them had forgotten what they knew before: each was started again by then;
 *     empty if nobody has said one
 */
public record Replicas(List<Replica> all, Optional<Instant> restarted) {

    /** A replica's address, without {@code /v2/}, and how to log in to it. */
    record Replica(URI url, Credentials credentials) {}

    /**
     * Reads the addresses and their credentials; empty without an address.
     *
     * @param auth docker's config.json; empty if nobody logs in
     * @throws InvalidConfigurationException with one line that says what is wrong
     */
    public static Optional<Replicas> of(List<String> urls, Optional<Path> auth, Optional<Instant> restarted) {
        if (urls.isEmpty()) {
            return Optional.empty();
        }
        Optional<DockerConfig> config = auth.map(DockerConfig::read);
        List<Replica> all = new ArrayList<>();
        for (String text : urls) {
            URI url = url(text);
            if (all.stream().anyMatch(replica -> replica.url().equals(url))) {
                throw new InvalidConfigurationException(
                        url + " is there twice: each replica has an address of its own");
            }
            all.add(new Replica(url, config.map(file -> file.of(url)).orElse(Credentials.NONE)));
        }
        return Optional.of(new Replicas(List.copyOf(all), restarted));
    }

    /**
     * The cache of a registry whose replicas are named.
     *
     * @param configured the setting in its configuration
     * @throws InvalidConfigurationException if it does not remember in memory
     */
    public static CacheSettings memory(CacheSettings configured) {
        if (configured instanceof CacheSettings.InMemory || configured instanceof CacheSettings.Unknown) {
            return new CacheSettings.InMemory();
        }
        throw new InvalidConfigurationException(
                "the registry does not remember blobs in memory (storage.cache.blobdescriptor): nothing has to be told "
                        + "to its replicas");
    }

    /** Whether a sweep has left blobs in place that a registry may remember until it is restarted. */
    public static boolean remember(Sweep sweep) {
        return sweep.spared().containsKey(WhyKept.REMEMBERED);
    }

    private static URI url(String text) {
        try {
            var url = new URI(text.replaceAll("/+$", ""));
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null && url.getQuery() == null && url.getFragment() == null) {
                if (url.getUserInfo() == null) {
                    return url;
                }
                // Not to be repeated: it has a password.
                throw new InvalidConfigurationException("the address of a replica at " + url.getHost()
                        + " has a user in it: write credentials into a file like docker's config.json");
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new InvalidConfigurationException(
                text + " is no address of a replica: write one as http://10.0.0.7:5000 or https://registry-0:5000");
    }
}
