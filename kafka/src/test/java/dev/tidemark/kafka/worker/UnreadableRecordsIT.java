package dev.tidemark.kafka.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Broker;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Records that cannot be read are set aside, and fail the run that is under way. */
class UnreadableRecordsIT extends LanesOnKafka {

    private static final RunId RUN = new RunId("20260101-000000");

    @Test
    void anUnreadableRecordIsSetAsideAndFailsTheRunUnderWayAndTheRestGoesOn() throws Exception {
        make(2);
        send(requested(RUN));
        Broker.await("the run to be known", () -> runs.latest().isPresent());
        byte[] garbage = {'{', (byte) 0xff, 0};
        send(2, 0, 2);
        broker.send(input, 1, garbage);
        broker.send(input, 1, null);
        send(2, 2, 4);

        started(lanes("one", copies("one")));

        Broker.await("the rest to be done", () -> lines().size() >= 8);
        assertThat(numbers(0)).containsExactly(0, 1, 2, 3);
        assertThat(numbers(1)).containsExactly(0, 1, 2, 3);
        List<ConsumerRecord<String, byte[]>> rejected = broker.read(topics.rejected());
        assertThat(rejected).extracting(ConsumerRecord::key).containsExactly(input + "-1@2", input + "-1@3");
        assertThat(rejected).extracting(ConsumerRecord::value).containsExactly(garbage, null);
        assertThat(rejected)
                .allSatisfy(record ->
                        assertThat(record.headers().lastHeader("why").value()).isNotEmpty());
        Broker.await("the run to fail", () -> runs.latest().orElseThrow().ended());
        assertThat(runs.latest().orElseThrow().end()).isInstanceOfSatisfying(RunRecord.Failed.class, failed -> {
            assertThat(failed.run()).isEqualTo(RUN);
            assertThat(failed.service()).isEqualTo("copier");
            assertThat(failed.why()).startsWith(input + "-1@2 can't be read: ");
        });
    }

    @Test
    void anUnreadableRecordFailsNoRunThatIsOver() throws Exception {
        make(1);
        send(requested(RUN));
        send(new RunRecord.Cancelled(RUN, "test"));
        Broker.await(
                "the run to be over",
                () -> runs.latest().filter(run -> run.ended()).isPresent());
        broker.send(input, 0, new byte[] {'x'});
        send(1, 0, 1);

        started(lanes("one", copies("one")));

        Broker.await("the rest to be done", () -> lines().size() == 1);
        assertThat(broker.read(topics.rejected())).hasSize(1);
        assertThat(broker.read(topics.runs())).hasSize(2);
    }

    private void send(RunRecord record) throws Exception {
        broker.send(
                topics.runs(), 0, new JsonSerde<>(RunRecord.class).serializer().serialize(topics.runs(), record));
    }

    private static RunRecord requested(RunId run) {
        return new RunRecord.Requested(run, 0, new Options(0, false, false), 75, "test", null, null, null);
    }
}
