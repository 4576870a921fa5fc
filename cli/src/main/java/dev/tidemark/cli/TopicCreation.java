package dev.tidemark.cli;

import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/** Makes the topics of a registry where they aren't there yet. */
final class TopicCreation {

  private static final Duration RETENTION = Duration.ofDays(30);
  private static final Duration RUNS_RETENTION = Duration.ofDays(365);
  private static final Duration LEADERS_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration LEADERS_POLL = Duration.ofMillis(10);

  private TopicCreation() {}

  /**
   * Makes what is missing. The number of partitions is fixed once a topic is there.
   *
   * @return the topics with the partitions that they have
   * @throws CollectionException if they can't be made, or don't fit each other
   */
  static Topics ensure(Admin admin, Topics wanted) throws InterruptedException {
    try {
      Set<String> there = admin.listTopics().names().get();
      if (there.contains(wanted.manifests())) {
        Map<String, TopicDescription> described =
            admin.describeTopics(wanted.keyedByDigest()).allTopicNames().get();
        return existing(wanted, described);
      }
      List<NewTopic> missing = topics(wanted).stream().filter(topic -> !there.contains(topic.name())).toList();
      admin.createTopics(missing).all().get();
      awaitLeaders(admin, missing);
      return wanted;
    } catch (ExecutionException e) {
      throw new CollectionException("the topics cannot be made: " + e.getCause().getMessage(), e.getCause());
    }
  }

  /**
   * A partition answers only once its leader has taken it on. A producer with several requests under way must not meet it
   * earlier: it could have its second request taken and its first refused, for good (KAFKA-15591).
   */
  private static void awaitLeaders(Admin admin, List<NewTopic> topics) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (NewTopic topic : topics) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    Instant deadline = Instant.now().plus(LEADERS_TIMEOUT);
    while (true) {
      try {
        admin.listOffsets(partitions).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || Instant.now().isAfter(deadline)) {
          throw e;
        }
        Thread.sleep(LEADERS_POLL);
      }
    }
  }

  private static Topics existing(Topics wanted, Map<String, TopicDescription> described) {
    List<Integer> partitions = described.values().stream().map(topic -> topic.partitions().size()).distinct().toList();
    if (partitions.size() != 1) {
      throw new CollectionException(
          "the digest-keyed topics have different numbers of partitions " + partitions
              + ": delete them all, and they are made anew");
    }
    return new Topics(wanted.prefix(), partitions.get(0));
  }

  private static List<NewTopic> topics(Topics topics) {
    List<NewTopic> all = new ArrayList<>();
    all.add(topic(topics.runs(), 1, RUNS_RETENTION));
    all.add(topic(topics.repositories(), 1, RETENTION));
    topics.keyedByDigest().forEach(name -> all.add(topic(name, topics.partitions(), RETENTION)));
    return all;
  }

  private static NewTopic topic(String name, int partitions, Duration retention) {
    Map<String, String> configuration = new HashMap<>();
    configuration.put("cleanup.policy", "delete");
    configuration.put("retention.ms", Long.toString(retention.toMillis()));
    configuration.put("max.message.bytes", Integer.toString(Topics.LARGEST_RECORD));
    return new NewTopic(name, partitions, (short) 1).configs(configuration);
  }
}
