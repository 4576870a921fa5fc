package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A record that can't be read or worked off, or a slice that can't be decided, fails its run, and nothing else. */
class SetAsideTest extends TopologyOnOnePartition {

    @ParameterizedTest
    @ValueSource(strings = {"test.manifests", "test.blobs", "test.layers", "test.marks"})
    void aRecordThatCannotBeReadIsSetAsideAndFailsTheRun(String topic) {
        byte[] garbage = {'{', (byte) 0xff, 0};

        assertThat(whyItIsSetAside(topic, garbage, "can't be read: ")).isNotEmpty();
    }

    /**
     * A record among those of a run is set aside as it came, its run has failed for it and is not decided, and the next
     * one is.
     */
    private String whyItIsSetAside(String topic, byte[] record, String said) {
        List<EnumeratedRecord> records = records(RUN, false);
        EnumeratedRecord last = records.remove(records.size() - 1);
        records.forEach(this::pipe);

        bytes(topic, record);

        var setAside = rejected.readRecord();
        assertThat(setAside.key()).matches(Pattern.quote(topic) + "-0@\\d+");
        assertThat(setAside.value()).isEqualTo(record);
        assertFailed(setAside.key() + " " + said);

        pipe(last);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.isEmpty()).isTrue();

        assertDecided(NEXT);
        assertThat(rejected.isEmpty()).isTrue();
        return new String(setAside.headers().lastHeader("why").value(), StandardCharsets.UTF_8);
    }

    @Test
    void aRecordIsSetAsideUnderItsTopicPartitionAndOffset() {
        pipe(new StartOfInput(RUN, Input.BLOBS, new Options(1_000, true, false), Checksum.NONE));
        pipe(blob(RUN, ORPHAN, 30));

        bytes(TOPICS.blobs(), new byte[] {'x'});

        assertThat(rejected.readRecord().key()).isEqualTo("test.blobs-0@2");
    }

    static Stream<byte[]> unreadable() {
        return Stream.of(
                        "",
                        "null",
                        "[]",
                        "{}",
                        "{\"type\":\"blobs\"}",
                        "{\"type\":\"of a later version\"}",
                        "{\"type\":\"blobs\",")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void bytesThatAreNoRecordAreSetAsideAndFailTheRun(byte[] bytes) {
        pipe(new StartOfInput(RUN, Input.BLOBS, new Options(1_000, true, false), Checksum.NONE));

        bytes(TOPICS.blobs(), bytes);

        assertThat(rejected.readValue()).isEqualTo(bytes);
        assertFailed("test.blobs-0@1 can't be read");
    }

    @Test
    void aRecordWithoutAValueIsSetAsideAndFailsTheRun() {
        pipe(new StartOfInput(RUN, Input.BLOBS, new Options(1_000, true, false), Checksum.NONE));

        bytes(TOPICS.blobs(), null);

        assertThat(rejected.readRecord())
                .returns("test.blobs-0@1", TestRecord::key)
                .returns(null, TestRecord::value);
        assertFailed("test.blobs-0@1 can't be read");
    }

    @Test
    void aRecordThatCannotBeReadFailsNoRunThatIsOver() {
        bytes(TOPICS.blobs(), new byte[] {'x'});
        assertDecided(RUN);

        bytes(TOPICS.marks(), new byte[] {'x'});

        assertThat(rejected.getQueueSize()).isEqualTo(2);
        assertThat(runs.isEmpty()).isTrue();
        assertDecided(NEXT);
    }

    @Test
    void aRecordThatCannotBeReadWhileItIsDecidedFailsTheRun() {
        pipeBlobs(60_000);
        assertThat(runs.isEmpty()).as("still deciding").isTrue();

        bytes(TOPICS.layers(), new byte[] {'x'});
        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertFailed("test.layers-0@2 can't be read");
        assertThat(eligible.readValuesToList()).as("it doesn't end").noneMatch(EndOfEligible.class::isInstance);
    }

    /** Records that can be read, and have a name that no row can be stored with. */
    static Stream<Arguments> unworkable() {
        String name = "x".repeat(70_000);
        return Stream.of(
                Arguments.of(TOPICS.manifests(), manifest(RUN, name, LAST, List.of())),
                Arguments.of(TOPICS.manifests(), manifest(RUN, "app", LAST, List.of(name))),
                Arguments.of(TOPICS.layers(), layer(RUN, name, LAST)),
                Arguments.of(TOPICS.marks(), mark(0, 2, LAST, name)));
    }

    @ParameterizedTest(name = "of {0}")
    @MethodSource("unworkable")
    void aRecordThatCannotBeWorkedOffIsSetAsideAndFailsTheRun(String topic, Object record) throws IOException {
        byte[] unworkable = JsonSerde.MAPPER.writeValueAsBytes(record);

        assertThat(whyItIsSetAside(topic, unworkable, "can't be worked off: ")).contains("70000 characters");
    }

    @Test
    void aDecisionThatCannotBeWrittenFailsTheRun() {
        int records = 1 + 2 * Input.values().length + 1;
        brokenAt = records + 1;
        pipeBlobs(10);

        var setAside = rejected.readRecord();
        assertThat(setAside.key()).as("the barrier that it was met at").isEqualTo("test.marks-0@0");
        assertThat(setAside.value()).isNotEmpty();
        assertFailed("test.marks-0@0 can't be worked off: java.lang.IllegalStateException: broken");
        assertThat(eligible.isEmpty()).isTrue();
        assertDecided(NEXT);
    }

    @Test
    void aDecisionThatCannotBeWrittenByTheClockFailsTheRun() {
        pipeBlobs(60_000);
        assertThat(runs.isEmpty()).as("still deciding").isTrue();
        brokenAt = asked + 1;

        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertThat(rejected.isEmpty()).as("no record is to blame").isTrue();
        assertFailed("partition 0 can't be decided: java.lang.IllegalStateException: broken");
        assertThat(eligible.readValuesToList()).as("it doesn't end").noneMatch(EndOfEligible.class::isInstance);
        assertDecided(NEXT);
    }
}
