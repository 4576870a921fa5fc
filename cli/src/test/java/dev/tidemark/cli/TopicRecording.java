package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.cli.local.KafkaInside;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.testkit.ReferrersOnDisk;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics of two runs on a small registry as files: a dry run, and a run that deletes. {@code topics.jsonl} has
 * every record; {@code said.jsonl} has commands, and what they printed of the runs.
 */
final class TopicRecording {

    private static final String TOPICS = "topics.jsonl";
    private static final String SAID = "said.jsonl";

    /** By topic, what its records are. The manifests of a bucket, holds and events are in none of the two runs. */
    static final Map<String, Class<?>> RECORDS = Map.ofEntries(
            Map.entry("runs", RunRecord.class),
            Map.entry("work", WorkRecord.class),
            Map.entry("work.done", WorkDoneRecord.class),
            Map.entry("repositories", RepositoryRecord.class),
            Map.entry("tags", TagsRecord.class),
            Map.entry("manifests", EnumeratedRecord.class),
            Map.entry("layers", EnumeratedRecord.class),
            Map.entry("blobs", EnumeratedRecord.class),
            Map.entry("marks", MarksRecord.class),
            Map.entry("eligible", EligibleRecord.class),
            Map.entry("eligible.dry-run", EligibleRecord.class),
            Map.entry("deletions", DeletionRecord.class),
            Map.entry("trash", TrashRecord.class));

    /** Of each document, what must never be said otherwise. */
    private static final Map<String, List<String>> TELLING = Map.of(
            "audit", List.of("run", "verdict", "state", "exceptions", "because"),
            "compare", List.of("stillEligible", "freedByLater", "rescued", "added"),
            "explain", List.of("digest", "verdict", "kept", "fate", "unreferenced", "total", "own", "shared"),
            "report", List.of("found", "parts", "effect", "problems", "listing", "gaps"));

    /** The records are years old one day, and Kafka is not to delete them. */
    private static final Duration FOR_EVER = Duration.ofDays(100 * 365);

    private TopicRecording() {}

    /** Collects a registry twice, and writes what its topics hold then. No file names the machine or its user. */
    static void make(Path directory, Path to) throws IOException {
        System.setProperty("user.name", "operator");
        Path root = Path.of(System.getProperty("java.io.tmpdir"), "recorded-registry");
        if (Files.exists(root)) {
            RegistryOnDisk.remove(root);
        }
        var tidemark = new Tidemark(directory.resolve("home"));
        Path data = directory.resolve("home/data");
        List<String> subjects = registry(root);
        assertThat(tidemark.collect("-d", "-m", "--leftovers", "7d", root.toString())
                        .exitCode())
                .isZero();
        assertThat(tidemark.collect("-m", "--leftovers", "7d", "--keep-trash", "0", root.toString())
                        .exitCode())
                .isZero();
        RegistryOnDisk.remove(root);

        List<ObjectNode> records = dump(data);
        write(to.resolve(TOPICS), records);
        String dryRun = records.stream()
                .filter(line -> line.path("topic").asText().endsWith(".runs"))
                .findFirst()
                .orElseThrow()
                .path("key")
                .asText();
        List<List<String>> commands = new ArrayList<>(
                List.of(List.of("audit"), List.of("audit", dryRun), List.of("report"), List.of("compare", dryRun)));
        subjects.forEach(subject -> commands.add(List.of("explain", subject)));
        List<ObjectNode> said = new ArrayList<>();
        for (List<String> command : commands) {
            ObjectNode line = JsonSerde.MAPPER.createObjectNode();
            line.set("command", JsonSerde.MAPPER.valueToTree(command));
            JsonNode document = say(data, line.path("command"));
            ObjectNode telling = line.putObject("document");
            TELLING.get(command.getFirst()).stream()
                    .filter(document::has)
                    .forEach(field -> telling.set(field, document.get(field)));
            said.add(line);
        }
        write(to.resolve(SAID), said);
    }

    /** A registry with something of everything, and what is asked of it. */
    private static List<String> registry(Path root) {
        var registry = RegistryOnDisk.at(root);
        var app = registry.repo("team/app");
        String lost = app.layer("lost");
        String untagged = app.image("untagged");
        String image = app.image("v1");
        String signature = new ReferrersOnDisk(app).notation(image);
        app.tag("v1", untagged).tag("v1", image).tag("multi", app.index(app.image("amd64")));
        app.tag("broken", app.image(RegistryOnDisk.OCI_IMAGE, app.layer("config"), lost));
        RegistryOnDisk.remove(registry.data(lost));
        var odd = registry.repo("odd");
        odd.tag("odd", odd.manifest("no manifest at all")).layer("kept conservatively");
        String orphan = registry.blob("orphan");
        app.upload("3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90", Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        String young = registry.repo("young").image("young");
        return List.of(
                "team/app:v1",
                untagged,
                signature,
                lost,
                orphan,
                young,
                "team/app/_uploads/3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90");
    }

    private static List<ObjectNode> dump(Path data) throws IOException {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (EmbeddedKafka broker = EmbeddedKafka.start(data.resolve("kafka"))) {
            var cluster = new Cluster(KafkaInside.clientSettings(broker), new Topics(Topics.DEFAULT_PREFIX, 1));
            var consumer = cluster.rawReader();
            Set<String> topics =
                    RECORDS.keySet().stream().map(Topics.DEFAULT_PREFIX::concat).collect(Collectors.toSet());
            List<TopicPartition> all = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .filter(partition -> topics.contains(partition.topic()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(all).entrySet()) {
                while (consumer.position(end.getKey()) < end.getValue()) {
                    consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
                }
            }
            cluster.close(consumer);
        }
        records.sort(Comparator.<ConsumerRecord<byte[], byte[]>, String>comparing(ConsumerRecord::topic)
                .thenComparingInt(ConsumerRecord::partition)
                .thenComparingLong(ConsumerRecord::offset));
        List<ObjectNode> lines = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ObjectNode line = JsonSerde.MAPPER
                    .createObjectNode()
                    .put("topic", record.topic())
                    .put("partition", record.partition())
                    .put("timestamp", record.timestamp());
            if (record.key() != null) {
                line.put("key", new String(record.key(), StandardCharsets.UTF_8));
            }
            line.set("value", JsonSerde.MAPPER.readTree(record.value()));
            assertThat(bytes(line)).as("checksums are of these bytes").isEqualTo(record.value());
            lines.add(line);
        }
        return lines;
    }

    private static byte[] bytes(JsonNode line) {
        return line.path("value").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Puts all records of a recording into a new data directory, each where it was. */
    static Path replay(Path version, Path data) throws IOException {
        List<ObjectNode> lines = records(version);
        int partitions = 1
                + lines.stream()
                        .mapToInt(line -> line.path("partition").asInt())
                        .max()
                        .orElseThrow();
        var settings = new TopicSettings(
                Topics.DEFAULT_PREFIX, OptionalInt.of(partitions), partitions, (short) 1, FOR_EVER, FOR_EVER);
        try (EmbeddedKafka broker = EmbeddedKafka.start(data.resolve("kafka"));
                var admin = Admin.create(broker.clientSettings())) {
            var cluster = new Cluster(KafkaInside.clientSettings(broker), TopicCreation.ensure(admin, settings));
            var producer = cluster.producer();
            lines.forEach(line -> producer.send(new ProducerRecord<>(
                    line.path("topic").asText(),
                    line.path("partition").asInt(),
                    line.path("timestamp").asLong(),
                    line.path("key").asText(null),
                    bytes(line))));
            cluster.close(producer);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return data;
    }

    /** What a command prints of the runs in a data directory. */
    static JsonNode say(Path data, JsonNode command) {
        Stream<String> words = command.valueStream().map(JsonNode::asText);
        Tidemark.Result result =
                Tidemark.run(Stream.concat(words, Stream.of("--format", "json", "--data-dir", data.toString()))
                        .toArray(String[]::new));
        assertThat(result.exitCode()).as(command + result.err()).isZero();
        return result.summary();
    }

    static List<ObjectNode> records(Path version) throws IOException {
        return read(version.resolve(TOPICS));
    }

    static List<ObjectNode> said(Path version) throws IOException {
        return read(version.resolve(SAID));
    }

    private static List<ObjectNode> read(Path file) throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add((ObjectNode) JsonSerde.MAPPER.readTree(line));
        }
        return lines;
    }

    private static void write(Path file, List<ObjectNode> lines) throws IOException {
        Files.write(file, lines.stream().map(JsonNode::toString).toList());
    }
}
