package dev.tidemark.bench.bucket;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A service's answer.
 *
 * @param length of the body; that of an answer to HEAD is announced and not sent
 */
public record Response(int status, Map<String, String> headers, byte[] body, long length) {

    private static final byte[] NOTHING = new byte[0];

    static Response of(int status, Map<String, String> headers, byte[] body) {
        return new Response(status, headers, body, body.length);
    }

    static Response empty(int status) {
        return of(status, Map.of(), NOTHING);
    }

    static Response xml(int status, String document) {
        return of(
                status,
                Map.of("Content-Type", "application/xml"),
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + document).getBytes(StandardCharsets.UTF_8));
    }

    Response withoutBody() {
        return new Response(status, headers, NOTHING, length);
    }
}
