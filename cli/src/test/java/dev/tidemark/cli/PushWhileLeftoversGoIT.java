package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of the real registry push to empty repositories, and to tags that name nothing, while a collection takes
 * these away.
 */
class PushWhileLeftoversGoIT extends RegistryWithLeftovers {

    private static final int EACH = 120;
    private static final String APP = "team/app";

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry3"})
    void everyPushThatIsAcknowledgedIsWholeInTheEnd(String binary) throws Exception {
        assumeTrue(DockerRegistry.onPath(binary), binary + " is not installed: skipped");
        try (var registry = DockerRegistry.serve(binary, directory, RegistryConfigFile.onFilesystem(root), "");
                ExecutorService clients = Executors.newFixedThreadPool(2)) {
            registry.pushImage("kept", "latest", "kept config", "kept layer");
            for (int i = 0; i < EACH; i++) {
                RegistryOnDisk.remove(disk.data(push(registry, APP + ":t" + i)).getParent());
                disk.directory(Layout.layers(empty(i)) + "/sha256");
                disk.directory(Layout.manifests(empty(i)) + "/tags");
            }
            disk.age(Duration.ofDays(90)).ageDirectories(Duration.ofDays(90));
            assertThat(collect("--dry-run").links()).isEmpty();
            // The links count from the look of that run: a run in between takes more than the second.
            collect("--dry-run");
            Set<String> acknowledged = ConcurrentHashMap.newKeySet();
            var stop = new AtomicBoolean();
            List<Future<?>> pushing = new ArrayList<>();
            for (List<String> some : List.of(
                    IntStream.range(0, EACH).mapToObj(i -> APP + ":t" + i).toList(),
                    IntStream.range(0, EACH).mapToObj(i -> empty(i) + ":v1").toList())) {
                pushing.add(clients.submit(() -> {
                    while (!stop.get() && !sweeping()) {
                        Thread.onSpinWait();
                    }
                    for (int i = 0; i < EACH && !stop.get(); i++) {
                        if (pushed(registry, some.get(i))) {
                            acknowledged.add(some.get(i));
                        }
                    }
                }));
            }

            Tidemark.Result swept = collect("--settle", "2s");
            stop.set(true);
            for (Future<?> push : pushing) {
                push.get();
            }

            assertThat(swept.exitCode()).as(swept.out() + swept.err()).isZero();
            assertThat(swept.out()).contains("dangling links deleted", "empty repositories deleted");
            assertThat(acknowledged).anyMatch(image -> image.startsWith(APP)).anyMatch(image -> !image.startsWith(APP));
            for (String image : acknowledged) {
                assertThat(Pulled.of(registry, image)).as(image).hasSize(3);
            }
            assertThat(Pulled.tags(registry, APP))
                    .containsAll(acknowledged.stream()
                            .filter(image -> image.startsWith(APP))
                            .map(image -> image.substring(APP.length() + 1))
                            .toList());
            assertProved();
        }
    }

    /** The sweep has begun with what goes last. */
    private boolean sweeping() {
        return Files.exists(root.resolve("tidemark/trash"));
    }

    private static String empty(int number) {
        return "gone/repository-" + number;
    }

    private static boolean pushed(DockerRegistry registry, String image) {
        try {
            push(registry, image);
            return true;
        } catch (IllegalStateException e) {
            // The registry has refused it: its client pushes again, and that is another push.
            assertThat(e).hasMessageContaining(" answered ");
            return false;
        }
    }

    /** The same image each time. */
    private static String push(DockerRegistry registry, String image) {
        int colon = image.indexOf(':');
        return registry.pushImage(
                image.substring(0, colon), image.substring(colon + 1), "config of " + image, "layer of " + image);
    }

    private Tidemark.Result collect(String... options) {
        List<String> all =
                new ArrayList<>(List.of("--min-age", "1s", "--leftovers", "1s", "-m", "--max-delete", "100"));
        all.addAll(List.of(options));
        all.add(root.toString());
        return tidemark.collect(all.toArray(String[]::new));
    }
}
