package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.testkit.CpuQuota;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.Soak;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is stopped and let go on, or starved, ends where an undisturbed one ends, and with its first try. */
class SuspendIT {

    /** The log's words for work that is begun again. A late heartbeat is one line, and only a fence makes work. */
    private static final List<String> SECOND_TRIES =
            List.of("tried again", "has lost partitions", "has died", "fenced");

    private static final int MOMENTS = 6;

    @TempDir
    private Path directory;

    @Test
    void aCollectStoppedInEveryPhaseEndsRight() throws Exception {
        var random = new Random(Soak.seed());
        CollectProcess collect = CollectProcess.start(registry("stopped"), directory.resolve("home"));
        for (int moment = 0; moment < MOMENTS; moment++) {
            await(collect, moment, random);
            stop(collect, 1_000);
        }
        collect.awaitEnd(30);
        assertEndedRight(collect);
    }

    /**
     * Longer than each of Kafka's time-outs by default: 9 s of a broker, 30 s of a request, 45 s of a group's member,
     * 60 s of a call.
     */
    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = java.util.concurrent.TimeUnit.HOURS)
    void aCollectStoppedForLongerThanAnyTimeOutEndsRight() throws Exception {
        var random = new Random(Soak.seed());
        var soak = new Soak();
        for (int round = 0; round == 0 || soak.goesOn(); round++) {
            for (int seconds : new int[] {5, 30, 120}) {
                for (int moment = 0; moment < MOMENTS; moment++) {
                    String name = round + "-" + seconds + "-" + moment;
                    CollectProcess collect = CollectProcess.start(registry(name), directory.resolve("home-" + name));
                    await(collect, moment, random);
                    stop(collect, seconds * 1_000L);
                    collect.awaitEnd(30);
                    assertEndedRight(collect);
                }
            }
        }
    }

    /** A tenth of a core. CPU time is what the machine's speed does not change much, and a second try would. */
    @Test
    @Tag("soak")
    @Timeout(value = 2, unit = java.util.concurrent.TimeUnit.HOURS)
    void aStarvedCollectEndsRightAndDoesNoMoreWork() throws Exception {
        double rested = cpuSecondsOf(List::copyOf, "rested");
        double starved;
        try (var quota = new CpuQuota(10)) {
            starved = cpuSecondsOf(quota::command, "starved");
        }
        System.out.printf("CPU time of a run: %.1f s, on a tenth of a core %.1f s%n", rested, starved);
        assertThat(starved).isLessThan(2 * rested);
    }

    private double cpuSecondsOf(java.util.function.UnaryOperator<List<String>> under, String name) throws Exception {
        Path time = directory.resolve(name + ".time");
        CollectProcess collect = CollectProcess.start(registry(name), directory.resolve("home-" + name), command -> {
            List<String> timed = new java.util.ArrayList<>(
                    List.of("bash", "-c", "TIMEFORMAT='%U %S'; { time \"$@\" 2>&3; } 3>&2 2>'" + time + "'", "bash"));
            timed.addAll(command);
            return under.apply(timed);
        });
        collect.awaitEnd(100);
        assertEndedRight(collect);
        String[] seconds = java.nio.file.Files.readString(time).strip().split(" ");
        return Double.parseDouble(seconds[0]) + Double.parseDouble(seconds[1]);
    }

    /** Waits for a phase, and a little longer. */
    private static void await(CollectProcess collect, int moment, Random random) {
        switch (moment) {
            case 0 -> Processes.pause(random.nextInt(1_500));
            case 1 -> collect.awaitLogged(" requested");
            case 2 -> collect.awaitLogged("enumerating");
            case 3 -> collect.awaitLogged("enumerated:");
            case 4 -> {
                long before = collect.blobDirectories();
                collect.await("a blob is swept", () -> collect.blobDirectories() < before);
            }
            default ->
                collect.await("the summary is there", () -> collect.output().contains("freed"));
        }
        if (moment > 0) {
            Processes.pause(random.nextInt(100));
        }
    }

    private static void stop(CollectProcess collect, long milliseconds) {
        if (collect.process().isAlive()) {
            Processes.signal(collect.process(), "STOP");
            Processes.pause(milliseconds);
            Processes.signal(collect.process(), "CONT");
        }
    }

    private static void assertEndedRight(CollectProcess collect) {
        assertThat(collect.process().exitValue())
                .as(collect.output() + collect.log())
                .isZero();
        assertThat(collect.registry().snapshot()).isEqualTo(UndisturbedRun.get().leaves());
        assertThat(collect.log()).doesNotContain(SECOND_TRIES);
        assertThat(collect.log().lines().filter(line -> line.contains(" requested")))
                .hasSize(1);
    }

    private RegistryOnDisk registry(String name) {
        return FaultRegistry.make(directory.resolve(name));
    }
}
