package dev.tidemark.cli.command;

import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Run;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.cache.Replicas;
import java.util.Optional;

/** The line at the end of a summary that says what to do about a registry's cache. */
final class CacheAdvice {

    private static final String HOW = "('docker restart NAME', 'kubectl rollout restart deployment/NAME')";

    private CacheAdvice() {}

    /** Empty if there is nothing to be done, as no cache outlives what was or would be swept, or nobody has decided. */
    static Optional<String> of(Run run) {
        return of(run, Replicas.remember(run.sweep()));
    }

    /**
     * Of a run of this process, which knows why the cache can't be read.
     *
     * @param told whether the replicas of a registry that remembers in memory are told what is gone
     */
    static Optional<String> of(CacheSettings cache, boolean told, Run run) {
        return cache instanceof CacheSettings.Unreadable(String why) ? Optional.of(why) : of(run, told);
    }

    private static Optional<String> of(Run run, boolean told) {
        if (!run.allDecided()) {
            return Optional.empty();
        }
        boolean sweptAny = run.sweep().deleted().values().stream().anyMatch(tally -> tally.count() > 0);
        boolean wouldSweep = run.swept().isEmpty()
                && run.totals().eligible().count()
                                + run.totals().eligibleManifests()
                                + run.totals().eligibleLayerLinks()
                        > 0;
        if (!sweptAny && !wouldSweep) {
            return Optional.empty();
        }
        DescriptorCache cache = run.enumerated().cache();
        if (told && (cache == DescriptorCache.IN_MEMORY || cache == DescriptorCache.UNKNOWN)) {
            return sweptAny && !Replicas.remember(run.sweep()) ? Optional.empty() : Optional.of(told());
        }
        return switch (cache) {
            case IN_MEMORY -> Optional.of(sweptAny ? swept() : before());
            case UNKNOWN -> Optional.of(unknown(sweptAny));
            case UNREADABLE ->
                Optional.of("The registry's configuration of its cache (storage.cache) can't be read. Correct it: "
                        + "nothing is deleted that the cache may still say it has.");
            case NONE, REDIS -> Optional.empty();
        };
    }

    private static String swept() {
        return "Restart each replica of the registry now " + HOW + " unless that was done since: it remembers in "
                + "memory the blobs that are gone, and until then accepts pushes that name them without their upload.";
    }

    private static String told() {
        return "The registry remembers manifests in memory, so their blobs stay. To free them, restart each replica "
                + HOW + ", then collect with --registry-restarted.";
    }

    private static String before() {
        return "The registry remembers its blobs in memory (storage.cache.blobdescriptor: inmemory): after a sweep it "
                + "accepts pushes that name what is gone, without its upload, until each replica is restarted " + HOW
                + ".";
    }

    private static String unknown(boolean swept) {
        return "If the registry's config.yml says 'blobdescriptor: inmemory', as the stock one does, "
                + (swept
                        ? "restart each replica that was not restarted since "
                        : "each replica has to be restarted after a sweep ")
                + HOW
                + ": it remembers blobs that are gone. So the trash keeps for 24h what is swept. Name the config.yml "
                + "in place of the directory: this is known then. --keep-trash 0 says that there is no such cache.";
    }
}
