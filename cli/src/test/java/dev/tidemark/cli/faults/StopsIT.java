package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.Soak;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services on a real Kafka, each stopped in its work for longer than its group waits for it: another takes over,
 * the run ends as an undisturbed one, and whoever wakes up can do nothing with what it has lost.
 */
class StopsIT {

    private static final List<String> SERVICES = List.of("enumerator", "marker", "sweeper");

    @TempDir
    private Path directory;

    private Deployment deployment;

    @AfterEach
    void close() {
        deployment.close();
    }

    @Test
    void aServiceStoppedInItsWorkIsReplacedAndDeletesNothingWhenItWakesUp() {
        stoppedInItsWork(Groups.CLASSIC);
    }

    @Test
    @Tag("soak")
    void aStoppedServiceIsReplacedByTheNewestProtocolsToo() {
        stoppedInItsWork(Groups.NEWEST);
    }

    /** Each is alone when it is stopped, so that whatever goes on afterwards is done by the other. */
    private void stoppedInItsWork(Groups groups) {
        deployment = Deployment.start(directory, 1, groups);
        deployment.startHeld("enumerator-0");
        deployment.start("marker-0");
        deployment.startHeld("sweeper-0");
        RunId run = deployment.request();

        // All but one repository is read, and what is read is the marker's.
        awaitHeld("enumerator-0");
        deployment.await("the marker is at work", this::markerHasCommitted);
        for (String service : List.of("enumerator", "marker")) {
            deployment.stop(service + "-0");
            deployment.start(service + "-1");
        }
        deployment.awaitState(run, Run.State.ENUMERATED);
        deployment.release("enumerator-0");
        deployment.goOn("enumerator-0");
        deployment.awaitState(run, Run.State.SWEEPING);
        deployment.goOn("marker-0");

        awaitHeld("sweeper-0");
        deployment.stop("sweeper-0");
        deployment.startHeld("sweeper-1");
        awaitHeld("sweeper-1");
        List<String> begun = deployment.begun("sweeper-0");
        deployment.release("sweeper-0");
        deployment.goOn("sweeper-0");
        // It joins once it has let go of all that it had.
        deployment.await("it has joined its group again", () -> sweepers() == 2);
        assertThat(begun)
                .as("what it had begun to delete when it was stopped: all that it has deleted")
                .containsAll(deployment.witness("sweeper-0"));
        deployment.release("sweeper-1");

        deployment.awaitEnd(run);
        deployment.assertSweptAsUndisturbed(run, "each was stopped in its work");

        deployment.freshRegistry();
        RunId next = deployment.request();
        deployment.awaitEnd(next);
        deployment.assertSweptAsUndisturbed(next, "those that woke up take part");
    }

    /** With a group's session as it is by default, 45 s. */
    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void aServiceStoppedForTwoMinutesInAnyPhaseCostsTimeOnly() {
        var random = new Random(Soak.seed());
        var soak = new Soak();
        deployment = Deployment.start(directory, 1, Groups.UNTOLD);
        deployment.start(SERVICES, 2);
        do {
            for (Run.State phase : List.of(Run.State.REQUESTED, Run.State.ENUMERATED, Run.State.SWEEPING)) {
                for (String service : SERVICES) {
                    deployment.freshRegistry();
                    RunId run = deployment.request();
                    deployment.awaitState(run, phase);
                    Processes.pause(random.nextInt(300));

                    String stopped = service + "-" + random.nextInt(2);
                    deployment.stop(stopped);
                    Processes.pause(Duration.ofMinutes(2).toMillis());
                    String when = "%s was stopped when the run was %s".formatted(stopped, phase);
                    System.out.println(when + ", and two minutes later it is "
                            + deployment.run(run).state());
                    deployment.goOn(stopped);

                    deployment.awaitEnd(run);
                    deployment.assertSweptAsUndisturbed(run, when);
                }
            }
        } while (soak.goesOn());
    }

    private void awaitHeld(String name) {
        deployment.await(
                name + " is in the middle of its work",
                () -> !deployment.witness(name).isEmpty());
    }

    private boolean markerHasCommitted() {
        return asked(admin -> !admin.listConsumerGroupOffsets("tidemark.marker")
                .partitionsToOffsetAndMetadata()
                .get()
                .isEmpty());
    }

    private int sweepers() {
        return asked(admin -> admin.describeConsumerGroups(List.of("tidemark.sweeper"))
                .all()
                .get()
                .get("tidemark.sweeper")
                .members()
                .size());
    }

    private interface Question<T> {
        T of(Admin admin) throws Exception;
    }

    private <T> T asked(Question<T> question) {
        try (Admin admin = deployment.kafka().admin()) {
            return question.of(admin);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
