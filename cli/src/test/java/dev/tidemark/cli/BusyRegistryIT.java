package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.Soak;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry in which images come and go while it is collected. */
class BusyRegistryIT extends RealRegistry {

    /** Tags and manifests come and go while collections are under way, dry ones and real ones. */
    @Test
    void nothingThatATagKeptAllAlongLeadsToIsListedOrDeleted() {
        collectWhileImagesComeAndGo(() -> false);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void nothingThatATagKeptAllNightLeadsToIsListedOrDeleted() {
        var soak = new Soak();
        collectWhileImagesComeAndGo(soak::goesOn);
    }

    private void collectWhileImagesComeAndGo(BooleanSupplier again) {
        Set<String> constant = Set.of("busy:keep", "busy:multi", "calm:keep");
        var stop = new AtomicBoolean();
        var failure = new AtomicReference<Throwable>();
        try (var registry = DockerRegistry.serve(directory, root)) {
            registry.pushImage("busy", "keep", "kept config", "base", "kept layer");
            registry.pushImage("calm", "keep", "calm config", "base", "calm layer");
            String child = registry.pushImage("busy", "child", "child config", "base", "child layer");
            registry.pushManifest("busy", "multi", RegistryOnDisk.OCI_INDEX, index(child));
            untag("busy", "child");
            for (int i = 0; i < 200; i++) {
                registry.pushImage("busy", "old" + i, "old config " + i, "base", "old layer " + i);
            }
            Map<String, byte[]> before = new HashMap<>();
            constant.forEach(reference -> before.putAll(Pulled.of(registry, reference)));
            Thread churn = new Thread(() -> churn(registry, stop), "churn");
            churn.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
            churn.start();
            try {
                boolean dry = true;
                for (int run = 0; run < 2 || again.getAsBoolean(); run++) {
                    Tidemark.Result result = dry
                            ? tidemark.collect("-m", "-d", "--min-age", "0", root.toString())
                            : tidemark.collect("-m", "--min-age", "0", "--max-delete", "100", root.toString());

                    assertThat(result.exitCode()).as(result.err()).isZero();
                    assertThat(result.blobs()).doesNotContainAnyElementsOf(digests(before));
                    assertThat(result.manifests())
                            .noneMatch(manifest ->
                                    digests(before).contains(manifest.substring(manifest.indexOf('@') + 1)));
                    dry = !dry;
                }
            } finally {
                stop.set(true);
                join(churn);
            }
            assertThat(failure.get()).isNull();
            Map<String, byte[]> after = new HashMap<>();
            constant.forEach(reference -> after.putAll(Pulled.of(registry, reference)));
            assertThat(after.keySet()).isEqualTo(before.keySet());
        }
    }

    private static void churn(DockerRegistry registry, AtomicBoolean stop) {
        var random = new Random(7);
        for (int i = 0; !stop.get(); i++) {
            int which = random.nextInt(200);
            registry.manifest("busy", "old" + which)
                    .ifPresent(manifest -> registry.deleteManifest("busy", RegistryOnDisk.sha256(manifest)));
            registry.pushImage("busy", "new" + i, "new config " + i, "base", "new layer " + i);
            registry.manifest("busy", "keep")
                    .ifPresent(manifest ->
                            registry.pushManifest("busy", "keep", RegistryOnDisk.DOCKER_IMAGE, text(manifest)));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> digests(Map<String, byte[]> pulled) {
        return pulled.keySet().stream()
                .map(name -> name.substring(name.indexOf('@') + 1))
                .toList();
    }
}
