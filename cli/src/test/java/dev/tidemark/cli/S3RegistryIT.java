package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.testkit.DockerCollector;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.RegistryOnDisk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real registry, that keeps its data in a bucket, and Tidemark beside it. */
class S3RegistryIT extends PushedBucket {

    @Test
    void aRunFindsTheSameAsTheReferenceAndItsSweepLeavesAllThatIsTagged() {
        Set<String> plain = DockerCollector.eligibleBlobs(directory, storage, false);
        Set<String> untagged = DockerCollector.eligibleBlobs(directory, storage, true);
        Set<String> before = objects();
        Map<String, String> images = pulled();

        assertThat(plain).isNotEmpty();
        assertThat(untagged).hasSizeGreaterThan(plain.size());
        server.forgetRequests();
        assertThat(collect("--dry-run").blobs()).isEqualTo(plain);
        assertThat(directory.resolve("home/data/tidemark.log"))
                .content()
                .contains("enumerated: ", "s3://images/some/where");
        assertThat(server.requests())
                .as("a dry run lists, and reads manifests")
                .containsOnlyKeys(
                        "ListObjectsV2", "ListMultipartUploads", "GetObject", "HeadObject", "GetBucketVersioning");
        assertThat(server.requests().get("GetObject"))
                .as("one for each manifest, and none for links but those of the plan's witnesses")
                .isBetween(2L * BUILDS, 2L * BUILDS + Fingerprint.MOST);
        server.forgetRequests();
        assertThat(collect("--dry-run", "-m").blobs()).isEqualTo(untagged);
        assertThat(server.requests())
                .as("what an earlier run has read is not read again")
                .containsOnlyKeys(
                        "ListObjectsV2", "ListMultipartUploads", "GetObject", "HeadObject", "GetBucketVersioning");
        assertThat(server.requests().get("GetObject"))
                .as("the links of the plan's witnesses")
                .isLessThanOrEqualTo(Fingerprint.MOST);
        assertThat(objects()).isEqualTo(before);

        server.forgetRequests();
        Tidemark.Result swept = collect("-m", "--max-delete", "100");

        assertThat(swept.blobs()).isEqualTo(untagged);
        assertThat(server.requests()).containsKey("DeleteObjects").doesNotContainKey("DeleteObject");
        assertThat(objects())
                .noneMatch(key ->
                        untagged.stream().anyMatch(digest -> key.contains(digest.substring("sha256:".length()))));
        before.removeAll(objects());
        assertThat(before)
                .as("only what was eligible is gone")
                .allMatch(key -> Stream.of(untagged, swept.manifests(), swept.layers())
                        .flatMap(Set::stream)
                        .anyMatch(name -> key.contains(name.substring(name.indexOf("sha256:") + "sha256:".length()))));
        assertThat(collect("-m").plan()).isEmpty();
        assertThat(pulled()).isEqualTo(images);
        assertThat(DockerCollector.eligibleBlobs(directory, storage, true)).isEmpty();
    }

    /** A listing has the histories of tags, whether or not a run reads them. */
    @Test
    void theBytesOfASummaryAreThoseOfAllObjects() {
        RegistryOnDisk.write(bucket.resolve("some/where/docker/registry/v2/repositories/notes.txt"), new byte[7]);
        RegistryOnDisk.write(
                bucket.resolve("some/where/docker/registry/v2/repositories/other/_layers/a/b"), new byte[9]);

        assertThat(said("--dry-run").path("storage").path("bytes").asLong()).isEqualTo(bytes());
        collect("-m", "--max-delete", "100", "--keep-trash", "1h", "--settle", "0s");

        JsonNode storage = said("-m", "--dry-run").path("storage");
        assertThat(storage.path("bytes").asLong()).isEqualTo(bytes());
        assertThat(storage.path("trash").path("bytes").asLong()).isPositive();
        assertThat(storage.path("unknown").path("bytes").asLong()).isEqualTo(16);
        assertThat(storage.has("disk")).isFalse();
    }

    /** Of all objects, but for what Tidemark notes beside those in the trash. */
    private long bytes() {
        return all().stream()
                .filter(key -> !key.matches(".*tidemark/trash/[^/]*/[^/]*"))
                .mapToLong(key -> bucket.resolve(key).toFile().length())
                .sum();
    }

    /** Some of the registry's files were there before the bucket had versions, and some came after. */
    @Test
    void aBucketWithVersionsIsATrashAndASweepIsUndoneToTheByte() {
        keepVersions();
        Map<String, String> before = contents();
        Set<String> untagged = DockerCollector.eligibleBlobs(directory, storage, true);
        Map<String, String> images = pulled();
        server.forgetRequests();
        assertThat(said("-m", "--dry-run").path("trashNote").asText())
                .contains("as old versions")
                .contains("one request more a file");
        assertThat(server.requests())
                .as("a dry run changes nothing")
                .containsOnlyKeys(
                        "ListObjectsV2", "ListMultipartUploads", "GetObject", "HeadObject", "GetBucketVersioning");

        Tidemark.Result swept = collect("-m", "--max-delete", "100", "--keep-trash", "1h", "--settle", "0s");

        assertThat(swept.blobs()).isEqualTo(untagged);
        assertThat(server.requests()).doesNotContainKey("CopyObject");
        assertThat(objects()).hasSizeLessThan(before.size());
        assertThat(pulled()).isEqualTo(images);
        assertThat(DockerCollector.eligibleBlobs(directory, storage, true)).isEmpty();

        assertUndoneToTheByte(before, untagged);
    }

    @Test
    void aBucketWithVersionsHasATrashUnasked() {
        keepVersions();
        int kept = oldVersions();
        server.forgetRequests();

        Tidemark.Result swept = collect("-m", "--max-delete", "100", "--settle", "1s");

        assertThat(swept.blobs()).isNotEmpty();
        assertThat(server.requests()).containsKey("ListObjectVersions").doesNotContainKey("CopyObject");
        assertThat(Tidemark.run("trash", "list", config).out()).contains("The trash is empty.");
        assertThat(oldVersions()).as("what was swept is destroyed").isEqualTo(kept);

        pushGarbage();
        kept = oldVersions();
        assertThat(collect("-m", "--max-delete", "100", "--keep-trash", "off").blobs())
                .hasSize(1);
        assertThat(oldVersions())
                .as("without a trash what was swept, and the marker that hides it, are for the lifecycle")
                .isGreaterThan(kept);
        assertThat(Tidemark.run("trash", "list", config).out()).contains("The trash is empty.");
    }

    /** A client has been told that the registry has the blobs, and has pushed the manifest's link alone. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anImageThatIsPushedAgainAfterASweepIsHealedByTheNextRun(boolean versions) {
        if (versions) {
            keepVersions();
        }
        Tidemark.Result swept = collect("-m", "--max-delete", "100", "--keep-trash", "1h", "--settle", "0s");
        String[] manifest = swept.manifests().iterator().next().split("@");
        RegistryOnDisk onDisk = RegistryOnDisk.at(bucket.resolve("some/where"));
        onDisk.repo(manifest[0]).link(manifest[1]).tag("again", manifest[1]);

        collect("-m", "--keep-trash", "1h", "--settle", "0s");

        try (var registry = DockerRegistry.serve(directory, storage)) {
            String text = text(registry.manifest(manifest[0], "again"));
            assertThat(Stream.of(text.split("\"")).flatMap(word -> Digest.tryParse(word).stream()))
                    .isNotEmpty()
                    .allSatisfy(digest -> assertThat(registry.blob(manifest[0], digest.toString()))
                            .isPresent());
        }
    }

    @Test
    void aTrashThatIsDueIsEmptiedByTheNextRun() {
        collect("-m", "--max-delete", "100", "--keep-trash", "0", "--settle", "1s");
        assertThat(Tidemark.run("trash", "list", config).out()).contains("The trash is empty.");

        pushGarbage();
        collect("-m", "--max-delete", "100", "--keep-trash", "1h", "--settle", "0s");
        Tidemark.Result emptied = Tidemark.run("trash", "empty", "--settle", "0s", "--format", "json", config);

        assertThat(emptied.exitCode()).as(emptied.err()).isZero();
        assertThat(emptied.summary().path("purged").path("count").asLong()).isPositive();
        assertThat(emptied.summary().path("left").path("count").asLong()).isZero();
    }

    @Test
    void aRunThatCannotSeeAllDeletesNothing() {
        Set<String> before = objects();
        for (Answer answer : List.of(new Answer.Error(403, "AccessDenied"), new Answer.Error(400, "ExpiredToken"))) {
            server.faults(request -> request.operation().equals("ListObjectsV2")
                            && String.valueOf(request.parameter("prefix")).contains("/other/_layers")
                    ? Optional.of(answer)
                    : Optional.empty());

            Tidemark.Result result = tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", config);

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out() + result.err())
                    .containsAnyOf("grant s3:ListBucket on arn:aws:s3:::images", "have expired");
            assertThat(objects()).isEqualTo(before);
        }
        server.faults(request -> Optional.empty());
        assertThat(collect("-m", "--max-delete", "100").blobs()).isNotEmpty();
    }

    @Test
    void aForbiddenDeletionIsReportedAndFailsTheCommand() {
        Set<String> before = objects();
        server.faults(request -> request.operation().startsWith("DeleteObject")
                ? Optional.of(new Answer.Error(403, "AccessDenied"))
                : Optional.empty());

        Tidemark.Result result = tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", config);

        assertThat(result.out() + result.err()).contains("failed");
        assertThat(objects()).isEqualTo(before);

        server.faults(request -> Optional.empty());
        Tidemark.Result again = collect("-m", "--max-delete", "100");
        assertThat(again.blobs()).isNotEmpty();
        assertThat(objects()).hasSizeLessThan(before.size());
    }
}
