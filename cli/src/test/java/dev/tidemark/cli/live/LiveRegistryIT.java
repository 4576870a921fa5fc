package dev.tidemark.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.live.LiveRegistry.Cache;
import dev.tidemark.testkit.Soak;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Beside collections back to back, clients push to the real registry what these sweep, tag it, delete it, and push it
 * again. Each push that the registry has acknowledged, and that no client has deleted, is whole after the next look.
 * That some are lost without a trash is shown by {@code PushWhileSweptIT}, which aims at the moment.
 */
class LiveRegistryIT {

    private static final int ORPHANS = 2_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** Its reason is printed at once: it may be hours until the class has ended, or it may never end. */
    @RegisterExtension
    final TestExecutionExceptionHandler failed = (test, failure) -> {
        System.out.println("failed, see " + directory);
        failure.printStackTrace(System.out);
        throw failure;
    };

    @ParameterizedTest
    @EnumSource(names = {"NONE", "IN_MEMORY"})
    void noPushIsLost(Cache cache) throws Exception {
        assertThat(lost(cache, false, 150, 300, new Random(Long.getLong("seed", 7)), "--keep-trash", "0"))
                .isEmpty();
    }

    @ParameterizedTest
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    @CsvSource({
        "NONE, false",
        "REDIS, false",
        "IN_MEMORY, false",
        "IN_MEMORY_TOLD, false",
        "NONE, true",
        "REDIS, true",
        "IN_MEMORY, true",
        "IN_MEMORY_TOLD, true"
    })
    void noneOfThousandsIsLost(Cache cache, boolean bucket) throws Exception {
        assertThat(lost(cache, bucket, pushes(), bucket ? 300 : ORPHANS, new Random(Soak.seed()), "--keep-trash", "1s"))
                .isEmpty();
    }

    /** The services collect, and take the registry's events. */
    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void noneOfThousandsIsLostWhereTheRegistrySendsItsEvents() throws Exception {
        var random = new Random(Soak.seed());
        try (var services = new LiveServices(directory, Map.of());
                var live = new LiveRegistry(directory, Cache.IN_MEMORY, false, services.notifications());
                var beside = new BackToBack(live, directory.resolve("home"), Optional.of(services), random, ORPHANS)) {
            assertThat(lost("IN_MEMORY, and its events", beside, pushes())).isEmpty();
        }
    }

    /** The broker, too. Beside a registry that remembers nothing, what is swept is purged soon. */
    @ParameterizedTest
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    @EnumSource(names = {"NONE", "IN_MEMORY"})
    void noneIsLostWhereTheServicesAndTheRegistryAreKilled(Cache cache) throws Exception {
        var random = new Random(Soak.seed());
        try (var services = new LiveServices(directory, Map.of("TIDEMARK_KEEP_TRASH", "1s"));
                var live = new LiveRegistry(directory, cache, false, services.notifications());
                var beside = new BackToBack(live, directory.resolve("home"), Optional.of(services), random, ORPHANS)) {
            assertThat(lost(cache + ", services killed", beside, lost -> {
                        try (var killed = new KilledAgain(
                                random,
                                Stream.concat(services.kills(), Stream.of(live::killAndRestart))
                                        .toList())) {
                            while (beside.clients().acknowledged() < pushes()) {
                                lost.addAll(beside.collect());
                            }
                        }
                    }))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    @CsvSource({"NONE, false", "REDIS, false", "IN_MEMORY, false", "NONE, true"})
    void noneIsLostWhereCollectionsAndTheRegistryAreKilled(Cache cache, boolean bucket) throws Exception {
        var random = new Random(Soak.seed());
        try (var live = new LiveRegistry(directory, cache, bucket, "");
                var beside = new BackToBack(
                        live,
                        directory.resolve("home"),
                        Optional.empty(),
                        random,
                        bucket ? 300 : ORPHANS,
                        "--keep-trash",
                        "0")) {
            assertThat(lost(named(cache, bucket) + ", killed", beside, lost -> {
                        try (var killed = new KilledAgain(random, List.of(live::killAndRestart))) {
                            while (beside.clients().acknowledged() < pushes()) {
                                for (int cut = random.nextInt(3); cut >= 0; cut--) {
                                    beside.collectKilled(random);
                                }
                                lost.addAll(beside.collect());
                            }
                        }
                    }))
                    .isEmpty();
        }
    }

    private static int pushes() {
        return Integer.getInteger("pushes", 2000);
    }

    private static String named(Cache cache, boolean bucket) {
        return cache + (bucket ? " in a bucket" : "");
    }

    private List<String> lost(Cache cache, boolean bucket, int pushes, int orphans, Random random, String... options)
            throws Exception {
        try (var live = new LiveRegistry(directory, cache, bucket, "");
                var beside =
                        new BackToBack(live, directory.resolve("home"), Optional.empty(), random, orphans, options)) {
            return lost(named(cache, bucket), beside, pushes);
        }
    }

    private static List<String> lost(String mode, BackToBack beside, int pushes) throws Exception {
        List<String> lost = lost(mode, beside, found -> {
            while (beside.clients().acknowledged() < pushes) {
                found.addAll(beside.collect());
            }
        });
        assertThat(beside.clients().figures().unanswered())
                .as("requests without an answer")
                .isZero();
        return lost;
    }

    /** What was lost in all. Whatever comes of the collections, their figures are printed. */
    private static List<String> lost(String mode, BackToBack beside, Consumer<List<String>> collections)
            throws Exception {
        List<String> lost = new ArrayList<>();
        String outcome = "broken off";
        try {
            collections.accept(lost);
            lost.addAll(beside.end());
            outcome = lost.size() + " lost";
        } finally {
            System.out.printf(
                    "%s, %d collections: %s; %s%n",
                    mode, beside.collections(), beside.clients().figures(), outcome);
        }
        return lost;
    }
}
