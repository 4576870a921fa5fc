package dev.tidemark.service.health;

import com.sun.net.httpserver.HttpExchange;
import dev.tidemark.service.http.BearerSecret;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the notifications of a registry, {@code POST /events}, from somebody who knows a secret. The registry sends a
 * request again until it is answered with success.
 */
public final class EventsEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(EventsEndpoint.class);

    /** Version 2 of the registry sends the former, version 3 the latter. */
    private static final Set<String> TYPES = Set.of(
            "application/vnd.docker.distribution.events.v1+json", "application/vnd.docker.distribution.events.v2+json");

    private static final int MAX_BYTES = 1 << 20;

    /** Requests that may wait for Kafka at once: the other endpoints need threads, too. */
    private static final int AT_ONCE = 4;

    private final BearerSecret secret;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Sink sink;

    /** Keeps the body of a request for good. */
    public interface Sink {
        /**
         * @throws KafkaException if it is not kept
         */
        void accept(byte[] body);
    }

    /**
     * @param secret that a request has in its header {@code Authorization}, after {@code Bearer}
     */
    public EventsEndpoint(String secret, Sink sink) {
        this.secret = new BearerSecret(secret);
        this.sink = sink;
    }

    /** The status that answers a request. */
    int answer(HttpExchange request) throws IOException {
        if (!secret.isIn(request)) {
            request.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"events\"");
            return 401;
        }
        String type = Optional.ofNullable(request.getRequestHeaders().getFirst("Content-Type"))
                .orElse("");
        if (!TYPES.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
            return 415;
        }
        byte[] body = request.getRequestBody().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            return 413;
        }
        if (!free.tryAcquire()) {
            return 503;
        }
        try {
            sink.accept(body);
            return 200;
        } catch (KafkaException e) {
            LOG.warn("events of the registry are not kept, and it has to send them again: {}", e.getMessage());
            return 503;
        } finally {
            free.release();
        }
    }
}
