package dev.tidemark.cli.command;

import dev.tidemark.schemas.Run;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.Replicas;
import java.util.Optional;

/** The line at the end of a summary that says what to do about a registry's cache. */
final class CacheAdvice {

    private static final String HOW = "('docker restart NAME', 'kubectl rollout restart deployment/NAME')";

    private CacheAdvice() {}

    /**
     * Empty if there is nothing to be done, as no cache outlives what was or would be swept.
     *
     * @param told whether the replicas of a registry that remembers in memory are told what is gone
     */
    static Optional<String> of(CacheSettings cache, boolean told, Run run) {
        boolean sweptAny = run.sweep().deleted().values().stream().anyMatch(tally -> tally.count() > 0);
        boolean wouldSweep = run.swept().isEmpty()
                && run.totals().eligible().count()
                                + run.totals().eligibleManifests()
                                + run.totals().eligibleLayerLinks()
                        > 0;
        if (!sweptAny && !wouldSweep) {
            return Optional.empty();
        }
        return switch (cache) {
            case CacheSettings.InMemory memory
            when told -> sweptAny && !Replicas.remember(run.sweep()) ? Optional.empty() : Optional.of(told());
            case CacheSettings.InMemory memory -> Optional.of(sweptAny ? swept() : before());
            case CacheSettings.Unknown unknown -> Optional.of(unknown(sweptAny));
            case CacheSettings.Unreadable(String why) -> Optional.of(why);
            case CacheSettings.None none -> Optional.empty();
            case CacheSettings.Redis redis -> Optional.empty();
        };
    }

    private static String swept() {
        return "Restart each replica of the registry now " + HOW + ": it remembers in memory the blobs that are gone, "
                + "and until then accepts pushes that name them without their upload.";
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
                + (swept ? "restart each replica now " : "each replica has to be restarted after a sweep ") + HOW
                + ": it remembers blobs that are gone. With the config.yml in place of the directory this is known.";
    }
}
