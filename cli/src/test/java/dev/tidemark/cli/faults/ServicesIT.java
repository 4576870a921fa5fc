package dev.tidemark.cli.faults;

import dev.tidemark.cli.Processes;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.Soak;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services as processes of their own, on a real Kafka, that are killed, stopped and let go on at random moments of
 * a run, as Kafka is: storage and {@code deletions} end as after an undisturbed run.
 */
class ServicesIT {

    /**
     * In which a member asks again, and gives up a request: Kafka's own are three times as long, as a minute without
     * it.
     */
    private static final Map<String, String> TIME_OUTS =
            Map.of("kafka.request.timeout.ms", "10000", "kafka.default.api.timeout.ms", "20000");

    @TempDir
    private static Path directory;

    private static Deployment deployment;

    @BeforeAll
    static void start() {
        deployment = Deployment.start(directory, List.of("enumerator", "marker", "sweeper"), 2, TIME_OUTS);
    }

    @AfterAll
    static void stop() {
        deployment.close();
    }

    @BeforeEach
    void aRegistryWithGarbage() {
        deployment.freshRegistry();
    }

    @Test
    void servicesKilledAtAnyMomentEndWhereUndisturbedOnesEnd() {
        System.out.println("survived " + killedAndStopped(new Random(Long.getLong("seed", 42)), 8)
                + " kills and stops of services");
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void servicesKilledAgainAndAgainEndWhereUndisturbedOnesEnd() {
        var random = new Random(Soak.seed());
        var soak = new Soak();
        do {
            deployment.freshRegistry();
            killedAndStopped(random, Integer.MAX_VALUE);
        } while (soak.goesOn());
    }

    /** The first fault is a stop, later ones are one in five times. */
    private static int killedAndStopped(Random random, int most) {
        int faults = 0;
        RunId run = deployment.request();
        while (faults < most && !deployment.run(run).ended()) {
            String victim =
                    deployment.names().get(random.nextInt(deployment.names().size()));
            Processes.pause(random.nextInt(700));
            if (faults == 0 || random.nextInt(5) == 0) {
                deployment.stopBeyondItsSession(victim);
            } else {
                deployment.killAndRestart(victim);
            }
            faults++;
        }
        deployment.awaitEnd(run);
        deployment.assertSweptAsUndisturbed(run, "after " + faults + " faults");
        return faults;
    }

    /** Those that are at work, one service after the other. */
    @Test
    void servicesToldToEndInTheirWorkEndAndOthersGoOn() {
        toldToEnd(Map.of(
                Run.State.REQUESTED,
                List.of("enumerator"),
                Run.State.ENUMERATED,
                List.of("marker"),
                Run.State.SWEEPING,
                List.of("sweeper")));
    }

    @Test
    @Tag("soak")
    void allServicesToldToEndAtOnceInAnyStepEndAndOthersGoOn() {
        List<String> all = List.of("enumerator", "marker", "sweeper");
        toldToEnd(Map.of(Run.State.REQUESTED, all, Run.State.ENUMERATED, all, Run.State.SWEEPING, all));
    }

    /** In one run, which others go on with each time. */
    private static void toldToEnd(Map<Run.State, List<String>> services) {
        RunId run = deployment.request();
        new EnumMap<>(services).forEach((moment, ending) -> {
            deployment.awaitState(run, moment);
            List<String> names = deployment.names().stream()
                    .filter(name -> ending.stream().anyMatch(name::startsWith))
                    .toList();
            List<Process> told = names.stream().map(deployment::process).toList();
            told.forEach(process -> Processes.signal(process, "TERM"));
            Processes.await("they end", () -> told.stream().noneMatch(Process::isAlive));
            names.forEach(deployment::start);
        });
        deployment.awaitEnd(run);
        deployment.assertSweptAsUndisturbed(run, "told to end when it was " + services.keySet());
    }

    @Test
    void aKafkaThatIsGoneForLongerThanAnyRequestCostsThatTime() {
        goneForSeconds(25);
    }

    @Test
    @Tag("soak")
    void aKafkaThatIsGoneForMinutesCostsMinutes() {
        goneForSeconds(150);
    }

    private static void goneForSeconds(int seconds) {
        RunId run = deployment.request();
        deployment.awaitState(run, Run.State.ENUMERATED);

        deployment.kafka().stop(0);
        Processes.pause(seconds * 1000L);
        deployment.kafka().goOn(0);

        deployment.awaitEnd(run);
        deployment.assertSweptAsUndisturbed(run, "after " + seconds + " s without Kafka");
    }
}
