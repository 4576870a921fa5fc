package dev.tidemark.enumerator.known;

import dev.tidemark.enumerator.read.DanglingSource;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.RunId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The links of a repository that earlier runs have found to name what is not there. A run that did not find it so, or
 * did not look, begins anew: what it names may have been there in between.
 */
public final class KnownDangling implements DanglingSource {

    /** Two runs that follow each other are no further apart: a clock may say 1970 until it is set. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private static final String KEPT = "the run keeps what is dangling";

    private final RunId run;
    private final LongSupplier now;
    private final boolean kept;
    private final Supplier<Optional<RunId>> before;
    private final Function<String, Optional<KnownSubject>> earlier;
    private final Map<String, KnownSubject> updates = new HashMap<>();

    /**
     * @param now asked when the run has looked, in ms since the epoch
     * @param kept whether the run keeps all of them
     * @param before the last run before it that has seen all there was
     * @param earlier the links that earlier runs have found so, by their paths
     */
    public KnownDangling(
            RunId run,
            LongSupplier now,
            boolean kept,
            Supplier<Optional<RunId>> before,
            Function<String, Optional<KnownSubject>> earlier) {
        this.run = run;
        this.now = now;
        this.kept = kept;
        this.before = before;
        this.earlier = earlier;
    }

    @Override
    public long since(String file) {
        long since = earlier.apply(file)
                .filter(known -> known.gone() != null && followed(known.run()))
                .map(KnownSubject::gone)
                .orElseGet(now::getAsLong);
        updates.put(file, new KnownSubject(run, since));
        return since;
    }

    /** Whether no run has seen all there was since that one, and that one was not too long ago. */
    private boolean followed(RunId seen) {
        return !seen.olderThan(LONGEST, run)
                && before.get().filter(last -> seen.compareTo(last) >= 0).isPresent();
    }

    @Override
    public String kept() {
        return kept ? KEPT : null;
    }

    /** The records to write down for later runs, by their keys. */
    public Map<String, KnownSubject> updates() {
        return updates;
    }
}
