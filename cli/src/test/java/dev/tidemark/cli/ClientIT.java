package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.lead.Schedule;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.marker.MarkerSettings;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The client of a cluster, as a user types and sees it; and all else that asks for runs there. */
class ClientIT extends ServicesInProcess {

    @Test
    void aDryRunThatIsApprovedDeletesWhatItFoundAndNothingElse() {
        startServices(storage());

        Tidemark.Result dry = tidemark(
                "run",
                "--dry-run",
                "--delete-untagged",
                "--plan",
                directory.resolve("plan").toString());
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out()).contains("dry run: nothing is deleted", "team/app");
        assertThat(registry.data(orphan)).exists();
        Run looked = latest();
        assertThat(directory.resolve("plan"))
                .content()
                .contains(untagged, orphan)
                .doesNotContain(kept);

        RegistryOnDisk.remove(app.tagDirectory("latest"));
        String later = registry.blob("later orphan");
        registry.age(Duration.ofDays(2));
        Tidemark.Result approved = tidemark("approve", looked.id().toString());

        assertThat(approved.exitCode()).as(approved.err()).isZero();
        assertThat(approved.out().replaceAll("\\s+", " "))
                .contains("not in the dry run that was approved", "verified: 0 files missing because of this run");
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(registry.data(untagged)).doesNotExist();
        assertThat(registry.data(kept))
                .as("it lost its tag after somebody looked")
                .exists();
        assertThat(app.revision(kept)).exists();
        assertThat(registry.data(later)).exists();
        assertThat(latest().requested().approves()).isEqualTo(looked.id());

        assertThat(tidemark("approve", looked.id().toString()).exitCode())
                .as("there is a later run")
                .isEqualTo(ExitCode.USAGE);
        assertThat(tidemark("run", "--delete-untagged", "--max-delete", "100").exitCode())
                .isZero();
        assertThat(registry.data(later)).doesNotExist();
    }

    @Test
    void aRunThatTheBreakerHoldsIsLetGoOrEnded() throws IOException {
        startServices(storage());
        Map<String, String> before = registry.snapshot();

        Tidemark.Result held = tidemark("run", "--delete-untagged", "--max-delete", "5");
        assertThat(held.exitCode()).isEqualTo(ExitCode.WAITING);
        assertThat(held.err()).contains("Nothing was deleted", "tidemark approve " + latest().id());
        Tidemark.Result ended = tidemark("cancel", "latest");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(tidemark("approve", latest().id().toString()).err())
                .contains("cancelled: there is nothing to approve");
        assertThat(registry.snapshot()).isEqualTo(before);

        assertThat(tidemark("run", "--delete-untagged", "--max-delete", "5").exitCode())
                .isEqualTo(ExitCode.WAITING);
        Tidemark.Result shown = tidemark("show", "latest");
        assertThat(shown.out()).contains("waiting", "let it pass: tidemark approve");
        Tidemark.Result approved = tidemark("approve", latest().id().toString());
        assertThat(approved.exitCode()).as(approved.err()).isZero();
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(registry.data(kept)).exists();

        JsonNode runs =
                JsonSerde.MAPPER.readTree(tidemark("runs", "--format", "json").out());
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).path("state").asText()).isEqualTo("swept");
        assertThat(runs.get(0).path("bytesFreed").asLong()).isPositive();
        assertThat(runs.get(1).path("state").asText()).isEqualTo("cancelled");
        JsonNode one = JsonSerde.MAPPER.readTree(
                tidemark("show", latest().id().toString(), "--format", "json").out());
        assertThat(one.path("summary").path("swept").path("bytesFreed").asLong())
                .isEqualTo(runs.get(0).path("bytesFreed").asLong());
        assertThat(tidemark("runs").out()).contains("RUN", "swept", "cancelled");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPlanThatCannotBeWrittenDoesNotHideThatTheRunWaits() {
        startServices(storage());

        Tidemark.Result held = tidemark("run", "--delete-untagged", "--max-delete", "5", "--plan", "/dev/full");

        assertThat(held.exitCode()).isEqualTo(ExitCode.WAITING);
        assertThat(held.err())
                .contains("tidemark approve " + latest().id(), "/dev/full cannot be written: No space left on device")
                .hasLineCount(2);
    }

    @Test
    void aMistakenArgumentIsAnsweredInOneLine() {
        assertThat(tidemark("show", "20200101-000000").err())
                .contains("there is no run 20200101-000000: tidemark runs lists them");
        assertThat(tidemark("cancel", "yesterday").err()).contains("'yesterday' is no id of a run");
        assertThat(tidemark("show").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(tidemark("runs").out()).contains("no run yet");
        assertThat(Tidemark.run("runs", "--bootstrap-servers", kafka.bootstrapServers(), "--prefix", "no.such.")
                        .err())
                .contains("there is no topic no.such.manifests", "--prefix");
        assertThat(tidemark("run", "--detach", "--plan", "x").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aSecondRunIsRefusedWhileOneIsUnderWay() {
        assertThat(tidemark("run", "--dry-run", "--detach").exitCode()).isZero();

        Tidemark.Result second = tidemark("run", "--dry-run");
        assertThat(second.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(second.err()).contains("is under way (requested)", "tidemark cancel " + latest().id());
        assertThat(tidemark("show").out()).contains("no enumerator has taken it up yet");
    }

    @Test
    void collectRunsAllServicesInOneProcessOnACluster() {
        Tidemark.Result result = new Tidemark(directory.resolve("home"))
                .collect(
                        "--delete-untagged",
                        "--bootstrap-servers",
                        kafka.bootstrapServers(),
                        "--prefix",
                        prefix,
                        registry.root().toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.blobs()).contains(orphan, untagged);
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(latest().state()).isEqualTo(Run.State.SWEPT);
    }

    @Test
    void theCommandThatTheBreakerNamesIsForTheSameRegistryAndKafka() throws IOException {
        Path named = Files.createSymbolicLink(directory.resolve("the team's registry"), registry.root());
        Path config = Files.writeString(directory.resolve("client config"), "client.id=test\n");

        Tidemark.Result held = tidemark(
                "collect",
                "--delete-untagged",
                "--max-delete",
                "5",
                "--data-dir",
                directory.resolve("the data").toString(),
                "--command-config",
                config.toString(),
                named.toString());
        assertThat(held.exitCode()).as(held.err()).isEqualTo(ExitCode.WAITING);
        Run waits = latest();
        String[] typed = words(held.err().substring(held.err().lastIndexOf("tidemark collect")));

        assertThat(typed).contains("--bootstrap-servers", "--prefix", prefix, "--command-config", config.toString());
        Tidemark.Result passed = Tidemark.run(typed);
        assertThat(passed.exitCode()).as(passed.err()).isZero();
        assertThat(latest().id()).isGreaterThan(waits.id());
        assertThat(latest().state()).isEqualTo(Run.State.SWEPT);
    }

    /** The arguments of a command, as a shell takes them. */
    private static String[] words(String command) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "tidemark() { printf '%s\\n' \"$@\"; }; " + command).start();
        try (var words = shell.inputReader()) {
            return words.lines().toArray(String[]::new);
        }
    }

    @Test
    void aScheduleAsksOnceHoweverManyEnumeratorsThereAre() {
        Instant start = Instant.now();
        var schedule = new Schedule(
                after -> after.isBefore(start.plusSeconds(1)) ? Optional.of(start.plusSeconds(1)) : Optional.empty(),
                true,
                true,
                Duration.ofHours(24),
                null,
                75,
                false,
                null,
                false);
        start(
                new MarkerService(
                        cluster,
                        new MarkerSettings(directory.resolve("state"), 1, 0, 1, MarkerSettings.COMMIT_INTERVAL, 3),
                        new MarkerMeter(),
                        failure::set),
                MarkerService::start);
        for (int i = 0; i < 3; i++) {
            start(
                    new EnumeratorService(
                            cluster,
                            storage(),
                            Optional.empty(),
                            DescriptorCache.NONE,
                            directory,
                            TopicSettings.DEFAULT_RETENTION,
                            2,
                            Optional.of(schedule),
                            STALL,
                            new EnumeratorMeter(),
                            failure::set),
                    EnumeratorService::start);
        }

        Processes.await(
                "the scheduled run is through",
                () -> history().latest().filter(entry -> entry.run().ended()).isPresent());

        assertThat(history().all()).singleElement().satisfies(entry -> {
            assertThat(entry.run().state()).isEqualTo(Run.State.DECIDED);
            assertThat(entry.run().requested().by()).isEqualTo("schedule");
        });
    }

    @Test
    void aCutoffInTheFutureFailsTheRun() {
        startServices(storage());
        Instant future = Instant.now().plus(Duration.ofHours(1));

        new RunClient(cluster)
                .request(
                        Instant.now(),
                        new EnumeratedRecord.Options(future.toEpochMilli(), true, false),
                        100,
                        "somebody",
                        null,
                        false,
                        null,
                        false);

        Run run = awaitEnd();
        assertThat(run.state()).isEqualTo(Run.State.FAILED);
        assertThat(((RunRecord.Failed) run.end()).why()).contains("in the future", "somebody");
        assertThat(registry.data(orphan)).exists();
    }

    @Test
    void aRequestByAClockThatIsAheadFailsWhateverTheMinimumAge() {
        startServices(storage());
        Instant ahead = Instant.now().plus(Duration.ofHours(1));

        new RunClient(cluster)
                .request(
                        ahead,
                        new EnumeratedRecord.Options(
                                ahead.minus(Duration.ofHours(24)).toEpochMilli(), true, false),
                        100,
                        "somebody",
                        null,
                        false,
                        null,
                        false);

        Run run = awaitEnd();
        assertThat(run.state()).isEqualTo(Run.State.FAILED);
        assertThat(((RunRecord.Failed) run.end()).why()).contains("it was requested at", "in the future", "somebody");
        assertThat(registry.data(orphan)).exists();
    }
}
