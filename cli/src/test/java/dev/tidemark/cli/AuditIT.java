package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A registry is collected, and the run is audited; then somebody is at its topics. */
class AuditIT extends AuditedRun {

    @Test
    void aRunThatNobodyTouchedIsProved() {
        Tidemark.Result audited = audit("--registry", root(), "--verify-storage");

        assertThat(audited.err()).isEmpty();
        assertThat(audited.out())
                .contains(
                        "run " + run + "  proved",
                        "every record that the enumerator counted is there",
                        "1 manifest read again")
                .doesNotContain("disproved", "cannot be proved", "Note");
        assertThat(audited.out().lines()).hasSizeLessThan(24).allMatch(line -> line.length() <= 120);
        assertThat(audited.exitCode()).isZero();
    }

    /** Its numbers are written in one way: that of its sentences, not that of the machine. */
    @Test
    void anAuditIsInEnglishInEveryLocale() throws IOException {
        Path said = directory.resolve("said");

        Process audit = Processes.java(
                "256m",
                Main.class,
                said,
                Map.of("JAVA_TOOL_OPTIONS", "-Duser.language=ar -Duser.country=EG"),
                "audit",
                "--data-dir",
                data().toString());
        Processes.awaitEnd(audit);

        assertThat(audit.exitValue()).as(Files.readString(said)).isZero();
        assertThat(Files.readString(said))
                .containsPattern("\\d+ manifests, \\d+ layer links")
                .matches("\\p{ASCII}+");
    }

    @Test
    void aDryRunIsProvedAndSoIsARunThatTheBreakerHolds() {
        Tidemark.Result dry = tidemark.collect("-d", "-m", "--min-age", "0", root());
        assertThat(dry.exitCode()).isZero();
        assertThat(audit().out()).contains("proved", "a dry run");
        assertThat(audit().exitCode()).isZero();

        registry.blob("another orphan");
        Tidemark.Result held = tidemark.collect("-m", "--min-age", "0", "--max-delete", "0", root());
        assertThat(held.exitCode()).isEqualTo(ExitCode.WAITING);
        assertThat(audit().out()).contains("proved", "waiting");
        assertThat(audit().exitCode()).isZero();
    }

    @Test
    void runsOfADataDirectoryAreListedAndShown() {
        registry.blob("another orphan");
        assertThat(tidemark.collect("-m", "--min-age", "0", "--max-delete", "0", root())
                        .exitCode())
                .isEqualTo(ExitCode.WAITING);
        String data = directory.resolve("home/data").toString();

        Tidemark.Result runs = Tidemark.run("runs", "--data-dir", data);
        assertThat(runs.out()).as(runs.err()).contains("RUN", run.toString(), "swept", "waiting");
        assertThat(runs.exitCode()).isZero();

        Tidemark.Result shown = Tidemark.run("show", run.toString(), "--data-dir", data);
        assertThat(shown.out()).as(shown.err()).contains("run " + run + "  swept", "deleted");
        assertThat(shown.exitCode()).isZero();
        assertThat(Tidemark.run("show", "--data-dir", data).out())
                .contains("waiting", "let it pass: tidemark approve", "tidemark collect sweeps");

        Tidemark.Result unknown = Tidemark.run("show", "20200101-000000", "--data-dir", data);
        assertThat(unknown.err())
                .contains("there is no run 20200101-000000: tidemark runs lists them")
                .hasLineCount(1);
    }

    @Test
    void aDeletionThatSomebodyWroteIsAnException() {
        Digest live = Digest.parse(kept);
        var forged = new DeletionRecord(run, Kind.BLOB, live, null, DeletionRecord.Outcome.DELETED, 7, null, 1);
        write(
                TOPICS.deletions(),
                live,
                new JsonSerde<>(DeletionRecord.class).serializer().serialize("", forged));

        Tidemark.Result audited = audit("--format", "json");

        JsonNode document = audited.summary();
        assertThat(document.path("verdict").asText()).isEqualTo("disproved");
        assertThat(document.path("exceptions").asInt())
                .isEqualTo(document.path("list").size())
                .isPositive();
        assertThat(document.path("list")).anySatisfy(finding -> {
            assertThat(finding.path("kind").asText()).isEqualTo("live");
            assertThat(finding.path("what").asText()).contains(kept, "was deleted, and is live (tag)");
            assertThat(finding.path("topic").asText()).isEqualTo(TOPICS.deletions());
            assertThat(finding.path("partition").asInt()).isEqualTo(TOPICS.partition(live));
            assertThat(finding.has("offset")).isTrue();
        });
        assertThat(audited.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void anEligibleRecordThatSomebodyWroteIsAnException() {
        Digest live = Digest.parse(kept);
        var forged = new EligibleRecord.Eligible(
                run, Kind.BLOB, live, null, null, 7, "nothing live references it", 1, List.of(), run);
        write(
                TOPICS.eligible(),
                live,
                new JsonSerde<>(EligibleRecord.class).serializer().serialize("", forged));

        Tidemark.Result audited = audit();

        assertThat(audited.out())
                .contains(
                        "disproved",
                        kept,
                        "is eligible, and is live (tag)",
                        TOPICS.eligible() + "-" + TOPICS.partition(live) + "@");
        assertThat(audited.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aRunOfWhichRetentionTookRecordsCannotBeProved() {
        atTheTopics(cluster -> {
            try (var admin = cluster.admin()) {
                admin.deleteRecords(Map.of(new TopicPartition(TOPICS.blobs(), 1), RecordsToDelete.beforeOffset(-1)))
                        .all()
                        .get();
            }
        });

        Tidemark.Result audited = audit();

        assertThat(audited.out())
                .contains(
                        "cannot be proved",
                        TOPICS.blobs() + "-1 begins at offset",
                        "retention has taken what was before")
                .doesNotContain("disproved");
        assertThat(audited.exitCode()).isEqualTo(ExitCode.UNPROVABLE);
    }

    @Test
    void aManifestThatTheStorageHasOtherwiseIsAnException() throws IOException {
        Files.writeString(registry.data(kept), "{\"schemaVersion\":2}");

        Tidemark.Result audited = audit("--registry", root(), "--verify-storage");

        assertThat(audited.out()).contains("disproved", kept, "something else than its record says");
        assertThat(audited.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    /** A crash of the registry can leave a layer of 0 bytes. */
    @Test
    void aLayerOfAnotherSizeThanItsManifestSaysIsReported() throws IOException {
        String layer = RegistryOnDisk.sha256("v1, layer 1".getBytes(StandardCharsets.UTF_8));
        Files.write(registry.data(layer), new byte[0]);
        assertThat(tidemark.collect("-m", "--min-age", "0", root()).exitCode()).isZero();

        Tidemark.Result audited = audit("--registry", root(), "--verify-storage");

        assertThat(audited.out().replaceAll("\\s+", " "))
                .contains(
                        "Note: 1 blob has another size than a manifest says that was kept",
                        layer + " has 0 bytes",
                        kept)
                .contains("in team/app says 11");
        assertThat(audited.exitCode()).as("the run was right").isZero();
    }

    @Test
    void anotherRegistryThanTheRunsShowsNothing() {
        RegistryOnDisk other = RegistryOnDisk.at(directory.resolve("other"));
        other.repo("team/app").image("of another registry");

        Tidemark.Result audited = audit("--registry", other.root().toString(), "--verify-storage");

        assertThat(audited.out())
                .contains(
                        "cannot be proved",
                        "of the 1 manifests that the run kept, none is in " + other.root(),
                        "Note: the run read " + root())
                .doesNotContain("disproved");
        assertThat(audited.exitCode()).isEqualTo(ExitCode.UNPROVABLE);
    }

    @Test
    void theRunsRegistryAtAnotherPathIsProvedAndSaid() throws IOException {
        Path moved = Files.move(registry.root(), directory.resolve("moved"));

        Tidemark.Result audited = audit("--registry", moved.toString(), "--verify-storage");

        assertThat(audited.out())
                .contains(
                        "proved",
                        "1 manifest read again",
                        "Note: the run read " + root() + ", and " + moved + " was read now")
                .doesNotContain("cannot be");
        assertThat(audited.exitCode()).isZero();
    }

    /** Collected to the last manifest, a registry has nothing left to compare. */
    @Test
    void aRegistryOfWhichTheRunKeptNothingIsProved() throws IOException {
        Files.delete(registry.repo("team/app").currentLink("v1"));
        Files.delete(registry.repo("team/app").currentLink("latest"));
        assertThat(tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", root())
                        .exitCode())
                .isZero();

        Tidemark.Result audited = audit("--registry", root(), "--verify-storage");

        assertThat(audited.out())
                .contains("proved", "0 manifests read again, 1 that is not there any more")
                .doesNotContain("cannot be", "Note");
        assertThat(audited.exitCode()).isZero();
    }

    @Test
    void aMistakenArgumentIsAUsageErrorInOneLine() {
        assertUsageError("needs to know the storage", "audit", "--verify-storage", "--data-dir", data().toString());
        assertUsageError(
                "is no data directory",
                "audit",
                "--data-dir",
                directory.resolve("nowhere").toString());
        assertUsageError("there is no run", "audit", "20200101-000000", "--data-dir", data().toString());
    }

    private static void assertUsageError(String message, String... arguments) {
        Tidemark.Result result = Tidemark.run(arguments);

        assertThat(result.err()).contains(message).hasLineCount(1);
        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
