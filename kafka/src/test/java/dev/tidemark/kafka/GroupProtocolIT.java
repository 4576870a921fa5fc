package dev.tidemark.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** The group protocol that members take, and how long a group waits for them, on a real broker. */
class GroupProtocolIT extends OnBroker {

    private final Topics topics = new Topics("groups.", 1);

    @Test
    void membersTakeTheNewestProtocolThatTheBrokerHas() throws Exception {
        var cluster = new Cluster(broker.clients(), topics);
        assertThat(cluster.groups()).as("nobody was asked").isEqualTo(GroupProtocol.CLASSIC);
        assertThat(cluster.withNewestGroups(broker.admin()).groups()).isEqualTo(GroupProtocol.CONSUMER);
        for (Map<String, Object> older :
                List.of(with("group.protocol", "classic"), with("session.timeout.ms", "6000"))) {
            assertThat(new Cluster(older, topics)
                            .withNewestGroups(broker.admin())
                            .groups())
                    .isEqualTo(GroupProtocol.CLASSIC);
        }
    }

    @Test
    void theSessionIsTheGroupsOwnOrElseTheBrokers() throws Exception {
        var ofConsumers = new Cluster(with("group.protocol", "consumer"), topics);
        String group = topics.prefix() + "copier";
        Duration ofBroker = ofConsumers.session(group);
        assertThat(ofBroker).isGreaterThanOrEqualTo(Duration.ofSeconds(45));

        var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        // In the range that every broker has from the start: at least 45, at most 60 seconds.
        Duration ofGroup = Duration.ofSeconds(50);
        assertThat(ofBroker).isNotEqualTo(ofGroup);
        broker.admin()
                .incrementalAlterConfigs(Map.of(
                        resource,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("consumer.session.timeout.ms", Long.toString(ofGroup.toMillis())),
                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
        Broker.await("the setting to count", () -> ofConsumers.session(group).equals(ofGroup));
    }

    private static Map<String, Object> with(String name, String value) {
        Map<String, Object> settings = new HashMap<>(broker.clients());
        settings.put(name, value);
        return settings;
    }
}
