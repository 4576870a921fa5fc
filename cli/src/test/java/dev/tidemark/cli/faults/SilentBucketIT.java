package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Main;
import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that answers no more: whoever is told to end meanwhile does not wait for it, and another goes on. */
class SilentBucketIT {

    private static final int TOLD_TO_END = 143;

    /** Of each request, if nobody ends the process before: they take minutes. */
    private static final int TRIES = 5;

    /** Few: how a process ends does not depend on the size of its registry. */
    private static final int IMAGES = 12;

    /**
     * Where the machine is slow, Kafka says so of a heartbeat that it has had to wait for. It counts all the same. And
     * it registers its controller once more if the controller did not lead yet.
     */
    private static final String OF_KAFKA =
            ".* processExpiredBrokerHeartbeat: |ControllerApis .*CONTROLLER_REGISTRATION";

    @TempDir
    private Path directory;

    private S3Server server;
    private String config;
    private final Map<String, Integer> unanswered = new ConcurrentHashMap<>();

    @BeforeEach
    void aBucket() throws IOException {
        server = S3Server.on(directory);
        server.bucket("registry");
        config = RegistryConfigFile.write(directory, server.storage("registry", ""), 0)
                .toString();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aServiceThatIsToldToEndEndsAndItsSuccessorDoesTheRest() throws IOException {
        // One partition: an answer that is waited for is one call's.
        try (var deployment = Deployment.ofImages(
                IMAGES, directory, Map.of("TIDEMARK_REGISTRY", config, "TIDEMARK_PARTITIONS", "1"))) {
            silentAt("/_layers");
            RunId run = deployment.request();
            assertEndsWhenToldTo(deployment, "enumerator-0", "tidemark.work");

            silentAt("delete");
            deployment.start("enumerator-0");
            assertEndsWhenToldTo(deployment, "sweeper-0", "tidemark.eligible");

            server.faults(request -> Optional.empty());
            deployment.start("sweeper-0");
            deployment.awaitEnd(run);
            deployment.assertFilesSweptAsUndisturbed(run, "by the next sweeper");
        }
    }

    private void assertEndsWhenToldTo(Deployment deployment, String name, String topic) throws IOException {
        awaitSilence();
        Processes.signal(deployment.process(name), "TERM");
        Processes.awaitEnd(deployment.process(name));

        assertThat(deployment.process(name).exitValue()).isEqualTo(TOLD_TO_END);
        assertThat(unanswered.values()).allMatch(tries -> tries < TRIES);
        try (Stream<String> lines = Files.lines(deployment.output(name))) {
            assertThat(lines.dropWhile(line -> !line.endsWith(" told to end")))
                    .satisfies(said -> assertThat(said.getLast()).endsWith(" ended"))
                    .filteredOn(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                    .singleElement()
                    .asString()
                    .contains("drops its work on partitions [0] of " + topic);
        }
    }

    @Test
    void aSweepThatIsToldToEndCancelsItsRunAndEnds() {
        toldToEndWhereThereIsNoAnswer("delete");
    }

    @Test
    @Tag("soak")
    void anEnumerationThatIsToldToEndCancelsItsRunAndEnds() {
        toldToEndWhereThereIsNoAnswer("/_layers");
    }

    private void toldToEndWhereThereIsNoAnswer(String where) {
        FaultRegistry.make(directory.resolve("registry"), IMAGES);
        Path data = directory.resolve("data");
        Path output = directory.resolve("output");
        silentAt(where);
        Process collect = Processes.java(
                "256m",
                Main.class,
                output,
                Map.of(),
                Stream.concat(
                                Stream.of("collect", "--data-dir", data.toString()),
                                Stream.concat(CollectProcess.OPTIONS.stream(), Stream.of(config)))
                        .toArray(String[]::new));

        awaitSilence();
        Processes.signal(collect, "TERM");
        Processes.awaitEnd(collect);

        assertThat(collect.exitValue()).isEqualTo(TOLD_TO_END);
        assertThat(unanswered.values()).allMatch(tries -> tries < TRIES);
        assertThat(output)
                .content()
                .contains("tidemark: interrupted: the run is cancelled, and nothing more is deleted");
        assertThat(Tidemark.run("runs", "--data-dir", data.toString()).out()).contains("cancelled");
        assertThat(data.resolve("tidemark.log")).content().doesNotContainPattern(" ERROR (?!" + OF_KAFKA + ")");
    }

    /** From now on, requests whose query has that in it are not answered. */
    private void silentAt(String text) {
        unanswered.clear();
        Predicate<Request> silent = request -> request.parameter("prefix") == null
                ? request.query().startsWith(text)
                : request.parameter("prefix").contains(text);
        server.faults(request -> {
            if (!silent.test(request)) {
                return Optional.empty();
            }
            unanswered.merge(request.query(), 1, Integer::sum);
            return Optional.of(new Answer.Silence());
        });
    }

    private void awaitSilence() {
        Processes.await("something is asked in vain", () -> !unanswered.isEmpty());
    }
}
