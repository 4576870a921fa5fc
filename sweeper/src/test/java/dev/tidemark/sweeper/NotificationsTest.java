package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EventRecord;
import dev.tidemark.schemas.EventRecord.Action;
import dev.tidemark.schemas.PullRecord;
import dev.tidemark.sweeper.Notifications.Malformed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationsTest {

    private static final Instant NOW = Instant.parse("2026-03-10T08:15:00Z");
    private static final long END_OF_THE_HOUR =
            Instant.parse("2026-03-10T09:00:00Z").toEpochMilli();

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
        return Notifications.of(body.getBytes(StandardCharsets.UTF_8), NOW);
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

    /** As versions 2.8.2 and 3.1.1 send it, be the request a GET or a HEAD. */
    private static String pull(String target) {
        return """
          {"events": [{"id": "1", "timestamp": "2020-03-09T22:44:27Z", "action": "pull", "target": {%s},
            "request": {"method": "HEAD"}, "actor": {}, "source": {}}]}
          """.formatted(target.formatted(DIGEST));
    }

    @Test
    void aPullByTagIsOneOfTheTagAndOneOfTheManifestWhenItCame() {
        Notifications notifications = of(pull("""
            "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "%1$s", "repository": "team/app",
            "url": "http://registry/v2/team/app/manifests/%1$s", "tag": "v1"
            """));

        assertThat(notifications.pulls())
                .containsExactly(
                        new PullRecord("team/app", "v1", Digest.parse(DIGEST), END_OF_THE_HOUR),
                        new PullRecord("team/app", null, Digest.parse(DIGEST), END_OF_THE_HOUR));
        assertThat(notifications.events()).isEmpty();
        assertThat(notifications.taken()).isEqualTo(1);
    }

    @Test
    void aPullByDigestIsOneOfTheManifest() {
        assertThat(of(pull("""
            "digest": "%1$s", "repository": "team/app", "url": "/v2/team/app/manifests/%1$s"
            """)).pulls())
                .containsExactly(new PullRecord("team/app", null, Digest.parse(DIGEST), END_OF_THE_HOUR));
    }

    @Test
    void aPullOfABlobIsNoneOfAnImage() {
        Notifications notifications = of(pull("""
            "mediaType": "application/octet-stream", "digest": "%1$s", "repository": "team/app",
            "url": "http://registry/v2/team/app/blobs/%1$s"
            """));

        assertThat(notifications).isEqualTo(new Notifications(List.of(), List.of(), 1, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"digest\": \"%1$s\", \"repository\": \"a:b\"",
                "\"digest\": \"%1$s\", \"repository\": \"a\", \"tag\": \"b@c\"",
                "\"digest\": \"%1$s\"",
                "\"repository\": \"a\", \"tag\": \"b\"",
                "\"digest\": \"sha256:1\", \"repository\": \"a\""
            })
    void aPullOfWhatNobodyCanPullIsSetAside(String target) {
        assertThat(of(pull(target)).pulls()).isEmpty();
        assertThat(of(pull(target)).malformed()).hasSize(1);
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
                "{\"id\": \"3\", \"timestamp\": \"+999999999-12-31T00:00:00Z\", \"action\": \"delete\", \"target\": "
                        + "{\"repository\": \"a\"}}",
                "{\"id\": \"3\", \"timestamp\": \"2026-03-09T22:44:27Z\", \"action\": \"stop\", \"target\": "
                        + "{\"repository\": \"a\"}}",
                "{\"timestamp\": \"2026-03-09T22:44:27Z\", \"action\": \"delete\", \"target\": "
                        + "{\"repository\": \"a\"}}",
                "{\"id\": \"3\", \"timestamp\": \"2026-03-09T22:44:27Z\", \"action\": \"delete\"}"
            })
    void aValueThatIsNoEventIsSetAsideAndTheOthersAreTaken(String event) {
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
