package dev.tidemark.embedded;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
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
    private static final Set<Errors> NOT_LOADED =
            Set.of(Errors.NOT_COORDINATOR, Errors.COORDINATOR_LOAD_IN_PROGRESS, Errors.COORDINATOR_NOT_AVAILABLE);

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
        awaitLoaded();
        List<ListedGroup> groups = coordinator
                .listGroups(context, new ListGroupsRequestData())
                .get()
                .groups();
        for (ListedGroup group : groups) {
            List<MemberIdentity> members = members(group).toList();
            if (!members.isEmpty()) {
                coordinator
                        .leaveGroup(
                                context,
                                new LeaveGroupRequestData()
                                        .setGroupId(group.groupId())
                                        .setMembers(members))
                        .get();
                LOG.info("Removed {} members of an earlier run from group {}", members.size(), group.groupId());
            }
        }
    }

    private Stream<MemberIdentity> members(ListedGroup group) throws Exception {
        List<String> id = List.of(group.groupId());
        return switch (group.groupType()) {
            case "classic" ->
                coordinator.describeGroups(context, id).get().getFirst().members().stream()
                        .map(member -> identity(member.memberId(), member.groupInstanceId()));
            case "consumer" ->
                coordinator.consumerGroupDescribe(context, id).get().getFirst().members().stream()
                        .map(member -> identity(member.memberId(), member.instanceId()));
            default -> Stream.empty();
        };
    }

    private void awaitLoaded() throws Exception {
        while (NOT_LOADED.contains(anyGroupsError())) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private Errors anyGroupsError() throws Exception {
        return Errors.forCode(coordinator
                .describeGroups(context, List.of("any"))
                .get()
                .getFirst()
                .errorCode());
    }

    private static MemberIdentity identity(String memberId, String instanceId) {
        return new MemberIdentity()
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setReason("its process has ended");
    }
}
