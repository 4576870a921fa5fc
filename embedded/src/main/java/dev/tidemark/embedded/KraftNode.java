package dev.tidemark.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.raft.QuorumConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of Kafka, put together of its own classes as its {@code KafkaRaftServer} does. That one takes neither sockets
 * that are bound already (so that nobody races us for a free port) nor another answer to a fatal fault than to halt the
 * JVM.
 */
final class KraftNode {

    private static final Logger LOG = LoggerFactory.getLogger(KraftNode.class);

    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;

    KraftNode(Map<String, String> settings, Faults faults, ReservedSockets sockets) {
        var config = new KafkaConfig(settings, false);
        var directories = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        shared = new SharedServer(
                config,
                directories._1(),
                Time.SYSTEM,
                new Metrics(),
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                List.of(),
                faults,
                sockets);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
        broker = new BrokerServer(shared);
    }

    /** @param bootstrapServers where clients reach it */
    void start(String bootstrapServers) throws Exception {
        controller.startup();
        broker.startup();
        if (broker.metadataCache().contains(Topic.TRANSACTION_STATE_TOPIC_NAME)) {
            new DeadTransactions(broker.transactionCoordinator(), bootstrapServers).abort();
        }
        if (broker.metadataCache().contains(Topic.GROUP_METADATA_TOPIC_NAME)) {
            new DeadMembers(broker.groupCoordinator()).remove();
        }
    }

    /** A node that was not started stops at once. */
    void stop(Duration timeout) {
        quietly(() -> broker.shutdown(timeout));
        quietly(controller::shutdown);
    }

    /**
     * A broker that was killed is still registered, and holds its session against its successor until that times out.
     * Here a controller starts alone, with no patience, and ends it.
     */
    static void endSessionOfKilledBroker(DataDir dataDir, Faults faults) throws Exception {
        try (ReservedSockets sockets = ReservedSockets.bind(0)) {
            KraftNode node = new KraftNode(BrokerSettings.impatient(dataDir, sockets), faults, sockets);
            try {
                node.controller.startup();
                SessionEnd end = new SessionEnd();
                node.shared.loader().installPublishers(List.of(end)).get();
                end.seen.get();
            } finally {
                node.stop(Duration.ZERO);
            }
        }
    }

    private static void quietly(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("Kafka did not stop in order; it will recover at its next start", e);
        }
    }

    private static final class SessionEnd implements MetadataPublisher {

        final CompletableFuture<Void> seen = new CompletableFuture<>();

        @Override
        public String name() {
            return "session-end";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            var registration = image.cluster().broker(BrokerSettings.NODE);
            if (registration == null || registration.fenced()) {
                seen.complete(null);
            }
        }
    }
}
