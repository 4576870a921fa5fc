package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EventRecord;
import dev.tidemark.schemas.EventRecord.Action;
import dev.tidemark.sweeper.Notifications.Malformed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationsTest {

    private static final String DIGEST = "sha256:" + "0a".repeat(32);

    /** As version 2.8.2 sends the push of a tagged image, and the mount of a layer. */
    private static final String ENVELOPE = """
      {"events": [
        {"id": "320678d8", "timestamp": "2026-03-09T14:44:26.402973972-08:00", "action": "push",
          "target": {"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "size": 708,
            "digest": "%1$s", "length": 708, "repository": "team/app",
            "url": "http://registry/v2/team/app/manifests/%1$s", "tag": "v1"},
          "request": {"id": "6df24a34", "addr": "172.17.0.1:53640", "host": "registry", "method": "PUT",
            "useragent": "docker/26"},
          "actor": {}, "source": {"addr": "registry:5000", "instanceID": "a53db899"}},
        {"id": "2", "timestamp": "2026-03-09T22:44:27Z", "action": "mount",
          "target": {"mediaType": "application/octet-stream", "digest": "%1$s", "repository": "team/app",
            "fromRepository": "team/base"}}%2$s
      ]}
      """;

    private static Notifications of(String body) {
        return Notifications.of(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPushAndAMountAreRead() {
        assertThat(of(ENVELOPE.formatted(DIGEST, "")))
                .returns(List.of(), Notifications::malformed)
                .extracting(Notifications::events)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(
                        new EventRecord(
                                "320678d8",
                                Action.PUSH,
                                "team/app",
                                Digest.parse(DIGEST),
                                "v1",
                                null,
                                Instant.parse("2026-03-09T22:44:26.402Z").toEpochMilli()),
                        new EventRecord(
                                "2",
                                Action.MOUNT,
                                "team/app",
                                Digest.parse(DIGEST),
                                null,
                                "team/base",
                                Instant.parse("2026-03-09T22:44:27Z").toEpochMilli()));
    }

    @Test
    void theDeletionOfATagNeedsNoDigest() {
        assertThat(of("""
          {"events": [{"id": "1", "timestamp": "2026-03-09T22:44:27Z", "action": "delete",
            "target": {"repository": "team/app", "tag": "v1"}}]}
          """).events())
                .singleElement()
                .returns(null, EventRecord::digest)
                .returns("v1", EventRecord::tag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "null",
                "{}",
                "{\"id\": \"3\", \"timestamp\": \"2026-03-09T22:44:27Z\", \"action\": \"push\", \"target\": "
                        + "{\"repository\": \"a\"}}",
                "{\"id\": \"3\", \"timestamp\": \"yesterday\", \"action\": \"delete\", \"target\": "
                        + "{\"repository\": \"a\"}}",
                "{\"id\": \"3\", \"timestamp\": \"2026-03-09T22:44:27Z\", \"action\": \"stop\", \"target\": "
                        + "{\"repository\": \"a\"}}",
                "{\"timestamp\": \"2026-03-09T22:44:27Z\", \"action\": \"delete\", \"target\": "
                        + "{\"repository\": \"a\"}}",
                "{\"id\": \"3\", \"timestamp\": \"2026-03-09T22:44:27Z\", \"action\": \"delete\"}"
            })
    void whatIsNoEventIsSetAsideAndTheOthersAreTaken(String event) {
        Notifications notifications = of(ENVELOPE.formatted(DIGEST, ", " + event));

        assertThat(notifications.events()).hasSize(2);
        assertThat(notifications.malformed()).singleElement().satisfies(malformed -> {
            assertThat(new String(malformed.bytes(), StandardCharsets.UTF_8)).isNotEmpty();
            assertThat(malformed.why()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "{\"events\": 1}", "null", "{\"events\": [}"})
    void aBodyThatIsNoEnvelopeIsSetAsideWhole(String body) {
        assertThat(of(body).events()).isEmpty();
        assertThat(of(body).malformed())
                .extracting(Malformed::bytes)
                .containsExactly(body.getBytes(StandardCharsets.UTF_8));
    }
}
