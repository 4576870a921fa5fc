package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.FakeLane;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.order.Batch;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry of two days ago, and what a deleter makes of the candidates that lie in it. */
abstract class OldRegistry {

    static final RunId RUN = new RunId("20260101-000000");
    static final String UPLOAD = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";

    @TempDir
    Path directory;

    RegistryOnDisk registry;
    RepositoryOnDisk app;
    String image;
    String later;
    String orphan;
    Options options;

    @BeforeEach
    void anOldRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        image = app.image("image");
        later = app.image("later");
        app.tag("v1", image).tag("v1", later);
        orphan = registry.blob("orphan");
        registry.age(Duration.ofDays(2));
        options = new Options(
                Instant.now().minus(Duration.ofDays(1)).toEpochMilli(),
                true,
                false,
                Instant.now().minus(Duration.ofDays(7)).toEpochMilli());
    }

    Requested request(RunId approves) {
        return new Requested(RUN, 0, options, 75, "test", approves, null, null);
    }

    /** Without a trash, and with no cache of the registry to purge. */
    Deleter deleter(Storage storage) {
        return new Deleter(storage, Optional.empty(), request(null), Rescued.NOTHING, new CachePurge(Optional.empty()));
    }

    DeletionRecord sweep(Eligible eligible) {
        return sweep(deleter(storage()), new Candidate(eligible, false, false));
    }

    static DeletionRecord sweep(Deleter deleter, Candidate candidate) {
        return sweep(deleter, List.of(candidate)).getFirst();
    }

    static List<DeletionRecord> sweep(Deleter deleter, List<Candidate> candidates) {
        var batch = new Batch(candidates, Optional.empty());
        try {
            assertThat(deleter.delete(batch, new FakeLane(0))).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return batch.done(0).stream().map(Batch.Done::deletion).toList();
    }

    List<DeletionRecord> together(List<Eligible> all) {
        return sweep(
                deleter(storage()),
                all.stream()
                        .map(eligible -> new Candidate(eligible, false, false))
                        .toList());
    }

    FilesystemStorage storage() {
        return FilesystemStorage.open(registry.root());
    }

    static String layerOf(String seed) {
        return RegistryOnDisk.sha256((seed + ", layer 1").getBytes(StandardCharsets.UTF_8));
    }

    static Digest digest(String text) {
        return Digest.parse(text);
    }

    static Eligible manifest(String repository, String digest, String... history) {
        return new Eligible(RUN, Kind.MANIFEST, digest(digest), repository, null, 0, "test", 0, List.of(history), RUN);
    }

    static Eligible tag(String name, String digest) {
        return new Eligible(RUN, Kind.TAG, digest(digest), "team/app", name, 0, "test", 0, List.of(), RUN);
    }

    static Eligible layer(String repository, String digest) {
        return new Eligible(RUN, Kind.LAYER, digest(digest), repository, null, 0, "test", 0, List.of(), RUN);
    }

    static Eligible blob(String digest) {
        return new Eligible(RUN, Kind.BLOB, digest(digest), null, null, 1, "test", 0, List.of(), RUN);
    }

    static Eligible upload(String repository, String id) {
        return new Eligible(
                RUN,
                Kind.UPLOAD,
                Layout.uploadDigest(repository, id),
                repository,
                null,
                Layout.uploadPath(id),
                7,
                "test",
                0,
                List.of(),
                RUN);
    }

    /** @param path null for the repository itself */
    static Eligible empty(String repository, String path) {
        return new Eligible(
                RUN,
                path == null ? Kind.REPOSITORY : Kind.DIRECTORY,
                Layout.leftoverDigest(repository, path),
                repository,
                null,
                path,
                0,
                "test",
                0,
                List.of(),
                RUN);
    }
}
