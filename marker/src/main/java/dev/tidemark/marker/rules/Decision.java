package dev.tidemark.marker.rules;

import dev.tidemark.marker.rows.LeftoverRow;
import dev.tidemark.marker.rows.Reason;
import dev.tidemark.marker.rows.Row;
import dev.tidemark.marker.rows.RowGroup;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Walks a slice of a partition's digests, and says which of them, and which links and manifests, are eligible. */
final class Decision {

    private final RunId run;
    private final long runNumber;
    private final EnumeratedRecord.Options options;

    private long eligible;
    private Tally live = Tally.NONE;
    private Tally dead = Tally.NONE;
    private final Map<String, Tally> kept = new TreeMap<>();
    private long liveManifests;
    private long deadManifests;
    private long liveLinks;
    private long deadLinks;
    private final Map<String, Long> freed = new HashMap<>();
    private Totals.Leftovers leftovers = Totals.Leftovers.NONE;
    private final Listed<Totals.Missing> missing = new Listed<>();
    private final Listed<Totals.Missing> unlinked = new Listed<>();
    private final Listed<Totals.WrongSize> wrongSizes = new Listed<>();

    /** How many there are, and the first of them. */
    private static final class Listed<T> {

        private final List<T> first = new ArrayList<>();
        private long count;

        private void add(T one) {
            count++;
            if (first.size() < Totals.LISTED) {
                first.add(one);
            }
        }
    }

    Decision(RunId run, EnumeratedRecord.Options options) {
        this.run = run;
        this.options = options;
        this.runNumber = run.number();
    }

    /** Decides on a digest. */
    void decide(RowGroup group, Consumer<EligibleRecord> out) {
        if (group.leftover() != null) {
            leftover(group.digest(), group.leftover(), out);
        }
        Row.OfDigest row = group.own() == null ? Row.OfDigest.unknown(runNumber) : group.own();
        RunId since = row.live() ? null : row.unreferencedSince() == 0 ? run : RunId.of(row.unreferencedSince());
        group.manifests().forEach((repository, manifest) -> {
            if (row.live() || manifest.dangling()) {
                liveManifests++;
            } else {
                deadManifests++;
                emit(
                        out,
                        new Eligible(
                                run,
                                Kind.MANIFEST,
                                group.digest(),
                                repository,
                                null,
                                0,
                                "no tag names it, and nothing live references it",
                                manifest.modified(),
                                manifest.history(),
                                since));
            }
        });
        group.links().forEach((repository, link) -> {
            if (!link.present()) {
                if (link.parent() != null && row.present()) {
                    unlinked.add(new Totals.Missing(repository, link.parent(), group.digest()));
                }
                return;
            }
            // Registries of 2.1.0 linked manifests as layers, and serve them by that link still.
            boolean linksManifest = row.live() && group.manifests().containsKey(repository);
            if (link.live() || linksManifest) {
                liveLinks++;
            } else {
                deadLinks++;
                emit(
                        out,
                        new Eligible(
                                run,
                                Kind.LAYER,
                                group.digest(),
                                repository,
                                null,
                                0,
                                "no live manifest of the repository references it",
                                link.modified(),
                                List.of(),
                                since));
            }
        });
        row.wrong()
                .ifPresent(claim -> wrongSizes.add(new Totals.WrongSize(
                        claim.repository(), claim.manifest(), group.digest(), claim.size(), row.size())));
        if (row.present() && !row.live()) {
            dead = dead.plus(row.size());
            share(group, row.size());
            emit(
                    out,
                    new Eligible(
                            run,
                            Kind.BLOB,
                            group.digest(),
                            null,
                            null,
                            row.size(),
                            "nothing live references it",
                            row.modified(),
                            List.of(),
                            since));
        } else if (row.present()) {
            live = live.plus(row.size());
            Reason sparing = Reason.sparing(row.reasons());
            if (sparing != null) {
                kept.merge(sparing.words(), new Tally(1, row.size()), Tally::plus);
            }
        } else if (row.expected()) {
            missing.add(new Totals.Missing(row.parentRepository(), row.parent(), group.digest()));
        } else if (row.live()) {
            // Known from an earlier run, and gone since. One that was pushed after the blobs were listed is young.
            group.manifests().entrySet().stream()
                    .filter(held -> !held.getValue().dangling()
                            && !options.young(held.getValue().modified()))
                    .findFirst()
                    .ifPresent(held -> missing.add(new Totals.Missing(held.getKey(), group.digest(), group.digest())));
        }
    }

    private void leftover(Digest digest, LeftoverRow leftover, Consumer<EligibleRecord> out) {
        boolean goes = leftover.since() != 0;
        leftovers = leftovers.plus(Totals.Leftovers.of(leftover.kind(), new Tally(1, leftover.bytes()), goes));
        if (goes) {
            emit(
                    out,
                    new Eligible(
                            run,
                            leftover.kind(),
                            digest,
                            leftover.repository(),
                            null,
                            leftover.path(),
                            leftover.bytes(),
                            reason(leftover.kind()),
                            leftover.modified(),
                            List.of(),
                            RunId.of(leftover.since())));
        }
    }

    private static String reason(Kind kind) {
        return switch (kind) {
            case UPLOAD, MULTIPART -> "nobody has finished it";
            case LINK -> "what it names is not there";
            default -> "nothing is in it";
        };
    }

    private void emit(Consumer<EligibleRecord> out, Eligible record) {
        eligible++;
        out.accept(record);
    }

    private void share(RowGroup group, long bytes) {
        var holders = new TreeSet<String>();
        group.links().forEach((repository, link) -> {
            if (link.present()) {
                holders.add(repository);
            }
        });
        holders.addAll(group.manifests().keySet());
        if (holders.isEmpty()) {
            holders.add("");
        }
        long rest = bytes % holders.size();
        for (String repository : holders) {
            long share = bytes / holders.size() + (rest-- > 0 ? 1 : 0);
            if (share > 0) {
                freed.merge(repository, share, Long::sum);
            }
        }
    }

    /** How many records the slice wrote. */
    long eligible() {
        return eligible;
    }

    /** The slice's part of the partition's totals. */
    Totals totals() {
        return new Totals(
                live,
                dead,
                kept,
                liveManifests,
                deadManifests,
                0,
                liveLinks,
                deadLinks,
                freed,
                missing.count,
                missing.first,
                new Totals.Unlinked(unlinked.count, unlinked.first),
                new Totals.WrongSizes(wrongSizes.count, wrongSizes.first),
                leftovers);
    }

    /** The totals with no more repositories than a partition reports. */
    static Totals trimmed(Totals totals) {
        return totals.freed().size() <= Totals.LISTED
                ? totals
                : new Totals(
                        totals.live(),
                        totals.eligible(),
                        totals.kept(),
                        totals.liveManifests(),
                        totals.eligibleManifests(),
                        totals.eligibleTags(),
                        totals.liveLayerLinks(),
                        totals.eligibleLayerLinks(),
                        totals.mostFreed(Totals.LISTED),
                        totals.missing(),
                        totals.broken(),
                        totals.unlinked(),
                        totals.wrongSizes(),
                        totals.leftovers());
    }
}
