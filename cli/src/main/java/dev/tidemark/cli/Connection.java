package dev.tidemark.cli;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.GroupProtocol;
import dev.tidemark.kafka.TopicCreation;
import dev.tidemark.kafka.TopicSettings;
import dev.tidemark.kafka.TopicsException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * How a Kafka cluster is reached, and which of its topics are meant.
 *
 * @param kafka {@code bootstrap.servers} and whatever else the clients need
 * @param prefix of the topics
 */
record Connection(Map<String, Object> kafka, String prefix) {

  /** Topics that aren't there are made as the services make them. */
  TopicSettings topicSettings() {
    TopicSettings defaults = TopicSettings.defaults();
    return new TopicSettings(
        prefix, OptionalInt.empty(), defaults.workPartitions(), defaults.replication(), defaults.retention(),
        defaults.runsRetention());
  }

  /**
   * The cluster, with the topics that are there.
   *
   * @throws CollectionException if it can't be reached, or has none
   */
  Cluster open() {
    return open(Duration.ZERO);
  }

  /**
   * The cluster, with the topics that are there, or that services which are just being started make.
   *
   * @throws CollectionException if it can't be reached, or has none by then
   */
  Cluster open(Duration patience) {
    try (Admin admin = Admin.create(GroupProtocol.without(kafka))) {
      return new Cluster(kafka, TopicCreation.existing(admin, prefix, patience));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CollectionException("interrupted at the start", e);
    } catch (TopicsException | KafkaException e) {
      throw new CollectionException(Causes.of(e), e);
    }
  }
}
