package dev.tidemark.cli.faults;

import dev.tidemark.cli.Processes;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.Soak;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services on three brokers, one of which is dead again and again: storage and {@code deletions} end as after an
 * undisturbed run.
 */
class BrokersIT {

    @TempDir
    private Path directory;

    private Deployment deployment;

    @BeforeEach
    void start() {
        deployment = Deployment.ofBrokers(3, directory);
    }

    @AfterEach
    void stop() {
        deployment.close();
    }

    @Test
    void brokersThatAreKilledCostTimeOnly() {
        System.out.println("survived " + killed(new Random(Long.getLong("seed", 42)), 3) + " kills of brokers");
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void brokersThatAreKilledAgainAndAgainCostTimeOnly() {
        var random = new Random(Soak.seed());
        var soak = new Soak();
        do {
            deployment.freshRegistry();
            killed(random, Integer.MAX_VALUE);
        } while (soak.goesOn());
    }

    private int killed(Random random, int most) {
        int faults = 0;
        RunId run = deployment.request();
        while (faults < most && !deployment.run(run).ended()) {
            int node = random.nextInt(deployment.kafka().nodes());
            Processes.pause(random.nextInt(1500));
            deployment.kafka().kill(node);
            Processes.pause(random.nextInt(3000));
            deployment.kafka().restart(node);
            deployment.kafka().awaitReady();
            faults++;
        }
        deployment.awaitEnd(run);
        deployment.assertSweptAsUndisturbed(run, "after " + faults + " brokers killed");
        return faults;
    }
}
