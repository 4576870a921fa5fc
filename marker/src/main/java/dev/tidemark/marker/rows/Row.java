package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Sizes;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A row of the marker's store: one for each digest, one for each repository that links it, one for each repository
 * that holds it as a manifest, one for each repository that has referrers of it. A row whose run isn't the current one
 * is of the past: it counts as absent.
 */
public sealed interface Row permits Row.OfDigest, Row.OfLink, Row.OfManifest, Row.OfReferrers, LeftoverRow {

    /** The number of the run that wrote the row last. */
    long run();

    /**
     * The digest.
     *
     * @param reasons the bits of every {@link Reason} that makes it live; 0 as long as it isn't
     * @param present its blob is there
     * @param held a repository holds it as a manifest
     * @param expected something live references it, and its absence is damage
     * @param parent the first manifest that was met as its parent, or the first that says its size; or null
     * @param parentRepository where that manifest is held, or null
     * @param said the size that it says of the digest, in bytes; or {@link Sizes#UNKNOWN}
     * @param contrary the first manifest that was met and says another size, or null. One of two is wrong: no third is
     *     needed to tell whether any is
     * @param lastLive the last earlier run that found it live, or 0
     * @param unreferencedSince the first of the earlier runs that, up to the last one, all found it not live, or 0
     */
    record OfDigest(
            long run,
            int reasons,
            boolean present,
            long size,
            long modified,
            boolean held,
            boolean expected,
            Digest parent,
            String parentRepository,
            long said,
            Claim contrary,
            long lastLive,
            long unreferencedSince)
            implements Row {

        public static OfDigest unknown(long run) {
            return new OfDigest(run, 0, false, 0, 0, false, false, null, null, Sizes.UNKNOWN, null, 0, 0);
        }

        /** The row at the start of a later run. Only a run that came to its decision tells what was live in it. */
        public OfDigest carriedTo(long laterRun, boolean decided) {
            boolean unreferenced = decided && present && !live();
            return new OfDigest(
                    laterRun,
                    0,
                    false,
                    0,
                    0,
                    false,
                    false,
                    null,
                    null,
                    Sizes.UNKNOWN,
                    null,
                    decided && live() ? run : lastLive,
                    decided && !unreferenced ? 0 : unreferenced && unreferencedSince == 0 ? run : unreferencedSince);
        }

        public boolean live() {
            return reasons != 0;
        }

        public OfDigest with(Set<Reason> more) {
            int all = reasons;
            for (Reason reason : more) {
                all |= reason.bit();
            }
            return new OfDigest(
                    run,
                    all,
                    present,
                    size,
                    modified,
                    held,
                    expected,
                    parent,
                    parentRepository,
                    said,
                    contrary,
                    lastLive,
                    unreferencedSince);
        }

        /** @param saying the size that the manifest says; or {@link Sizes#UNKNOWN} */
        public OfDigest referencedBy(Digest by, String repository, boolean optional, long saying) {
            boolean more = saying != Sizes.UNKNOWN && saying != said;
            boolean first = parent == null || (!expected && !optional) || (said == Sizes.UNKNOWN && more);
            return new OfDigest(
                    run,
                    reasons | Reason.REFERENCED.bit(),
                    present,
                    size,
                    modified,
                    held,
                    expected || !optional,
                    first ? by : parent,
                    first ? repository : parentRepository,
                    first ? saying : said,
                    contrary == null && more && !first ? new Claim(by, repository, saying) : contrary,
                    lastLive,
                    unreferencedSince);
        }

        public OfDigest stored(long bytes, long at) {
            return new OfDigest(
                    run,
                    reasons,
                    true,
                    bytes,
                    at,
                    held,
                    expected,
                    parent,
                    parentRepository,
                    said,
                    contrary,
                    lastLive,
                    unreferencedSince);
        }

        /** A manifest that says another size than the blob has; empty if none does, or the blob's is not known. */
        public Optional<Claim> wrong() {
            if (!present || (size == 0 && modified == 0)) {
                return Optional.empty();
            }
            return said == Sizes.UNKNOWN || said == size
                    ? Optional.ofNullable(contrary)
                    : Optional.of(new Claim(parent, parentRepository, said));
        }

        public OfDigest heldAsManifest() {
            return new OfDigest(
                    run,
                    reasons,
                    present,
                    size,
                    modified,
                    true,
                    expected,
                    parent,
                    parentRepository,
                    said,
                    contrary,
                    lastLive,
                    unreferencedSince);
        }
    }

    /**
     * A manifest says the size of a digest.
     *
     * @param repository where it is held
     * @param size bytes
     */
    record Claim(Digest manifest, String repository, long size) {}

    /**
     * A repository's layer link to the digest.
     *
     * @param present the link is there: a mark may come before the link's record, or without one
     * @param live something live in the repository references the digest, or the link is young or pinned
     * @param target the digest that the link's content names, where it isn't the path's; or null
     * @param parent a manifest of the repository that needs the link, as long as it is not there; or null
     */
    record OfLink(long run, boolean present, boolean live, long modified, Digest target, Digest parent)
            implements Row {}

    /**
     * A repository holds the digest as a manifest.
     *
     * @param index whether its references are manifests, which need no layer links
     * @param going the tags that name it and that a policy lets go
     * @param subjects the manifest that it refers to; more, if records contradict each other
     */
    record OfManifest(
            long run,
            boolean dangling,
            boolean index,
            long modified,
            List<String> history,
            Map<String, Going> going,
            List<Reference> references,
            List<Digest> subjects)
            implements Row {

        /** The row of a record. */
        public static OfManifest of(long run, EnumeratedRecord.Manifest manifest) {
            var references = new LinkedHashSet<Reference>();
            int place = 0;
            for (Digest digest : manifest.references()) {
                references.add(new Reference(digest, false, manifest.sizes().at(place++)));
            }
            manifest.optionalReferences().forEach(digest -> references.add(Reference.optional(digest)));
            return new OfManifest(
                    run,
                    manifest.dangling(),
                    manifest.index(),
                    manifest.modified(),
                    manifest.history(),
                    manifest.going().stream()
                            .collect(Collectors.toUnmodifiableMap(
                                    EnumeratedRecord.Going::tag, tag -> new Going(tag.pushed(), run))),
                    List.copyOf(references),
                    manifest.subject() == null ? List.of() : List.of(manifest.subject()));
        }

        /**
         * The row of a later run: a tag goes since the run before, if it went there.
         *
         * @param decided whether that run is the last one that came to its decision
         */
        public OfManifest after(OfManifest before, boolean decided) {
            Map<String, Going> since = new HashMap<>(going);
            if (decided && !before.dangling) {
                since.replaceAll((tag, now) -> now.since(before.going.getOrDefault(tag, now)));
            }
            return new OfManifest(run, dangling, index, modified, history, Map.copyOf(since), references, subjects);
        }

        /** A repetition that says something else adds what it says: more is kept, never less. */
        public OfManifest plus(OfManifest again) {
            var allHistory = new LinkedHashSet<>(history);
            allHistory.addAll(again.history);
            var allReferences = new LinkedHashSet<>(references);
            allReferences.addAll(again.references);
            Map<String, Going> both = new HashMap<>(going);
            both.keySet().retainAll(again.going.keySet());
            var allSubjects = new LinkedHashSet<>(subjects);
            allSubjects.addAll(again.subjects);
            return new OfManifest(
                    run,
                    dangling && again.dangling,
                    index || again.index,
                    Math.max(modified, again.modified),
                    List.copyOf(allHistory),
                    Map.copyOf(both),
                    List.copyOf(allReferences),
                    List.copyOf(allSubjects));
        }
    }

    /**
     * The manifests of a repository whose subject the digest is, whether the repository holds that or not.
     *
     * @param digests of the referrers, each once
     */
    record OfReferrers(long run, List<Digest> digests) implements Row {

        public OfReferrers plus(Digest referrer) {
            return new OfReferrers(
                    run, Stream.concat(digests.stream(), Stream.of(referrer)).toList());
        }
    }

    /**
     * A tag that a policy lets go.
     *
     * @param pushed when its current link was last written, in ms since the epoch
     * @param since the number of the first run that found so, of those that followed each other up to this one
     */
    record Going(long pushed, long since) {

        private Going since(Going before) {
            return new Going(pushed, before.since);
        }
    }

    /**
     * A digest that a manifest names.
     *
     * @param said the size that it says, in bytes; or {@link Sizes#UNKNOWN}
     */
    record Reference(Digest digest, boolean optional, long said) {

        /** One whose absence is no damage. */
        public static Reference optional(Digest digest) {
            return new Reference(digest, true, Sizes.UNKNOWN);
        }
    }
}
