package dev.tidemark.cli;

import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services as processes of their own, on a real Kafka, that are killed, stopped and let go on at random moments of a run,
 * as the brokers are: storage and {@code deletions} end as after an undisturbed run.
 *
 * <p>More of it: {@code -Dtidemark.rounds=20 -Dtidemark.seed=7 -Dtidemark.images=400}.
 */
class ServicesIT {

  private static final int ROUNDS = Integer.getInteger("tidemark.rounds", 3);
  private static final long SEED = Long.getLong("tidemark.seed", 42);

  @TempDir private Path directory;

  private Deployment deployment;

  @AfterEach
  void stop() {
    deployment.close();
  }

  @Test
  void killedAtAnyMomentTheyEndWhereUndisturbedOnesEnd() {
    deployment = Deployment.start(directory, 1, List.of("enumerator", "marker", "sweeper"), 2);
    int faults = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var random = new Random(SEED + round);
      deployment.freshRegistry();
      RunId run = deployment.request();
      while (!deployment.run(run).ended()) {
        String victim = deployment.names().get(random.nextInt(deployment.names().size()));
        Processes.pause(random.nextInt(700));
        if (random.nextInt(5) == 0) {
          deployment.stopBeyondItsSession(victim);
        } else {
          deployment.killAndRestart(victim);
        }
        faults++;
      }
      deployment.assertSweptAsUndisturbed(run, "after " + faults + " faults");
    }
    System.out.println("survived " + faults + " kills and stops of services in " + ROUNDS + " runs");
  }

  @Test
  void toldToEndInTheMiddleTheyEndWithinSecondsAndOthersGoOn() {
    deployment = Deployment.start(directory, 1, List.of("enumerator", "marker", "sweeper"), 1);
    for (Run.State moment : List.of(Run.State.REQUESTED, Run.State.ENUMERATED, Run.State.SWEEPING)) {
      deployment.freshRegistry();
      RunId run = deployment.request();
      deployment.awaitState(run, moment);

      List<Process> told = deployment.names().stream().map(deployment::process).toList();
      told.forEach(process -> Processes.signal(process, "TERM"));
      Processes.await("they end", Duration.ofSeconds(30), () -> told.stream().noneMatch(Process::isAlive));
      deployment.names().forEach(deployment::start);

      deployment.awaitEnd(run);
      deployment.assertSweptAsUndisturbed(run, "told to end when it was " + moment);
    }
  }

  @Test
  void brokersThatAreKilledAndStoppedCostTimeOnly() {
    deployment = Deployment.start(directory, 3, List.of("enumerator", "marker", "sweeper"), 1);
    int faults = 0;
    for (int round = 0; round < Math.max(1, ROUNDS / 3); round++) {
      var random = new Random(SEED + round);
      deployment.freshRegistry();
      RunId run = deployment.request();
      while (!deployment.run(run).ended()) {
        int node = random.nextInt(3);
        Processes.pause(random.nextInt(1500));
        deployment.kafka().kill(node);
        Processes.pause(random.nextInt(3000));
        deployment.kafka().restart(node);
        deployment.kafka().awaitReady();
        faults++;
      }
      deployment.assertSweptAsUndisturbed(run, "after " + faults + " brokers killed");
    }
    System.out.println("survived " + faults + " kills of brokers");
  }

  @Test
  void aKafkaThatIsGoneForAMinuteCostsAMinute() {
    deployment = Deployment.start(directory, 1, List.of("enumerator", "marker", "sweeper"), 1);
    RunId run = deployment.request();
    deployment.awaitState(run, Run.State.ENUMERATED);

    deployment.kafka().stop(0);
    Processes.pause(60_000);
    deployment.kafka().goOn(0);

    deployment.awaitEnd(run);
    deployment.assertSweptAsUndisturbed(run, "after a minute without Kafka");
  }
}
