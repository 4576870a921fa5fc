package dev.tidemark.embedded;

import static java.util.Map.entry;

import java.time.Duration;
import java.util.Map;

/**
 * The time-outs of a Kafka whose broker, controller and clients live in one process.
 *
 * <p>A time-out lets others go on without a process that has died. Here nobody is left to go on: a broker that is
 * fenced for being slow takes its own clients' partitions away, and they make a busy machine busier. So none of them
 * ends before {@link #NEVER}, on a machine that is slow, or that was suspended. A process that has died is seen by its
 * lock, at the next start ({@link DataDir}), and what it left open is closed then ({@link KraftNode}).
 */
final class TimeOuts {

    /** Longer than a machine sleeps, and short enough for Kafka to add a few of them up in an int of milliseconds. */
    static final Duration NEVER = Duration.ofDays(5);

    private static final int MS = (int) NEVER.toMillis();

    private TimeOuts() {}

    static Map<String, Object> ofBroker() {
        return Map.ofEntries(
                // The controller fences a broker that it hasn't heard of for so long: every partition then loses its
                // leader.
                entry("broker.session.timeout.ms", MS),
                // A broker gives its start up if it isn't registered by then: reading a long metadata log takes that
                // long.
                entry("initial.broker.registration.timeout.ms", MS),
                // The one voter of the quorum would stand for election again, or give up what it asked itself.
                entry("controller.quorum.fetch.timeout.ms", MS),
                entry("controller.quorum.request.timeout.ms", MS),
                entry("controller.socket.timeout.ms", MS),
                entry("replica.socket.timeout.ms", MS),
                // Requests of the broker to itself: transaction markers, for one.
                entry("request.timeout.ms", MS),
                // After these a coordinator's write counts as lost, and its clients are told to look for another one.
                entry("offsets.commit.timeout.ms", MS),
                entry("share.coordinator.write.timeout.ms", MS),
                // Longest sessions that a member may ask for (classic), and the sessions that members are given
                // (consumer and streams groups).
                entry("group.max.session.timeout.ms", MS),
                entry("group.consumer.max.session.timeout.ms", MS),
                entry("group.consumer.session.timeout.ms", MS),
                entry("group.streams.max.session.timeout.ms", MS),
                entry("group.streams.session.timeout.ms", MS),
                entry("group.share.max.session.timeout.ms", MS),
                entry("group.share.session.timeout.ms", MS),
                // A transaction that is older is aborted under its producer.
                entry("transaction.max.timeout.ms", MS),
                // A connection that was quiet for so long is cut, and answers that are under way are lost with it.
                entry("connections.max.idle.ms", MS),
                entry("socket.connection.setup.timeout.ms", MS),
                entry("socket.connection.setup.timeout.max.ms", MS));
    }

    /** A setting that a client doesn't have is passed over by it. */
    static Map<String, Object> ofClients() {
        return Map.ofEntries(
                // A member that was slow is thrown out of its group, and what it has done in its transaction is lost.
                entry("session.timeout.ms", MS),
                entry("max.poll.interval.ms", MS),
                // An answer that takes longer counts as none, and the request is sent again, to a broker that is slow
                // as it is.
                entry("request.timeout.ms", MS),
                entry("socket.connection.setup.timeout.ms", MS),
                entry("socket.connection.setup.timeout.max.ms", MS),
                entry("connections.max.idle.ms", MS),
                // The longest that a call or a record waits for an answer, all its tries together.
                entry("default.api.timeout.ms", MS),
                entry("delivery.timeout.ms", 2 * MS),
                entry("max.block.ms", MS),
                entry("task.timeout.ms", MS),
                entry("transaction.timeout.ms", MS));
    }
}
