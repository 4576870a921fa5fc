package dev.tidemark.bench.s3;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer of S3.
 *
 * @param length of the body; that of an answer to HEAD is announced and not sent
 */
record S3Response(int status, Map<String, String> headers, byte[] body, long length) {

    private static final byte[] NOTHING = new byte[0];

    static S3Response of(int status, Map<String, String> headers, byte[] body) {
        return new S3Response(status, headers, body, body.length);
    }

    static S3Response empty(int status) {
        return of(status, Map.of(), NOTHING);
    }

    static S3Response xml(int status, String document) {
        return of(
                status,
                Map.of("Content-Type", "application/xml"),
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + document).getBytes(StandardCharsets.UTF_8));
    }

    static S3Response error(int status, String code, String message) {
        return xml(
                status,
                "<Error><Code>%s</Code><Message>%s</Message><RequestId>0</RequestId></Error>"
                        .formatted(code, Xml.escape(message)));
    }

    S3Response withoutBody() {
        return new S3Response(status, headers, NOTHING, length);
    }
}
