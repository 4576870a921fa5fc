package dev.tidemark.marker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Entry;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import dev.tidemark.testkit.Held;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Assertions about decisions of the marker: their order, their words and their totals. */
final class Decisions {

    private Decisions() {}

    /**
     * The tags; then one digest after the other, of each the manifests, the links and the blob; then the barrier with
     * its count.
     */
    static void assertInOrder(List<EligibleRecord> records) {
        Set<Digest> done = new HashSet<>();
        Eligible last = null;
        for (EligibleRecord record : records.subList(0, records.size() - 1)) {
            Eligible eligible = (Eligible) record;
            if (eligible.kind() == Kind.TAG) {
                assertThat(last).isNull();
                continue;
            }
            if (last != null && last.digest().equals(eligible.digest())) {
                assertThat(eligible.kind()).isGreaterThanOrEqualTo(last.kind());
            } else {
                assertThat(done.add(eligible.digest())).isTrue();
            }
            last = eligible;
        }
        assertThat(((EndOfEligible) records.get(records.size() - 1)).records()).isEqualTo(records.size() - 1L);
    }

    static void assertSaysWhatWasEnumerated(Eligible eligible, List<Held<?>> registry) {
        long modified = 0;
        long uploaded = 0;
        Set<String> history = new HashSet<>();
        for (Held<?> one : registry) {
            if (one.digest().equals(eligible.digest()) && Objects.equals(one.repository(), eligible.repository())) {
                Entry entry = one.entry();
                switch (entry) {
                    case Manifest m
                    when eligible.kind() == Kind.MANIFEST -> {
                        modified = Math.max(modified, m.modified());
                        history.addAll(m.history());
                    }
                    case Manifest m
                    when eligible.kind() == Kind.TAG ->
                        modified = m.going().stream()
                                .filter(going -> going.tag().equals(eligible.tag()))
                                .mapToLong(EnumeratedRecord.Going::pushed)
                                .max()
                                .orElse(modified);
                    case Layer l when eligible.kind() == Kind.LAYER -> modified = Math.max(modified, l.modified());
                    case Blob b
                    when eligible.kind() == Kind.BLOB -> {
                        modified = Math.max(modified, b.modified());
                        assertThat(eligible.bytes()).isEqualTo(b.size());
                    }
                    case Leftover l
                    when eligible.kind() == l.kind() -> {
                        modified = Math.max(modified, l.modified());
                        assertThat(eligible.path()).isEqualTo(l.path());
                        uploaded = Math.max(uploaded, l.bytes());
                    }
                    default -> {
                        // Of the same digest, and of another kind.
                    }
                }
            }
        }
        assertThat(eligible.modified()).isEqualTo(modified);
        assertThat(eligible.history()).containsExactlyInAnyOrderElementsOf(history);
        if (eligible.kind().leftover()) {
            assertThat(eligible.bytes()).isEqualTo(uploaded);
        } else {
            assertThat(eligible.bytes() > 0).isEqualTo(eligible.kind() == Kind.BLOB);
        }
    }

    static void assertAddsUp(List<RunRecord.Decided> decided, List<Held<?>> registry, Model model) {
        Totals totals = decided.stream().map(RunRecord.Decided::totals).reduce(Totals.NONE, Totals::plus);
        List<Blob> blobs = Held.entries(Blob.class, registry).toList();
        assertThat(totals.live().plus(totals.eligible()).count()).isEqualTo(blobs.size());
        assertThat(totals.live().plus(totals.eligible()).bytes())
                .isEqualTo(blobs.stream().mapToLong(Blob::size).sum());
        assertThat(totals.freed().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(totals.eligible().bytes());
        assertThat(totals.freed()).isEqualTo(model.freed());
        assertThat(totals.liveManifests() + totals.eligibleManifests())
                .isEqualTo(Held.only(Manifest.class, registry).size());
        assertThat(totals.liveLayerLinks() + totals.eligibleLayerLinks())
                .isEqualTo(Held.only(Layer.class, registry).size());
        assertThat(totals.leftovers()).isEqualTo(model.leftBehind());
        assertThat(totals.eligible().count()).isEqualTo(model.deadBlobs().size());
        assertThat(totals.liveManifests()).isEqualTo(model.liveManifests());
        assertThat(totals.eligibleRecords()).isEqualTo(model.eligible().size());
        Tally spared = totals.kept().values().stream().reduce(Tally.NONE, Tally::plus);
        assertThat(spared)
                .isEqualTo(new Tally(
                        model.spared().size(),
                        model.spared().stream()
                                .mapToLong(blob -> blob.entry().size())
                                .sum()));
        ModelFaults faults = model.faults();
        assertThat(totals.missing())
                .isEqualTo(faults.broken().stream()
                        .map(Totals.Missing::blob)
                        .distinct()
                        .count());
        assertThat(totals.broken()).hasSize((int) totals.missing()).isSubsetOf(faults.broken());
        assertThat(totals.unlinked().links())
                .isEqualTo(faults.unlinked().stream()
                        .map(link -> link.repository() + link.blob())
                        .distinct()
                        .count());
        assertThat(totals.unlinked().first())
                .hasSize((int) totals.unlinked().links())
                .isSubsetOf(faults.unlinked());
        assertThat(totals.wrongSizes().blobs())
                .isEqualTo(faults.wrongSizes().stream()
                        .map(Totals.WrongSize::blob)
                        .distinct()
                        .count());
        assertThat(totals.wrongSizes().first())
                .hasSize((int) totals.wrongSizes().blobs())
                .isSubsetOf(faults.wrongSizes());
        assertThat(totals.wrongSizes().first())
                .extracting(Totals.WrongSize::blob)
                .doesNotHaveDuplicates();
        assertThat(decided)
                .extracting(RunRecord.Decided::supersteps)
                .allMatch(s -> s <= model.rounds() + 3)
                .containsOnly(decided.get(0).supersteps());
    }
}
