package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Main;
import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.local.KafkaInside;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@link FaultRegistry}, and commands at it, of which one may be killed.
 *
 * @param home of the data directory
 * @param target the registry as commands name it
 * @param before all of its files, and their contents
 */
record TrashScene(RegistryOnDisk registry, Path home, String target, Map<String, String> before) {

    static final int IMAGES = 12;

    /** How many files a sweep takes at least. */
    static final int SWEPT = 60;

    /** How many files come back, at least, when what is swept is pushed again. */
    static final int PUSHED_AGAIN = 20;

    /** Of a collection. */
    private static final List<String> OPTIONS = Stream.concat(
                    CollectProcess.OPTIONS.stream(), Stream.of("--settle", "0"))
            .toList();

    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX, 4);

    /** A registry in which everything is old. */
    static RegistryOnDisk registry(Path root) {
        return FaultRegistry.make(root, IMAGES).age(Duration.ofDays(3));
    }

    static TrashScene at(RegistryOnDisk registry, Path home, String target) {
        return new TrashScene(registry, home, target, TrashedFiles.inPlace(registry));
    }

    /** Starts a command as a process of its own. */
    Process start(Map<String, String> environment, String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command));
        if (command.equals("collect")) {
            arguments.addAll(OPTIONS);
        }
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--data-dir", data(), target));
        return Processes.java("256m", Main.class, output(), environment, arguments.toArray(String[]::new));
    }

    Path output() {
        return home.resolve("output");
    }

    void collect(String... options) {
        List<String> all = new ArrayList<>(OPTIONS);
        all.addAll(List.of(options));
        all.add(target);
        assertDone(new Tidemark(home).collect(all.toArray(String[]::new)));
    }

    /** The runs that have something in the trash. */
    List<String> runs() {
        Tidemark.Result listed = Tidemark.run("trash", "list", "--format", "json", target);
        assertDone(listed);
        List<String> runs = new ArrayList<>();
        listed.summary().forEach(line -> runs.add(line.path("run").asText()));
        return runs;
    }

    void undoAll() {
        runs().forEach(run -> assertDone(Tidemark.run("undo", "--data-dir", data(), run, target)));
    }

    void emptyTrash() {
        assertDone(Tidemark.run("trash", "empty", "--settle", "0", "--data-dir", data(), target));
    }

    void assertProved() {
        assertDone(Tidemark.run("audit", "--data-dir", data()));
    }

    /** All that holds are of. */
    String holds() {
        return Tidemark.run("hold", "list", "--data-dir", data()).out();
    }

    /** Nothing is left but what an undisturbed run leaves. */
    void assertSwept() {
        assertThat(TrashedFiles.inPlace(registry))
                .isEqualTo(TrashedFiles.of(UndisturbedRun.of(IMAGES).leaves()));
    }

    /** All is there again, as it was. */
    void assertWhole() {
        assertThat(TrashedFiles.inPlace(registry)).isEqualTo(before);
    }

    /** All layers of these images are there. */
    void assertLayersExist(List<String> images) {
        assertThat(images)
                .allSatisfy(image -> assertThat(registry.repo("team/app").layers(image))
                        .allSatisfy(layer -> assertThat(registry.data(layer)).exists()));
    }

    /** Those of the files that are not in their places. */
    Map<String, String> missing() {
        Map<String, String> missing = new TreeMap<>(before);
        missing.keySet().removeAll(TrashedFiles.inPlace(registry).keySet());
        return missing;
    }

    /** Pushes images that were swept, at a registry that remembers their blobs: it writes links, and no blobs. */
    List<String> pushAgain() {
        var app = registry.repo("team/app");
        var same = RegistryOnDisk.at(home.resolve("same")).repo("team/app");
        List<String> images =
                Stream.of(1, 2, 4).map(i -> same.image("image " + i)).toList();
        images.forEach(image -> {
            assertThat(registry.data(image)).doesNotExist();
            app.link(image).tag("again-" + RegistryOnDisk.hex(image).substring(0, 8), image);
        });
        return images;
    }

    /** What a run has swept: the file of an entry. */
    private record Swept(String run, LayoutEntry entry) {}

    /** What the topics say of each file that is recorded as swept is what the storage shows. */
    void assertTopicsAgree() {
        Set<Swept> swept = new HashSet<>();
        Map<Swept, TrashRecord.Outcome> out = new HashMap<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(data()).resolve("kafka"))) {
            var cluster = new Cluster(KafkaInside.clientSettings(kafka), TOPICS);
            each(cluster, TOPICS.deletions(), TOPICS.partitions(), DeletionRecord.class, record -> {
                if (record.outcome() == DeletionRecord.Outcome.DELETED) {
                    var entry = new LayoutEntry(record.kind(), record.repository(), record.digest());
                    swept.add(new Swept(record.run().text(), entry));
                }
            });
            each(cluster, TOPICS.trash(), 1, TrashRecord.class, record -> {
                var entry = new LayoutEntry(record.kind(), record.repository(), record.digest());
                out.put(new Swept(record.run().text(), entry), record.outcome());
            });
        }
        Set<Swept> inTrash = TrashedFiles.runs(registry).stream()
                .flatMap(run -> entries(TrashedFiles.inTrash(registry, run)).map(entry -> new Swept(run, entry)))
                .collect(Collectors.toSet());
        Set<LayoutEntry> inPlace = entries(TrashedFiles.inPlace(registry)).collect(Collectors.toSet());
        assertThat(swept).isNotEmpty().allSatisfy(file -> {
            TrashRecord.Outcome last = out.get(file);
            if (inTrash.contains(file)) {
                assertThat(last).isIn(null, TrashRecord.Outcome.PURGING);
            } else if (last == TrashRecord.Outcome.RESTORED) {
                assertThat(inPlace).contains(file.entry());
            } else {
                assertThat(last).isNotNull();
            }
        });
    }

    private static <T> void each(Cluster cluster, String topic, int partitions, Class<T> type, Consumer<T> to) {
        try (var scan = new TopicScan<>(cluster, topic, type)) {
            for (int partition = 0; partition < partitions; partition++) {
                scan.read(partition, OptionalLong.empty(), () -> true, to);
            }
        }
    }

    private static Stream<LayoutEntry> entries(Map<String, String> files) {
        return files.keySet().stream()
                .flatMap(path -> LayoutEntry.of(path.substring(TrashedFiles.BASE.length())).stream());
    }

    private static void assertDone(Tidemark.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    private String data() {
        return home.resolve("data").toString();
    }
}
