package dev.tidemark.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of a broker that serves one process on one machine, often for seconds only. */
final class BrokerSettings {

    static final int NODE = 1;

    private static final int MB = 1024 * 1024;

    private BrokerSettings() {}

    static Map<String, String> of(DataDir dataDir, ReservedSockets sockets) {
        Map<String, Object> settings = new HashMap<>();
        settings.putAll(node(dataDir.path(), sockets));
        settings.putAll(oneReplica());
        settings.putAll(threads());
        settings.putAll(retention());
        settings.putAll(metadata(dataDir));
        settings.putAll(groupsAndTransactions());
        settings.putAll(TimeOuts.ofBroker());
        settings.putAll(quiet());
        return settings.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, setting -> setting.getValue().toString()));
    }

    /** For a controller alone that takes every broker for dead. */
    static Map<String, String> impatient(DataDir dataDir, ReservedSockets sockets) {
        Map<String, String> settings = new HashMap<>(of(dataDir, sockets));
        settings.putAll(Map.of("broker.session.timeout.ms", "2", "broker.heartbeat.interval.ms", "1"));
        return settings;
    }

    /** The quorum is configured, not stored, so the controller's port may differ at every start. */
    private static Map<String, Object> node(Path dataDir, ReservedSockets sockets) {
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                NODE,
                "controller.quorum.voters",
                NODE + "@" + sockets.controller(),
                "controller.listener.names",
                ReservedSockets.CONTROLLER,
                "inter.broker.listener.name",
                ReservedSockets.CLIENT,
                "listeners",
                ReservedSockets.CLIENT + "://" + sockets.client() + "," + ReservedSockets.CONTROLLER + "://"
                        + sockets.controller(),
                "listener.security.protocol.map",
                ReservedSockets.CLIENT + ":PLAINTEXT," + ReservedSockets.CONTROLLER + ":PLAINTEXT",
                "log.dir",
                dataDir.toString());
    }

    private static Map<String, Object> oneReplica() {
        return Map.of(
                "default.replication.factor", 1,
                "min.insync.replicas", 1,
                "offsets.topic.replication.factor", 1,
                "offsets.topic.num.partitions", 1,
                "transaction.state.log.replication.factor", 1,
                "transaction.state.log.min.isr", 1,
                "transaction.state.log.num.partitions", 1,
                "auto.create.topics.enable", false,
                "auto.leader.rebalance.enable", false,
                "compression.type", "producer");
    }

    private static Map<String, Object> threads() {
        int cores = Runtime.getRuntime().availableProcessors();
        return Map.of(
                "num.network.threads",
                Math.clamp(cores / 2, 1, 3),
                "num.io.threads",
                Math.clamp(cores, 2, 8),
                "background.threads",
                2,
                "num.recovery.threads.per.data.dir",
                Math.clamp(cores, 1, 4),
                "group.coordinator.threads",
                1,
                "group.coordinator.background.threads",
                1,
                "share.coordinator.threads",
                1,
                "log.cleaner.dedupe.buffer.size",
                8L * MB,
                "message.max.bytes",
                64 * MB,
                "replica.fetch.max.bytes",
                64 * MB);
    }

    /**
     * Retention must work for a broker that lives for seconds a day. Only segments that are no longer written to are
     * deleted while their topic is in use, so a segment ends after an hour (of its records' time), and the first look
     * comes a second after the start. Segments that are then marked as deleted, and not removed yet, go at the next
     * start.
     */
    private static Map<String, Object> retention() {
        return Map.ofEntries(
                Map.entry("log.retention.ms", Duration.ofDays(30).toMillis()),
                Map.entry("log.roll.ms", Duration.ofHours(1).toMillis()),
                Map.entry("log.segment.bytes", 256 * MB),
                Map.entry("log.index.size.max.bytes", MB),
                Map.entry("log.initial.task.delay.ms", Duration.ofSeconds(1).toMillis()),
                Map.entry(
                        "log.retention.check.interval.ms", Duration.ofMinutes(1).toMillis()),
                Map.entry("log.segment.delete.delay.ms", Duration.ofSeconds(1).toMillis()));
    }

    /**
     * Each start replays the metadata log from its newest snapshot, and Kafka counts what it wrote since the last one
     * from its start: a broker that lives for seconds would never write one. So once the log is long, a snapshot comes
     * early.
     */
    private static Map<String, Object> metadata(DataDir dataDir) {
        return Map.of(
                "metadata.log.segment.bytes",
                8 * MB,
                "metadata.max.retention.bytes",
                16 * MB,
                "metadata.log.max.record.bytes.between.snapshots",
                dataDir.metadataBytes() > MB ? 1024 : MB,
                "metadata.max.idle.interval.ms",
                0,
                "controller.quorum.append.linger.ms",
                0);
    }

    /**
     * A group that runs once a month must find its offsets, and a transaction that a killed process left open must not
     * hold up the next. The buffers that both are loaded with at the start are small: to touch memory for the first
     * time takes time. Kafka takes larger ones for batches that don't fit.
     */
    private static Map<String, Object> groupsAndTransactions() {
        return Map.of(
                "offsets.load.buffer.size",
                MB / 2,
                "transaction.state.log.load.buffer.size",
                MB / 2,
                "offsets.retention.minutes",
                (int) Duration.ofDays(365).toMinutes(),
                "group.initial.rebalance.delay.ms",
                0,
                "group.streams.initial.rebalance.delay.ms",
                0,
                "group.min.session.timeout.ms",
                1000,
                "transactional.id.expiration.ms",
                (int) Duration.ofDays(7).toMillis(),
                "transaction.abort.timed.out.transaction.cleanup.interval.ms",
                1000);
    }

    /** No JMX: registering thousands of beans costs more than anything else in a start. */
    private static Map<String, Object> quiet() {
        return Map.of(
                "metric.reporters", "",
                "metrics.jmx.exclude", ".*");
    }
}
