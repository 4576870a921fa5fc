package dev.tidemark.cli.client;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.kafka.topic.TopicsException;
import dev.tidemark.schemas.text.Causes;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** A topic that a command writes to: it has to be there, or a record would wait for it. */
public final class WrittenTopic {

    private WrittenTopic() {}

    /**
     * Makes sure that the topic is there.
     *
     * @param alone whether no service makes topics on this Kafka
     * @throws CollectionException if it is not there, and is not to be made
     */
    public static void require(Cluster cluster, boolean alone, String name) {
        try (Admin admin = cluster.admin()) {
            if (alone) {
                TopicCreation.ensure(admin, TopicSettings.defaults());
            } else {
                admin.describeTopics(List.of(name)).allTopicNames().get();
            }
        } catch (TopicsException e) {
            throw new CollectionException(e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new CollectionException(
                    "the topic " + name + " can't be looked at (" + Causes.of(e.getCause())
                            + "): services of this version make it when they start",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectionException("interrupted at the start", e);
        }
    }
}
