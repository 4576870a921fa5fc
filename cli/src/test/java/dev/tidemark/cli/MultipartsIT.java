package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RegistryUpload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts that the real registry leaves in a bucket when it is killed in mid-upload. */
class MultipartsIT extends BucketWithLeftovers {

    private static final Duration OLD = Duration.ofDays(8);

    /** A part of S3 has 5 MiB at least. */
    private static final String BEGUN = "x".repeat(6 << 20);

    private static final String REST = "y".repeat(1 << 20);
    private static final String WHOLE = RegistryOnDisk.sha256((BEGUN + REST).getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry3"})
    void thoseThatNobodyGoesOnWithAreAbortedAndAnUploadUnderWayIsFinished(String binary) throws IOException {
        assumeTrue(DockerRegistry.onPath(binary), binary + " is not installed: skipped");
        String old;
        String purged;
        try (var registry = DockerRegistry.serve(binary, directory, storage, "")) {
            registry.pushImage("team/app", "v1", "config", "layer");
            old = RegistryUpload.begin(registry, "team/app", BEGUN).id();
            purged = RegistryUpload.begin(registry, "team/gone", BEGUN).id();
        }
        RegistryOnDisk.remove(disk.repo("team/gone").directory());
        disk.age(OLD);
        begun("team/app", old, OLD);
        server.ageParts(BUCKET, OLD);
        try (var registry = DockerRegistry.serve(binary, directory, storage, "")) {
            var underWay = RegistryUpload.begin(registry, "team/app", BEGUN);
            String config = registry.config().toString();
            assertThat(server.begunParts(BUCKET)).hasSize(3);
            server.forgetRequests();

            Tidemark.Result dry = tidemark.collect("--dry-run", "--leftovers", "7d", "--format", "json", config);

            assertThat(dry.exitCode()).as(dry.err()).isZero();
            assertThat(server.begunParts(BUCKET)).hasSize(3);
            assertThat(server.requests())
                    .as("one listing of the registry and one of the trash, and one for the parts of each")
                    .containsEntry("ListMultipartUploads", 2L)
                    .containsEntry("ListParts", 3L);
            JsonNode left = dry.summary().path("leftovers");
            assertThat(left.path("eligible").path("multipart").path("count").asInt())
                    .isEqualTo(2);
            assertThat(left.path("eligible").path("multipart").path("bytes").asLong())
                    .isEqualTo(2L * BEGUN.length());
            assertThat(left.path("kept").path("multipart").path("count").asInt())
                    .isOne();

            Tidemark.Result swept = tidemark.collect("--leftovers", "7d", "--settle", "1s", config);

            assertThat(swept.exitCode()).as(swept.err()).isZero();
            assertThat(swept.out()).contains("2 multipart uploads deleted", "Nothing brings them back");
            assertThat(server.begunParts(BUCKET)).singleElement().asString().contains(underWay.id());
            assertThat(explained(named(dry, old)))
                    .startsWith("deleted")
                    .contains("the multipart upload of _uploads/" + old + "/data", "nothing brings its parts back");
            assertThat(explained(named(dry, purged))).startsWith("deleted").contains("in team/gone");
            assertThat(underWay.append(REST)).isEqualTo(202);
            assertThat(underWay.finish(WHOLE)).isEqualTo(201);
            assertThat(registry.blob("team/app", WHOLE)).isPresent();
            assertThat(registry.manifest("team/app", "v1")).isPresent();
            assertProved();
        }
    }

    @Test
    void aRightThatTheBucketDoesNotGrantIsNamedAndTheRestGoesOn() throws IOException {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        try (var registry = DockerRegistry.serve(directory, storage)) {
            registry.pushImage("team/app", "v1", "config", "layer");
            String old = RegistryUpload.begin(registry, "team/app", BEGUN).id();
            disk.age(OLD);
            begun("team/app", old, OLD);
            server.ageParts(BUCKET, OLD);
            String config = registry.config().toString();
            deny("ListMultipartUploads");

            Tidemark.Result unlisted = tidemark.collect("--dry-run", "--leftovers", "7d", config);

            assertThat(unlisted.exitCode()).as(unlisted.err()).isZero();
            assertThat(unlisted.out())
                    .contains("refused listings of multipart uploads", "grant s3:ListBucketMultipartUploads");
            assertThat(unlisted.uploads()).containsExactly("team/app, " + old);

            deny("AbortMultipartUpload");
            Tidemark.Result denied = tidemark.collect("--leftovers", "7d", "--settle", "1s", config);

            assertThat(denied.exitCode()).isEqualTo(1);
            assertThat(denied.out()).contains("1 upload deleted", "1 failed: permission denied");
            assertThat(server.begunParts(BUCKET)).hasSize(1);

            server.faults(request -> Optional.empty());
            assertThat(tidemark.collect("--leftovers", "7d", "--settle", "1s", config)
                            .out())
                    .contains("1 multipart upload deleted");
            assertThat(server.begunParts(BUCKET)).isEmpty();
            assertProved();
        }
    }

    private void deny(String operation) {
        Map<String, Answer> answers = Map.of(operation, new Answer.Error(403, "AccessDenied"));
        server.faults(request -> Optional.ofNullable(answers.get(request.operation())));
    }

    /** The multipart upload of an upload's data, as the plan names it. */
    private static String named(Tidemark.Result dry, String upload) {
        JsonNode line = dry.plan().stream()
                .filter(one -> one.path("kind").asText().equals("multipart")
                        && one.path("path").asText().contains(upload))
                .findFirst()
                .orElseThrow();
        return line.path("repository").asText() + "/" + line.path("path").asText();
    }
}
