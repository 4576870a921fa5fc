package dev.tidemark.cli;

import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import java.nio.file.Path;
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
 * The services as processes of their own, on a real Kafka, that are killed, stopped and let go on at random moments of a run,
 * as Kafka is: storage and {@code deletions} end as after an undisturbed run.
 */
class ServicesIT {

  /** In which a member asks again, and gives up a request: Kafka's own are three times as long, as a minute without it. */
  private static final Map<String, String> TIME_OUTS =
      Map.of("kafka.request.timeout.ms", "10000", "kafka.default.api.timeout.ms", "20000");

  @TempDir private static Path directory;

  private static Deployment deployment;

  @BeforeAll
  static void start() {
    deployment = Deployment.start(directory, 1, List.of("enumerator", "marker", "sweeper"), 2, TIME_OUTS);
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
  void killedAtAnyMomentTheyEndWhereUndisturbedOnesEnd() {
    System.out.println("survived " + killedAndStopped(new Random(Long.getLong("seed", 42)), 8) + " kills and stops of services");
  }

  @Test
  @Tag("soak")
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void killedAgainAndAgainTheyEndWhereUndisturbedOnesEnd() {
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
      String victim = deployment.names().get(random.nextInt(deployment.names().size()));
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

  @Test
  void toldToEndInTheMiddleTheyEndAndOthersGoOn() {
    for (Run.State moment : List.of(Run.State.REQUESTED, Run.State.ENUMERATED, Run.State.SWEEPING)) {
      deployment.freshRegistry();
      RunId run = deployment.request();
      deployment.awaitState(run, moment);

      List<Process> told = deployment.names().stream().map(deployment::process).toList();
      told.forEach(process -> Processes.signal(process, "TERM"));
      Processes.await("they end", () -> told.stream().noneMatch(Process::isAlive));
      deployment.names().forEach(deployment::start);

      deployment.awaitEnd(run);
      deployment.assertSweptAsUndisturbed(run, "told to end when it was " + moment);
    }
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
