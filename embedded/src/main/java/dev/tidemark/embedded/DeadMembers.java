package dev.tidemark.embedded;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the members that consumer groups remember from an earlier life of the broker.
 *
 * <p>Kafka Streams doesn't leave its group when it closes, and nobody does who is killed. A broker that was only
 * restarted waits for them, so every second run would wait for a session timeout, which takes days here. This one's
 * clients ended when it ended. Should one be alive after all (in another process), it joins again at its next
 * heartbeat.
 */
final class DeadMembers {

    private static final Logger LOG = LoggerFactory.getLogger(DeadMembers.class);

    private final GroupCoordinator coordinator;
    private final RequestContext context = new RequestContext(
            new RequestHeader(ApiKeys.LEAVE_GROUP, ApiKeys.LEAVE_GROUP.latestVersion(), "embedded-kafka", 0),
            "0",
            InetAddress.getLoopbackAddress(),
            KafkaPrincipal.ANONYMOUS,
            new ListenerName(ReservedSockets.CLIENT),
            SecurityProtocol.PLAINTEXT,
            ClientInformation.EMPTY,
            false);

    DeadMembers(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** Waits until the coordinator has loaded the groups, as any client would have to. */
    void remove() throws Exception {
        // A group that nobody has is described once all groups are loaded; their topic has one partition.
        Loaded.answer(() -> describe("any"), DescribedGroup::errorCode);
        List<ListedGroup> groups = Loaded.answer(
                        () -> coordinator
                                .listGroups(context, new ListGroupsRequestData())
                                .get(),
                        ListGroupsResponseData::errorCode)
                .groups();
        for (ListedGroup group : groups) {
            List<MemberIdentity> members = members(group).toList();
            if (!members.isEmpty()) {
                var leave =
                        new LeaveGroupRequestData().setGroupId(group.groupId()).setMembers(members);
                Loaded.answer(() -> coordinator.leaveGroup(context, leave).get(), LeaveGroupResponseData::errorCode);
                LOG.info("Removed {} members of an earlier run from group {}", members.size(), group.groupId());
            }
        }
    }

    private Stream<MemberIdentity> members(ListedGroup group) throws Exception {
        return switch (group.groupType()) {
            case "classic" ->
                Loaded.answer(() -> describe(group.groupId()), DescribedGroup::errorCode).members().stream()
                        .map(member -> identity(member.memberId(), member.groupInstanceId()));
            case "consumer" ->
                Loaded.answer(
                                () -> describeConsumers(group.groupId()),
                                ConsumerGroupDescribeResponseData.DescribedGroup::errorCode)
                        .members()
                        .stream()
                        .map(member -> identity(member.memberId(), member.instanceId()));
            default -> Stream.empty();
        };
    }

    private DescribedGroup describe(String id) throws Exception {
        return coordinator.describeGroups(context, List.of(id)).get().getFirst();
    }

    private ConsumerGroupDescribeResponseData.DescribedGroup describeConsumers(String id) throws Exception {
        return coordinator.consumerGroupDescribe(context, List.of(id)).get().getFirst();
    }

    private static MemberIdentity identity(String memberId, String instanceId) {
        return new MemberIdentity()
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setReason("its process has ended");
    }
}
