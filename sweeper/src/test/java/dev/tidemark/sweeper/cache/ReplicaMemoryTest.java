package dev.tidemark.sweeper.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.cache.FakeReplica.Answer;
import dev.tidemark.sweeper.cache.FakeReplica.Request;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry's replicas are asked, and what is made of their answers. The real registry has its own test. */
class ReplicaMemoryTest {

    private static final RunId BEFORE = new RunId("20260101-000000");
    private static final RunId RUN = new RunId("20260103-000000");
    private static final Instant BETWEEN = Instant.parse("2026-01-02T00:00:00Z");
    private static final String UPLOAD = "d5a19016-e603-4e55-957f-6cf20601537e";

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        app.image("image");
    }

    @Test
    void eachReplicaForgetsWhatIsGone() throws IOException {
        try (var one = new FakeReplica(request -> Answer.of(202));
                var other = new FakeReplica(request -> Answer.of(404));
                var memory = memory(one, other)) {
            memory.forget(List.of(link(Kind.LAYER, "a"), link(Kind.MANIFEST, "b"), blob(digest("c"), BEFORE)));

            assertThat(List.of(one, other))
                    .allSatisfy(replica -> assertThat(replica.requests())
                            .extracting(Request::toString)
                            .containsExactlyInAnyOrder(
                                    "DELETE /v2/team/app/blobs/" + digest("a"),
                                    "DELETE /v2/team/app/blobs/" + digest("b")));
        }
    }

    /** The registry would delete the link: of somebody who has pushed it again, or that could not be moved. */
    @Test
    void nothingIsAskedAboutALinkThatIsThere() throws IOException {
        try (var replica = new FakeReplica(request -> Answer.of(202));
                var memory = memory(replica)) {
            String layer = app.layer("layer");

            memory.forget(List.of(new Eligible(
                    RUN, Kind.LAYER, Digest.parse(layer), "team/app", null, 0, "test", 0, List.of(), null)));

            assertThat(replica.requests()).isEmpty();
        }
    }

    /** Version 3 reports that the link was gone before. The entry is cleared, as a second request shows. */
    @Test
    void anEntryWithoutALinkIsClearedInVersion3() throws IOException {
        try (var replica = answering(500, 404);
                var memory = memory(replica)) {
            memory.forget(List.of(link(Kind.LAYER, "a")));
            assertThat(replica.requests()).hasSize(2);
        }
    }

    @Test
    void aReplicaThatIsBusyIsAskedAgainAndOneThatStaysAwayEndsTheSweep() throws IOException {
        try (var replica = answering(503, 202);
                var memory = memory(replica)) {
            memory.forget(List.of(link(Kind.LAYER, "a")));
            assertThat(replica.requests()).hasSize(2);
        }
        var gone = new FakeReplica(request -> Answer.of(202));
        try (var memory = memory(gone)) {
            gone.close();
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> memory.forget(List.of(link(Kind.LAYER, "a"))))
                    .withMessageStartingWith(
                            "the registry's replica at " + gone.url() + " can't be told what is gone: ");
        }
    }

    @Test
    void aRegistryThatAllowsNoDeletesIsRefused() throws IOException {
        try (var replica = new FakeReplica(request -> Answer.of(405));
                var memory = memory(replica)) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(memory::check)
                    .withMessageContaining(" answers 405 to DELETE: it has to have storage.delete.enabled: true");
        }
    }

    @Test
    void credentialsThatAreRefusedAreSaid() throws IOException {
        try (var replica = new FakeReplica(request -> Answer.of(401));
                var memory = memory(replica)) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(memory::check)
                    .withMessageContaining(" answers 401 to DELETE: give it credentials (--registry-auth)");
        }
    }

    @Test
    void aRegistryOfAnotherStorageIsRefused() throws IOException {
        try (var replica = new FakeReplica(ReplicaMemoryTest::registryAnswer);
                var memory = memory(replica)) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(memory::check)
                    .withMessageContaining(" has another storage than " + registry.root());
            assertThat(replica.requests())
                    .extracting(Request::toString)
                    .containsExactly(
                            "DELETE /v2/tidemark/probe/blobs/sha256:" + "0".repeat(64),
                            "POST /v2/tidemark/probe/blobs/uploads/",
                            "DELETE /v2/tidemark/probe/blobs/uploads/" + UPLOAD);
        }
    }

    @Test
    void aReplicaShowsItsStorageByAnUploadOfWhichNothingStays() throws IOException {
        Path upload = registry.base().resolve("repositories/tidemark/probe/_uploads/" + UPLOAD);
        try (var replica = new FakeReplica(request -> {
                    if (request.method().equals("POST")) {
                        RegistryOnDisk.write(upload.resolve("startedat"), new byte[] {1});
                        RegistryOnDisk.write(upload.resolve("hashstates/sha256/0"), new byte[] {1});
                    } else if (request.path().contains(UPLOAD)) {
                        RegistryOnDisk.remove(upload.resolve("startedat"));
                    }
                    return registryAnswer(request);
                });
                var memory = memory(replica)) {
            memory.check();
        }
        assertThat(registry.base().resolve("repositories/tidemark")).doesNotExist();
    }

    @Test
    void aTokenIsFetchedWhereOneIsAskedFor() throws IOException {
        try (var tokens = new FakeReplica(
                        request -> new Answer(200, Map.of(), "{\"token\": \"good\", \"expires_in\": 300}"));
                var replica = new FakeReplica(request -> request.authorization().equals("Bearer good")
                        ? Answer.of(202)
                        : new Answer(
                                401,
                                Map.of(
                                        "WWW-Authenticate",
                                        "Bearer realm=\"" + tokens.url() + "/token\",service=\"the registry\","
                                                + "scope=\"repository:team/app:delete\""),
                                ""))) {
            Path config = Files.writeString(directory.resolve("config.json"), """
                {"auths": {"%s": {"auth": "dXNlcjpwYXNz"}}}
                """.formatted(replica.address()));
            try (var memory = memory(Optional.of(config), Optional.empty(), replica)) {
                memory.forget(List.of(link(Kind.LAYER, "a")));
                memory.forget(List.of(link(Kind.LAYER, "b")));
            }
            assertThat(replica.requests())
                    .extracting(Request::authorization)
                    .containsExactly("Basic dXNlcjpwYXNz", "Bearer good", "Bearer good");
            assertThat(tokens.requests()).singleElement().satisfies(request -> {
                assertThat(request.authorization()).isEqualTo("Basic dXNlcjpwYXNz");
                assertThat(request.query()).isEqualTo("service=the+registry&scope=repository%3Ateam%2Fapp%3Adelete");
            });
        }
    }

    @Test
    void anIdentityTokenBuysTokensAndARegistryTokenIsShown() throws IOException {
        try (var tokens = new FakeReplica(request -> new Answer(200, Map.of(), "{\"access_token\": \"good\"}"));
                var replica = new FakeReplica(request -> request.authorization().startsWith("Bearer ")
                        ? Answer.of(202)
                        : new Answer(401, Map.of("WWW-Authenticate", "Bearer realm=\"" + tokens.url() + "\""), ""))) {
            Path identity = Files.writeString(directory.resolve("identity.json"), """
                {"auths": {"%s": {"identitytoken": "one&only"}}}
                """.formatted(replica.url()));
            try (var memory = memory(Optional.of(identity), Optional.empty(), replica)) {
                memory.forget(List.of(link(Kind.LAYER, "a")));
            }
            assertThat(tokens.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.body()).contains("refresh_token=one%26only"));

            Path shown = Files.writeString(directory.resolve("shown.json"), """
                {"auths": {"%s": {"registrytoken": "as it is"}}}
                """.formatted(replica.address()));
            try (var memory = memory(Optional.of(shown), Optional.empty(), replica)) {
                memory.forget(List.of(link(Kind.LAYER, "a")));
            }
            assertThat(replica.requests().getLast().authorization()).isEqualTo("Bearer as it is");
        }
    }

    @Test
    void manifestsAreRememberedAndNothingElse() throws IOException {
        try (var replica = new FakeReplica(request -> Answer.of(404));
                var memory = memory(replica)) {
            assertThat(memory.remembers(blob(registry.blob("{\"schemaVersion\": 2, \"layers\": []}"), null), false))
                    .isTrue();
            assertThat(memory.remembers(blob(registry.blob(" \n".repeat(500) + "{\"SchemaVersion\": 1}"), null), false))
                    .isTrue();
            assertThat(memory.remembers(blob(registry.blob("{\"schemaVersion\": 2, cut off"), null), false))
                    .isTrue();
            assertThat(memory.remembers(blob(registry.blob("{\"architecture\": \"amd64\"}"), null), false))
                    .isFalse();
            assertThat(memory.remembers(blob(registry.blob("a layer"), null), false))
                    .isFalse();
        }
    }

    @Test
    void aManifestIsForgottenByARestartIfNothingHasLinkedItSince() throws IOException {
        Digest manifest = Digest.parse(registry.blob("{\"schemaVersion\": 2}"));
        try (var replica = new FakeReplica(request -> Answer.of(404))) {
            try (var memory = memory(Optional.empty(), Optional.of(BETWEEN), replica)) {
                assertThat(memory.remembers(blob(manifest, BEFORE), false)).isFalse();
                assertThat(memory.remembers(blob(manifest, BEFORE), true))
                        .as("linked until now")
                        .isTrue();
                assertThat(memory.remembers(blob(manifest, RUN), false))
                        .as("linked at the run before, as far as is known")
                        .isTrue();
                assertThat(memory.remembers(blob(manifest, null), false)).isTrue();
            }
            try (var memory = memory(Optional.empty(), Optional.of(BEFORE.time()), replica)) {
                assertThat(memory.remembers(blob(manifest, BEFORE), false))
                        .as("no restart since")
                        .isTrue();
            }
        }
    }

    private ReplicaMemory memory(FakeReplica... replicas) {
        return memory(Optional.empty(), Optional.empty(), replicas);
    }

    private ReplicaMemory memory(Optional<Path> auth, Optional<Instant> restarted, FakeReplica... replicas) {
        List<String> urls = new ArrayList<>();
        for (FakeReplica replica : replicas) {
            urls.add(replica.url());
        }
        return new ReplicaMemory(
                Replicas.of(urls, auth, restarted).orElseThrow(), FilesystemStorage.open(registry.root()));
    }

    private static FakeReplica answering(Integer... statuses) throws IOException {
        Iterator<Integer> next = List.of(statuses).iterator();
        return new FakeReplica(request -> Answer.of(next.next()));
    }

    private static Answer registryAnswer(Request request) {
        return switch (request.method()) {
            case "POST" ->
                new Answer(202, Map.of("Docker-Upload-UUID", UPLOAD, "Location", request.path() + UPLOAD), "");
            default -> Answer.of(request.path().contains(UPLOAD) ? 204 : 404);
        };
    }

    private static Digest digest(String digit) {
        return Digest.parse("sha256:" + digit.repeat(64));
    }

    private static Eligible link(Kind kind, String digit) {
        return new Eligible(RUN, kind, digest(digit), "team/app", null, 0, "test", 0, List.of(), null);
    }

    private static Eligible blob(String digest, RunId since) {
        return blob(Digest.parse(digest), since);
    }

    private static Eligible blob(Digest digest, RunId since) {
        return new Eligible(RUN, Kind.BLOB, digest, null, null, 10, "test", 0, List.of(), since);
    }
}
