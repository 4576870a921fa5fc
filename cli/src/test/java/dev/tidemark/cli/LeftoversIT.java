package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RegistryUpload;
import dev.tidemark.testkit.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients leave behind in a registry, and the real registry beside it. */
class LeftoversIT extends RegistryWithLeftovers {

    private static final String BEGUN = "the first bytes";
    private static final String REST = ", and the rest";
    private static final String WHOLE = RegistryOnDisk.sha256((BEGUN + REST).getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry3"})
    void anUploadThatNobodyFinishesGoesAndOneUnderWayIsFinished(String binary) throws IOException {
        assumeTrue(DockerRegistry.onPath(binary), binary + " is not installed: skipped");
        try (var registry = DockerRegistry.serve(binary, directory, storage(), "")) {
            registry.pushImage("team/app", "v1", "config", "layer");
            var old = RegistryUpload.begin(registry, "team/app", BEGUN);
            var alone = RegistryUpload.begin(registry, "team/other", BEGUN);
            disk.age(Duration.ofDays(8));
            begun("team/app", old.id(), Duration.ofDays(8));
            begun("team/other", alone.id(), Duration.ofDays(8));
            var underWay = RegistryUpload.begin(registry, "team/app", BEGUN);
            Map<String, String> before = disk.snapshot();

            Tidemark.Result dry =
                    tidemark.collect("--dry-run", "--leftovers", "7d", "--format", "json", root.toString());

            assertThat(dry.exitCode()).as(dry.err()).isZero();
            assertThat(disk.snapshot()).isEqualTo(before);
            assertThat(dry.uploads()).containsExactlyInAnyOrder("team/app, " + old.id(), "team/other, " + alone.id());
            JsonNode left = dry.summary().path("leftovers");
            assertThat(left.path("age").asText()).isEqualTo("7d");
            assertThat(left.path("eligible").path("upload").path("count").asInt())
                    .isEqualTo(2);
            assertThat(left.path("eligible").path("upload").path("bytes").asLong())
                    .isEqualTo(bytes(before, old.id()) + bytes(before, alone.id()));
            assertThat(left.path("kept").path("upload").path("count").asInt()).isOne();
            assertThat(left.path("kept").path("upload").path("bytes").asLong()).isEqualTo(bytes(before, underWay.id()));
            assertThat(explained("team/app/_uploads/" + old.id())).startsWith("eligible");

            Tidemark.Result swept = tidemark.collect("--leftovers", "7d", "--settle", "1s", root.toString());

            assertThat(swept.exitCode()).as(swept.err()).isZero();
            assertThat(swept.out()).contains("2 uploads deleted");
            assertThat(directoryOf("team/app", old.id())).doesNotExist();
            assertThat(directoryOf("team/other", alone.id())).doesNotExist();
            assertThat(old.append(REST))
                    .as("the registry does not know it any more")
                    .isEqualTo(404);
            assertThat(underWay.append(REST)).isEqualTo(202);
            assertThat(underWay.finish(WHOLE)).isEqualTo(201);
            assertThat(registry.blob("team/app", WHOLE)).isPresent();
            assertThat(registry.manifest("team/app", "v1")).isPresent();
            assertThat(explained("team/app/_uploads/" + old.id())).startsWith("deleted");
            assertThat(explained("team/app/_uploads/" + underWay.id())).startsWith("kept");
            assertProved();
        }
    }

    @Test
    void anUndoneUploadCanBeFinishedAndIsKeptByTheNextRun() throws IOException {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        try (var registry = DockerRegistry.serve(directory, storage())) {
            registry.pushImage("team/app", "v1", "config", "layer");
            var upload = RegistryUpload.begin(registry, "team/app", BEGUN);
            disk.age(Duration.ofDays(8));
            begun("team/app", upload.id(), Duration.ofDays(8));
            Tidemark.Result swept = swept(root.toString());
            assertThat(directoryOf("team/app", upload.id())).doesNotExist();

            Tidemark.Result undone = tidemark.type(
                    "undo", swept.summary().path("run").asText(), "--repository", "team/app", root.toString());

            assertThat(undone.exitCode()).as(undone.err()).isZero();
            assertThat(tidemark.collect("--dry-run", "--leftovers", "7d", root.toString())
                            .uploads())
                    .isEmpty();
            assertThat(upload.append(REST)).isEqualTo(202);
            assertThat(upload.finish(WHOLE)).isEqualTo(201);
            assertThat(registry.blob("team/app", WHOLE)).isPresent();
        }
    }

    @Test
    void inABucketAnUploadGoesAndComesBack() throws IOException {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        try (var server = S3Server.on(Files.createDirectory(directory.resolve("s3")))) {
            disk = RegistryOnDisk.at(server.bucket("images").resolve("some/where"));
            try (var registry = DockerRegistry.serve(
                    directory, server.storage("images", "/some/where") + maintenance("enabled: false"))) {
                registry.pushImage("team/app", "v1", "config", "layer");
                var old = RegistryUpload.begin(registry, "team/app", BEGUN);
                disk.age(Duration.ofDays(8));
                begun("team/app", old.id(), Duration.ofDays(8));
                var underWay = RegistryUpload.begin(registry, "team/app", BEGUN);
                String config = registry.config().toString();

                assertThat(tidemark.collect("--dry-run", config).uploads())
                        .as("their operator wants them")
                        .isEmpty();
                Tidemark.Result hasty = tidemark.collect("--dry-run", "--leftovers", "47h", config);
                assertThat(hasty.exitCode()).isEqualTo(1);
                assertThat(hasty.err()).contains("--leftovers has to be 2d or more");
                assertThat(tidemark.collect("--dry-run", "--leftovers", "7d", config)
                                .uploads())
                        .containsExactly("team/app, " + old.id());

                Tidemark.Result swept = swept(config);

                assertThat(disk.snapshot().keySet())
                        .noneMatch(path -> path.contains(old.id()) && path.endsWith("startedat"));
                assertThat(old.append(REST)).isEqualTo(404);
                assertThat(underWay.append(REST)).isEqualTo(202);
                assertThat(underWay.finish(WHOLE)).isEqualTo(201);
                assertProved();

                Tidemark.Result undone =
                        tidemark.type("undo", swept.summary().path("run").asText(), config);

                assertThat(undone.exitCode()).as(undone.err()).isZero();
                assertThat(explained("team/app/_uploads/" + old.id()))
                        .startsWith("restored")
                        .contains("its run is undone", "tidemark undo");
                assertProved();
                assertThat(old.append(REST)).isEqualTo(202);
                assertThat(old.finish(WHOLE)).isEqualTo(201);
                assertThat(registry.blob("team/app", WHOLE)).isPresent();
                assertThat(registry.manifest("team/app", "v1")).isPresent();
            }
        }
    }

    /** It comes right before the first of its files is copied: no look has seen it, and its start is gone after it. */
    @Test
    void inABucketAnUploadComesBackThatAClientGoesOnWith() throws IOException {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        try (var server = S3Server.on(Files.createDirectory(directory.resolve("s3")))) {
            disk = RegistryOnDisk.at(server.bucket("images").resolve("some/where"));
            try (var registry = DockerRegistry.serve(
                    directory, server.storage("images", "/some/where") + maintenance("enabled: false"))) {
                var upload = RegistryUpload.begin(registry, "team/app", BEGUN);
                registry.pushImage("team/app", "v1", "config", "layer");
                disk.age(Duration.ofDays(8));
                begun("team/app", upload.id(), Duration.ofDays(8));
                var answer = new AtomicInteger();
                server.faults(request -> {
                    boolean move = request.operation().equals("CopyObject")
                            && request.path().contains(upload.id() + "/startedat");
                    if (move && answer.compareAndSet(0, 1)) {
                        answer.set(upload.append(REST));
                    }
                    return Optional.empty();
                });

                Tidemark.Result swept = tidemark.collect(
                        "--leftovers",
                        "7d",
                        "--keep-trash",
                        "24h",
                        "--settle",
                        "1s",
                        registry.config().toString());

                assertThat(answer).hasValue(202);
                assertThat(swept.exitCode()).as(swept.out()).isEqualTo(1);
                assertThat(swept.out()).contains("somebody went on with it while it was deleted: it is back");
                assertThat(upload.finish(WHOLE)).isEqualTo(201);
                assertThat(registry.blob("team/app", WHOLE)).isPresent();
                assertProved();
            }
        }
    }

    private long bytes(Map<String, String> snapshot, String id) throws IOException {
        long bytes = 0;
        for (String path : snapshot.keySet()) {
            if (path.contains(id)) {
                bytes += Files.size(root.resolve(path));
            }
        }
        return bytes;
    }
}
