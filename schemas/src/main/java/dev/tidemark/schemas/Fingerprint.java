package dev.tidemark.schemas;

import java.util.List;
import java.util.stream.Stream;

/**
 * The signs that tell a storage from any other, and from a copy of it, as a value that adds up over a run's items.
 *
 * @param witnesses blobs that are in it
 * @param newestLink when the newest of its revision and layer links was written, those left out that are young in the
 *     run, in ms since the epoch; 0 if there is none
 */
public record Fingerprint(List<Witness> witnesses, long newestLink) {

    /** How many witnesses there are at most, of a plan, or of all items together. */
    public static final int MOST = 16;

    /** Of nothing. */
    public static final Fingerprint NONE = new Fingerprint(List.of(), 0);

    public Fingerprint {
        witnesses = witnesses == null ? List.of() : List.copyOf(witnesses);
    }

    /** Of both. Of the blobs, those that were written last. */
    Fingerprint plus(Fingerprint other) {
        return new Fingerprint(
                Stream.concat(witnesses.stream(), other.witnesses.stream())
                        .sorted(Witness.LATEST)
                        .limit(MOST)
                        .toList(),
                Math.max(newestLink, other.newestLink));
    }

    /** With witnesses before its own. */
    Fingerprint after(List<Witness> chosen) {
        return new Fingerprint(
                Stream.concat(chosen.stream(), witnesses.stream()).distinct().toList(), newestLink);
    }

    /** Whether a link that is not young was written later than any that is known. */
    public boolean before(long link) {
        return link > newestLink + Witness.TIMES_DIFFER.toMillis();
    }
}
