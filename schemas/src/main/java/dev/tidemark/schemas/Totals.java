package dev.tidemark.schemas;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The totals of the marker's decision, as a value that adds up over the partitions.
 *
 * @param live blobs that are kept
 * @param eligible blobs to delete
 * @param kept blobs that are kept for no other reason than being young or pinned, by reason
 * @param liveManifests manifests that are kept, counted in each repository that holds them
 * @param eligibleManifests manifests to delete, likewise
 * @param eligibleTags tags to delete
 * @param freed bytes that each repository frees; a blob that several link is shared among them evenly, one that none
 *     links counts for the empty name. Only the {@value #LISTED} largest of a partition are listed
 * @param missing how many blobs are live and not there: images that are broken already
 * @param broken the first {@value #LISTED} of them
 * @param unlinked layer links of live manifests that are missing, while their blobs are there
 * @param wrongSizes blobs that are there with another size than a live manifest says: images that are broken already,
 *     too
 * @param leftovers what was left behind
 */
public record Totals(
        Tally live,
        Tally eligible,
        Map<String, Tally> kept,
        long liveManifests,
        long eligibleManifests,
        long eligibleTags,
        long liveLayerLinks,
        long eligibleLayerLinks,
        Map<String, Long> freed,
        long missing,
        List<Missing> broken,
        Unlinked unlinked,
        WrongSizes wrongSizes,
        Leftovers leftovers) {

    /** How many rows of a list a partition reports. */
    public static final int LISTED = 1000;

    public static final Totals NONE = only(0, Leftovers.NONE);

    public Totals {
        Fields.require(live, eligible);
        kept = kept == null ? Map.of() : Map.copyOf(kept);
        freed = freed == null ? Map.of() : Map.copyOf(freed);
        broken = broken == null ? List.of() : List.copyOf(broken);
        unlinked = unlinked == null ? Unlinked.NONE : unlinked;
        wrongSizes = wrongSizes == null ? WrongSizes.NONE : wrongSizes;
        leftovers = leftovers == null ? Leftovers.NONE : leftovers;
    }

    /** Where nothing was left behind. */
    public Totals(
            Tally live,
            Tally eligible,
            Map<String, Tally> kept,
            long liveManifests,
            long eligibleManifests,
            long eligibleTags,
            long liveLayerLinks,
            long eligibleLayerLinks,
            Map<String, Long> freed,
            long missing,
            List<Missing> broken,
            Unlinked unlinked,
            WrongSizes wrongSizes) {
        this(
                live,
                eligible,
                kept,
                liveManifests,
                eligibleManifests,
                eligibleTags,
                liveLayerLinks,
                eligibleLayerLinks,
                freed,
                missing,
                broken,
                unlinked,
                wrongSizes,
                Leftovers.NONE);
    }

    /** A live manifest names a blob that is not there; or it is not there itself, and an earlier run has read it. */
    public record Missing(String repository, Digest manifest, Digest blob) {

        public Missing {
            Fields.require(repository, manifest, blob);
        }
    }

    /**
     * Layer links that a live manifest needs in its repository and that are not there, while the blobs are: the
     * registry does not serve them.
     *
     * @param links how many
     * @param first the first {@value #LISTED} of them
     */
    public record Unlinked(long links, List<Missing> first) {

        public static final Unlinked NONE = new Unlinked(0, List.of());

        public Unlinked {
            first = first == null ? List.of() : List.copyOf(first);
        }

        Unlinked plus(Unlinked other) {
            return new Unlinked(links + other.links, listed(first, other.first));
        }
    }

    /**
     * A live manifest says another size of a blob than that has: a crash has cut it off, say.
     *
     * @param said bytes, as the manifest says
     * @param size bytes that the blob has
     */
    public record WrongSize(String repository, Digest manifest, Digest blob, long said, long size) {

        public WrongSize {
            Fields.require(repository, manifest, blob);
        }
    }

    /**
     * Blobs that have another size than a live manifest says. Clients don't take them.
     *
     * @param blobs how many, each counted once
     * @param first the first {@value #LISTED} of them, each with one of the manifests that say so
     */
    public record WrongSizes(long blobs, List<WrongSize> first) {

        public static final WrongSizes NONE = new WrongSizes(0, List.of());

        public WrongSizes {
            first = first == null ? List.of() : List.copyOf(first);
        }

        WrongSizes plus(WrongSizes other) {
            return new WrongSizes(blobs + other.blobs, listed(first, other.first));
        }
    }

    /**
     * The leftovers, by kind, with the bytes of their files.
     *
     * @param kept what is not eligible: for its age, or as its age can't be told, or as the run leaves it alone
     * @param eligible what is to be deleted
     */
    public record Leftovers(Map<Kind, Tally> kept, Map<Kind, Tally> eligible) {

        public static final Leftovers NONE = new Leftovers(Map.of(), Map.of());

        public Leftovers {
            kept = kept == null ? Map.of() : Map.copyOf(kept);
            eligible = eligible == null ? Map.of() : Map.copyOf(eligible);
        }

        /** Some of one kind. */
        public static Leftovers of(Kind kind, Tally tally, boolean eligible) {
            Map<Kind, Tally> some = Map.of(kind, tally);
            return eligible ? new Leftovers(Map.of(), some) : new Leftovers(some, Map.of());
        }

        public Leftovers plus(Leftovers other) {
            return new Leftovers(sum(kept, other.kept), sum(eligible, other.eligible));
        }

        private static Map<Kind, Tally> sum(Map<Kind, Tally> some, Map<Kind, Tally> more) {
            return Stream.of(some, more)
                    .flatMap(tallies -> tallies.entrySet().stream())
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Tally::plus));
        }

        /** How many there are to delete, of every kind. */
        long eligibleRecords() {
            return eligible.values().stream().mapToLong(Tally::count).sum();
        }
    }

    /** Of what was left behind, and of nothing else. */
    public static Totals of(Leftovers leftovers) {
        return only(0, leftovers);
    }

    /** Of tags to delete, and of nothing else. */
    public static Totals ofTags(long eligible) {
        return only(eligible, Leftovers.NONE);
    }

    private static Totals only(long eligibleTags, Leftovers leftovers) {
        return new Totals(
                Tally.NONE,
                Tally.NONE,
                Map.of(),
                0,
                0,
                eligibleTags,
                0,
                0,
                Map.of(),
                0,
                List.of(),
                Unlinked.NONE,
                WrongSizes.NONE,
                leftovers);
    }

    public Totals plus(Totals other) {
        return new Totals(
                live.plus(other.live),
                eligible.plus(other.eligible),
                Stream.of(kept, other.kept)
                        .flatMap(m -> m.entrySet().stream())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Tally::plus)),
                liveManifests + other.liveManifests,
                eligibleManifests + other.eligibleManifests,
                eligibleTags + other.eligibleTags,
                liveLayerLinks + other.liveLayerLinks,
                eligibleLayerLinks + other.eligibleLayerLinks,
                Stream.of(freed, other.freed)
                        .flatMap(m -> m.entrySet().stream())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum)),
                missing + other.missing,
                listed(broken, other.broken),
                unlinked.plus(other.unlinked),
                wrongSizes.plus(other.wrongSizes),
                leftovers.plus(other.leftovers));
    }

    /** The first {@value #LISTED} of both. */
    private static <T> List<T> listed(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).limit(LISTED).toList();
    }

    /** The repositories that free the most, largest first, with their bytes. */
    public Map<String, Long> mostFreed(int limit) {
        var most = new java.util.LinkedHashMap<String, Long>();
        new TreeMap<>(freed)
                .entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                        .limit(limit)
                        .forEach(entry -> most.put(entry.getKey(), entry.getValue()));
        return most;
    }

    /** How many records of {@code eligible} the sweeper is to work off, of every kind. */
    public long eligibleRecords() {
        return eligible.count() + eligibleTags + eligibleManifests + eligibleLayerLinks + leftovers.eligibleRecords();
    }

    /** The share of the blobs that is eligible, in percent: by number or by bytes, whichever is more. */
    public double percentEligible() {
        return Math.max(percent(eligible.count(), live.count()), percent(eligible.bytes(), live.bytes()));
    }

    private static double percent(long part, long rest) {
        return part == 0 ? 0 : 100.0 * part / ((double) part + rest);
    }
}
