package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.Soak;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed, wherever it is, and started again ends where an undisturbed one ends. */
class KillIT {

    @TempDir
    private Path directory;

    @Test
    void aCollectKilledInItsSweepIsFinishedByTheNext() {
        killInTheSweep("sweep", new Random(Long.getLong("seed", 42)));
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void collectsKilledAgainAndAgainInTheirSweepAreFinishedByTheNext() {
        var random = new Random(Soak.seed());
        var soak = new Soak();
        int round = 0;
        do {
            killInTheSweep("sweep-" + round++, random);
        } while (soak.goesOn());
    }

    private void killInTheSweep(String name, Random random) {
        killAndFinish(registry(name), name, process -> {
            long blobs = process.blobDirectories();
            long enough = 1L + random.nextInt((int) (blobs / 4));
            process.await("so many blobs are gone", () -> process.blobDirectories() <= blobs - enough);
        });
    }

    @Test
    void aCollectKilledBeforeItsSweepIsFinishedByTheNext() {
        killedOnceItHasLogged("enumerated:");
    }

    @Test
    @Tag("soak")
    void collectsKilledInEachStepBeforeTheSweepAreFinishedByTheNext() {
        List.of("requested", "enumerating", "enumerated:").forEach(this::killedOnceItHasLogged);
    }

    private void killedOnceItHasLogged(String sign) {
        String name = "before-" + sign.replace(":", "");
        killAndFinish(registry(name), name, process -> process.awaitLogged(sign));
    }

    @Test
    void anInterruptedCollectSaysSoAndSweepsNothingMore() throws Exception {
        RegistryOnDisk registry = registry("interrupted");
        Path home = Files.createDirectories(directory.resolve("home-interrupted"));
        CollectProcess collect = CollectProcess.start(registry, home);
        collect.awaitLogged("enumerating");

        collect.process().destroy();
        Processes.awaitEnd(collect.process());

        assertThat(collect.process().exitValue()).isNotZero();
        assertThat(home.resolve("output")).content().contains("tidemark: interrupted", "nothing more is deleted");
        assertThat(new Tidemark(home).collect(options(registry)).exitCode()).isZero();
        assertThat(registry.snapshot()).isEqualTo(UndisturbedRun.get().leaves());
    }

    @Test
    void aCollectInterruptedWhileKafkaIsGoneSaysSo() throws Exception {
        RegistryOnDisk registry = registry("gone");
        Map<String, String> before = registry.snapshot();
        Path home = Files.createDirectories(directory.resolve("home-gone"));
        Path config = Files.writeString(
                directory.resolve("client.properties"),
                "max.block.ms=20000\nrequest.timeout.ms=20000\ndefault.api.timeout.ms=20000\n");
        try (var kafka = KafkaProcesses.start(directory.resolve("kafka"), 1, List.of())) {
            CollectProcess collect = CollectProcess.start(
                    registry,
                    home,
                    "--bootstrap-servers",
                    kafka.bootstrapServers(),
                    "--command-config",
                    config.toString());
            collect.awaitLogged("enumerating");

            kafka.kill(0);
            collect.process().destroy();
            Processes.awaitEnd(collect.process());

            assertThat(collect.process().exitValue()).isNotZero();
        }
        assertThat(home.resolve("output"))
                .content()
                .contains("tidemark: interrupted: Kafka could not be told", "nothing more")
                .doesNotContain("Exception", "\tat ");
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    private void killAndFinish(RegistryOnDisk registry, String name, Consumer<CollectProcess> moment) {
        Path home = directory.resolve("home-" + name);
        CollectProcess collect = CollectProcess.start(registry, home);
        moment.accept(collect);
        Processes.kill(collect.process());

        Tidemark.Result result = new Tidemark(home).collect(options(registry));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(registry.snapshot()).isEqualTo(UndisturbedRun.get().leaves());
    }

    private static String[] options(RegistryOnDisk registry) {
        return new String[] {
            "-m", "--min-age", "0", "--max-delete", "100", registry.root().toString()
        };
    }

    private RegistryOnDisk registry(String name) {
        return FaultRegistry.make(directory.resolve(name));
    }
}
