package dev.tidemark.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** Which settings reach which client, whatever the group protocol. Clients are made here, and ask nobody. */
class GroupProtocolTest {

    @Test
    void aMemberOfEitherProtocolCanBeMade() {
        for (String protocol : new String[] {"classic", "consumer", "CONSUMER"}) {
            assertThatCode(() -> makeMember(Map.of("group.protocol", protocol)))
                    .as(protocol)
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> makeMember(Map.of())).doesNotThrowAnyException();
    }

    @Test
    void theAssignorOfTheClassicProtocolIsNotTheUsersToChoose() {
        for (String protocol : new String[] {"classic", "consumer"}) {
            var settings = Map.<String, Object>of(
                    "group.protocol", protocol, "partition.assignment.strategy", "no.such.Assignor");
            assertThatCode(() -> makeMember(settings)).as(protocol).doesNotThrowAnyException();
        }
    }

    @Test
    void onlyMembersAreToldOfGroups() {
        Cluster cluster = cluster(Map.of("group.protocol", "consumer", "group.remote.assignor", "uniform"));

        assertThat(cluster.clients()).containsOnlyKeys("bootstrap.servers");
        assertThatCode(() -> cluster.close(cluster.reader(RunRecord.class))).doesNotThrowAnyException();
        assertThatCode(() -> makeMember(cluster)).doesNotThrowAnyException();
    }

    @Test
    void settingsThatTheBrokerGivesAreRefusedInOneLine() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> cluster(Map.of("group.protocol", "consumer", "session.timeout.ms", "6000")))
                .withMessageContainingAll(
                        "kafka.session.timeout.ms", "kafka.group.protocol=consumer", "consumer.session.timeout.ms");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> cluster(Map.of("group.protocol", "Consumer", "heartbeat.interval.ms", "1000")))
                .withMessageContainingAll("kafka.heartbeat.interval.ms", "consumer.heartbeat.interval.ms");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> cluster(Map.of("group.protocol", "classic", "group.remote.assignor", "uniform")))
                .withMessageContainingAll("kafka.group.remote.assignor", "kafka.group.protocol=classic");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> cluster(Map.of("group.protocol", "streams")))
                .withMessageContainingAll("kafka.group.protocol=streams", "classic", "consumer");
    }

    @Test
    void aMemberOfTheClassicProtocolSaysItsOwnSession() throws InterruptedException {
        assertThat(cluster(Map.of()).session("t.group")).isEqualTo(Duration.ofSeconds(45));
        assertThat(cluster(Map.of("session.timeout.ms", "6000")).session("t.group"))
                .isEqualTo(Duration.ofSeconds(6));
        assertThat(cluster(Map.of("session.timeout.ms", 7000)).session("t.group"))
                .isEqualTo(Duration.ofSeconds(7));
    }

    private static Cluster cluster(Map<String, Object> settings) {
        var kafka = new HashMap<>(settings);
        kafka.put("bootstrap.servers", "localhost:1");
        return new Cluster(kafka, new Topics("t.", 1));
    }

    private static void makeMember(Map<String, Object> settings) {
        makeMember(cluster(settings));
    }

    private static void makeMember(Cluster cluster) {
        cluster.close(cluster.member("t.group"));
    }
}
