package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.local.KafkaInside;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links to manifests that are not there, which the real registry has written into a bucket. */
class BucketDanglingLinksIT extends BucketWithLeftovers {

    private static final String APP = "team/app";
    private static final Serializer<KnownSubject> KNOWN = new JsonSerde<>(KnownSubject.class).serializer();

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry3"})
    void theyGoOnceRunsHaveKnownThemForLongEnoughAndComeBack(String binary) throws IOException {
        assumeTrue(DockerRegistry.onPath(binary), binary + " is not installed: skipped");
        try (var registry = DockerRegistry.serve(binary, directory, storage, "")) {
            String config = registry.config().toString();
            String seen = registry.pushImage(APP, "seen", "config 0", "layer 0");
            disk.age(Duration.ofDays(90));
            assertThat(collect(config, "--dry-run").links()).isEmpty();
            String first = registry.pushImage(APP, "v1", "config 1", "layer 1");
            String second = registry.pushImage(APP, "v1", "config 2", "layer 2");
            String lost = registry.pushImage(APP, "lost", "config 3", "layer 3");
            String unlinked = registry.pushImage(APP, "unlinked", "config 4", "layer 4");
            registry.deleteManifest(APP, first);
            RegistryOnDisk.remove(disk.data(seen).getParent());
            RegistryOnDisk.remove(disk.data(lost).getParent());
            RegistryOnDisk.remove(disk.repo(APP).revision(unlinked).getParent());
            disk.age(Duration.ofDays(90));
            assertThat(Pulled.tags(registry, APP)).containsExactlyInAnyOrder("v1", "seen", "lost", "unlinked");
            String[] dangling = {
                path(ManifestLink.current("lost")),
                path(ManifestLink.current("unlinked")),
                path(ManifestLink.revision(Digest.parse(lost))),
                path(ManifestLink.past("v1", Digest.parse(first)))
            };

            Tidemark.Result found = collect(config, "--dry-run");
            assertThat(found.links()).isEmpty();
            assertThat(found.out()).contains("4 dangling links, kept");
            assertThat(collect(config, "--dry-run").links()).isEmpty();
            timePasses(dangling);
            Map<String, String> before = disk.snapshot();
            Tidemark.Result dry = collect(config, "--dry-run");
            assertThat(dry.links()).containsExactlyInAnyOrder(dangling);
            assertThat(disk.snapshot()).isEqualTo(before);

            Tidemark.Result swept = collect(config, "--keep-trash", "24h", "--settle", "1s");

            assertThat(swept.out()).contains("4 dangling links deleted");
            assertThat(Pulled.tags(registry, APP)).containsExactlyInAnyOrder("v1", "seen");
            assertThat(registry.manifest(APP, "v1").map(RegistryOnDisk::sha256)).contains(second);
            assertThat(disk.repo(APP).revision(seen))
                    .as("an earlier run has read it: it counts as there")
                    .exists();
            for (String path : dangling) {
                assertThat(disk.base().resolve(path)).doesNotExist();
                assertThat(explained(path.substring(Layout.REPOSITORIES.length() + 1)))
                        .startsWith("deleted");
            }
            assertProved();
            assertThat(collect(config, "--dry-run").links()).isEmpty();

            String run = swept.plan().getFirst().path("run").asText();
            Tidemark.Result undone = tidemark.type("undo", run, config);

            assertThat(undone.out() + undone.err())
                    .contains("team/app:lost is back, and names " + lost + ", which is not there");
            assertThat(Pulled.tags(registry, APP)).containsExactlyInAnyOrder("v1", "seen", "lost", "unlinked");
            for (String path : dangling) {
                assertThat(disk.base().resolve(path)).exists();
            }
            for (String tag : List.of("lost", "seen")) {
                String layer = tag.equals("lost") ? "3" : "0";
                registry.pushImage(APP, tag, "config " + layer, "layer " + layer);
                assertThat(registry.manifest(APP, tag)).isPresent();
            }
            Tidemark.Result audited = tidemark.type("audit", run);
            assertThat(audited.exitCode()).as(audited.out() + audited.err()).isZero();
        }
    }

    private static String path(ManifestLink link) {
        return link.file(APP);
    }

    /** Runs have found these links three days earlier than they have: a bucket asks for two at least. */
    private void timePasses(String... links) {
        var topics = new Topics(Topics.DEFAULT_PREFIX, 1);
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(directory.resolve("home").resolve("data").resolve("kafka"))) {
            var cluster = new Cluster(KafkaInside.clientSettings(broker), topics);
            List<KnownSubject> known = new ArrayList<>();
            try (var scan = new TopicScan<>(cluster, topics.knownSubjects(), KnownSubject.class)) {
                scan.read(0, OptionalLong.empty(), () -> true, known::add);
            }
            RunId latest = known.getLast().run();
            long earlier = latest.time().minus(Duration.ofDays(3)).toEpochMilli();
            Producer<String, byte[]> producer = cluster.producer();
            for (String link : links) {
                producer.send(new ProducerRecord<>(
                        topics.knownSubjects(), link, KNOWN.serialize(null, new KnownSubject(latest, earlier))));
            }
            cluster.close(producer);
        }
    }

    private Tidemark.Result collect(String config, String... options) {
        List<String> all = new ArrayList<>(List.of("--min-age", "1s", "--leftovers", "2d", "-m"));
        all.addAll(List.of(options));
        all.add(config);
        Tidemark.Result result = tidemark.collect(all.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }
}
