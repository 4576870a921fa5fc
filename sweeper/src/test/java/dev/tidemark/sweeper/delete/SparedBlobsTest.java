package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.WhyKept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Blobs that stay, as something may still lead to them. */
class SparedBlobsTest extends OldRegistry {

    @Test
    void aBlobStaysWhereALinkToItWasSpared() {
        var deleter = deleter(storage());

        assertThat(sweep(deleter, new Candidate(blob(orphan), true, false)))
                .returns(Outcome.SPARED, DeletionRecord::outcome)
                .returns(WhyKept.STILL_NAMED, DeletionRecord::why);
        assertThat(registry.data(orphan)).exists();
    }

    @Test
    void aBlobStaysIfWhatNamesItCouldNotBeDeletedInTheSameGo() throws IOException {
        Path aside = registry.root().resolve("aside");
        Files.move(app.directory().resolve("_layers"), aside);
        Files.createSymbolicLink(app.directory().resolve("_layers"), aside);
        String layer = layerOf("image");

        List<DeletionRecord> deletions = together(List.of(layer("team/app", layer), blob(layer), blob(orphan)));

        assertThat(deletions)
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.FAILED, Outcome.SPARED, Outcome.DELETED);
        assertThat(deletions.get(1).why()).isEqualTo(WhyKept.STILL_NAMED);
        assertThat(registry.data(layer)).exists();
        assertThat(registry.data(orphan)).doesNotExist();
    }

    @Test
    void aBlobStaysIfWhatNamesItWasSparedInTheSameGo() {
        List<DeletionRecord> deletions = together(List.of(manifest("../app", image), blob(image), blob(orphan)));

        assertThat(deletions)
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.SPARED, Outcome.SPARED, Outcome.DELETED);
        assertThat(registry.data(image)).exists();
    }

    @Test
    void aBlobThatTheRegistryMayRememberStays() {
        List<String> asked = new ArrayList<>();
        var deleter = new Deleter(
                storage(),
                Optional.empty(),
                request(null),
                Rescued.NOTHING,
                new CachePurge(Optional.of(new Remembering(asked))));

        List<DeletionRecord> records = sweep(
                deleter,
                List.of(
                        new Candidate(manifest("team/app", image, "v1"), false, false),
                        new Candidate(blob(image), false, false),
                        new Candidate(blob(orphan), false, false)));

        assertThat(records)
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.DELETED, Outcome.SPARED, Outcome.SPARED);
        assertThat(records.getLast().why()).isEqualTo(WhyKept.REMEMBERED);
        assertThat(asked).containsExactly(image + " linked until now", orphan + " linked by nothing");
        assertThat(app.revision(image)).doesNotExist();
        assertThat(registry.data(image)).exists();
        assertThat(registry.data(orphan)).exists();
    }

    /** A registry that may remember each blob. */
    private record Remembering(List<String> asked) implements RegistryCache {

        @Override
        public void check() {
            // It answers.
        }

        @Override
        public void forget(List<Eligible> gone) {
            // It forgets what it can.
        }

        @Override
        public boolean remembers(Eligible blob, boolean linked) {
            return asked.add(blob.digest() + (linked ? " linked until now" : " linked by nothing"));
        }

        @Override
        public String remedy() {
            return "";
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }
}
