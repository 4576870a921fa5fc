package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.Watched;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Uploads that nobody has finished: what goes of them, and which of them stay. */
class DeletedUploadsTest extends OldRegistry {

    @Test
    void anUploadGoesWithItsDirectories() {
        app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));

        assertThat(sweep(upload("team/app", UPLOAD)))
                .returns(Outcome.DELETED, DeletionRecord::outcome)
                .returns(7L, DeletionRecord::bytes)
                .returns(Layout.uploadPath(UPLOAD), DeletionRecord::path);
        assertThat(app.directory().resolve("_uploads")).doesNotExist();
        assertThat(app.directory().resolve("_layers")).exists();

        assertThat(sweep(upload("team/app", UPLOAD)).outcome()).isEqualTo(Outcome.ALREADY_GONE);
    }

    /** From then on the registry refuses to go on with it: a client that does so begins anew. */
    @Test
    void theStartOfAnUploadGoesBeforeTheRest() {
        Path upload = app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        List<String> gone = new ArrayList<>();
        var watched = new Watched(storage());
        watched.afterDeletion = path -> {
            if (gone.isEmpty()) {
                assertThat(upload.resolve("data")).exists();
            }
            gone.add(path);
        };

        sweep(deleter(watched), List.of(new Candidate(upload("team/app", UPLOAD), false, false)));

        assertThat(gone).hasSize(3).startsWith(Layout.uploadStart("team/app", UPLOAD));
    }

    @Test
    void anUploadStaysThatSomebodyHasGoneOnWith() throws IOException {
        Path upload = app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        RegistryOnDisk.age(upload.resolve("data"), Duration.ofDays(6));
        assertThat(sweep(upload("team/app", UPLOAD)))
                .returns(Outcome.SPARED, DeletionRecord::outcome)
                .returns(WhyKept.YOUNG, DeletionRecord::why);

        registry.age(Duration.ofDays(8));
        Files.writeString(upload.resolve("startedat"), Instant.now().toString());
        RegistryOnDisk.age(upload.resolve("startedat"), Duration.ofDays(8));
        assertThat(sweep(upload("team/app", UPLOAD)).why()).isEqualTo(WhyKept.YOUNG);

        Files.writeString(upload.resolve("startedat"), "");
        RegistryOnDisk.age(upload.resolve("startedat"), Duration.ofDays(8));
        assertThat(sweep(upload("team/app", UPLOAD)).why()).isEqualTo(WhyKept.AGELESS);
        assertThat(upload.resolve("data")).exists();
    }

    /** The run may have waited for its approval since. */
    @Test
    void anUploadStaysWhoseRepositoryIsHeldSinceTheRunBegan() {
        Path upload = app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        var held = new Holds(List.of(new Hold("team/*", null, null, "operator", 0, null)));
        var deleter = new Deleter(
                storage(),
                Optional.empty(),
                request(null),
                new Rescued(Set.of(), held),
                new CachePurge(Optional.empty()));

        assertThat(sweep(deleter, new Candidate(upload("team/app", UPLOAD), false, false)))
                .returns(Outcome.SPARED, DeletionRecord::outcome)
                .returns(WhyKept.RESCUED, DeletionRecord::why);
        assertThat(upload.resolve("startedat")).exists();
    }

    /** Without a trash nothing brings it back. */
    @Test
    void anUploadStaysThatIsGoneOnWithWhileAnotherOfItsBatchGoes() {
        String second = UPLOAD.replace('3', '4');
        Path goneOn = app.upload(second, Instant.now().minus(Duration.ofDays(8)));
        app.upload(UPLOAD, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        var watched = new Watched(storage());
        watched.afterDeletion = path -> RegistryOnDisk.age(goneOn.resolve("data"), Duration.ZERO);

        List<DeletionRecord> done = sweep(
                deleter(watched),
                List.of(
                        new Candidate(upload("team/app", UPLOAD), false, false),
                        new Candidate(upload("team/app", second), false, false)));

        assertThat(done).extracting(DeletionRecord::outcome).containsExactly(Outcome.DELETED, Outcome.SPARED);
        assertThat(goneOn.resolve("startedat")).exists();
    }
}
