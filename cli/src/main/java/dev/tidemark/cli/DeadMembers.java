package dev.tidemark.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Members of consumer groups that an earlier process left behind because it was killed. Nobody else is alive on an embedded
 * Kafka whose data directory this process has locked, and the group would wait for their sessions to time out.
 */
final class DeadMembers {

  private DeadMembers() {}

  /**
   * Removes all members of the groups.
   *
   * @throws CollectionException if Kafka refuses
   */
  static void remove(Admin admin, List<String> groups) throws InterruptedException {
    Map<String, KafkaFuture<ConsumerGroupDescription>> described = admin.describeConsumerGroups(groups).describedGroups();
    for (String group : groups) {
      try {
        if (!described.get(group).get().members().isEmpty()) {
          admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions()).all().get();
        }
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof GroupIdNotFoundException)) {
          throw new CollectionException("the members of group " + group + " that were killed cannot be removed: " + e.getCause().getMessage(), e);
        }
      }
    }
  }
}
