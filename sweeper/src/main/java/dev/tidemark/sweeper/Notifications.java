package dev.tidemark.sweeper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EventRecord;
import dev.tidemark.schemas.EventRecord.Action;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.PullRecord;
import dev.tidemark.storage.layout.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The events of a request that a registry has sent, and those parts of it that are none.
 *
 * @param pulls of images, by tag and by digest. Those of blobs are left out: an image's config and layers are pulled
 *     with it, or are there
 * @param taken how many events there are, those of blobs as well
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/notifications/event.go">event.go: the envelope
 *     and its events</a>
 */
record Notifications(List<EventRecord> events, List<PullRecord> pulls, int taken, List<Malformed> malformed) {

    /**
     * A part of a request that can't be understood.
     *
     * @param bytes as they came; of an event among others, as JSON
     */
    record Malformed(byte[] bytes, String why) {}

    /**
     * Reads a request's body. Nothing is thrown for any of it.
     *
     * @param now when it came
     */
    static Notifications of(byte[] body, Instant now) {
        List<EventRecord> events = new ArrayList<>();
        List<PullRecord> pulls = new ArrayList<>();
        int taken = 0;
        List<Malformed> malformed = new ArrayList<>();
        try {
            JsonNode envelope = JsonSerde.MAPPER.readTree(body);
            if (!envelope.path("events").isArray()) {
                return new Notifications(
                        List.of(), List.of(), 0, List.of(new Malformed(body, "it has no list of events")));
            }
            for (JsonNode event : envelope.path("events")) {
                try {
                    if (!required(event, "action").equalsIgnoreCase("pull")) {
                        events.add(event(event));
                    } else if (!isOfBlob(event.path("target"))) {
                        pulls.addAll(pull(event.path("target"), now));
                    }
                    taken++;
                } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
                    malformed.add(new Malformed(event.toString().getBytes(StandardCharsets.UTF_8), e.getMessage()));
                }
            }
        } catch (JsonProcessingException e) {
            malformed.add(new Malformed(body, "it is no JSON: " + e.getOriginalMessage()));
        } catch (IOException e) {
            malformed.add(new Malformed(body, "it is no JSON: " + e.getMessage()));
        }
        return new Notifications(events, pulls, taken, malformed);
    }

    /** The registry names what was pulled by its URL. A target without one is taken for an image's. */
    private static boolean isOfBlob(JsonNode target) {
        return target.path("url")
                .asText()
                .contains("/blobs/" + target.path("digest").asText());
    }

    private static List<PullRecord> pull(JsonNode target, Instant now) {
        String repository = required(target, "repository");
        String tag = text(target, "tag");
        Digest digest = Digest.parse(required(target, "digest"));
        if (!Layout.validRepository(repository) || (tag != null && !Layout.validTag(tag))) {
            throw new IllegalArgumentException("no image has the name %s:%s".formatted(repository, tag));
        }
        PullRecord ofManifest = PullRecord.heard(repository, null, digest, now);
        return tag == null ? List.of(ofManifest) : List.of(PullRecord.heard(repository, tag, digest, now), ofManifest);
    }

    private static EventRecord event(JsonNode event) {
        JsonNode target = event.path("target");
        Action action = Action.valueOf(required(event, "action").toUpperCase(Locale.ROOT));
        String digest = action == Action.DELETE ? text(target, "digest") : required(target, "digest");
        return new EventRecord(
                required(event, "id"),
                action,
                required(target, "repository"),
                digest == null ? null : Digest.parse(digest),
                text(target, "tag"),
                text(target, "fromRepository"),
                OffsetDateTime.parse(required(event, "timestamp")).toInstant().toEpochMilli());
    }

    private static String required(JsonNode node, String field) {
        String text = text(node, field);
        if (text == null) {
            throw new IllegalArgumentException("an event has no " + field);
        }
        return text;
    }

    /** Text; null for an empty one, which the registry leaves out or not. */
    private static String text(JsonNode node, String field) {
        String text = node.path(field).asText();
        return text.isEmpty() ? null : text;
    }
}
