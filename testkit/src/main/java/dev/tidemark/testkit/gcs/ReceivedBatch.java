package dev.tidemark.testkit.gcs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many requests in one, as {@code multipart/mixed}; and the parts of an upload that comes with its attributes. */
final class ReceivedBatch {

    private static final int MOST = 100;
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
    private static final Pattern REQUEST = Pattern.compile("(\\S+) (\\S+)( HTTP/1\\.1)?");

    private ReceivedBatch() {}

    /** A part of a body. */
    record Part(Map<String, String> headers, byte[] body) {}

    static GcsResponse answer(ReceivedRequest request, Function<ReceivedRequest, GcsResponse> each) {
        List<Part> parts = parts(request);
        if (parts.size() > MOST) {
            return GcsResponse.error(400, "badRequest", "The batch request contains more than 100 calls.");
        }
        String boundary = "batch_of_answers";
        var body = new ByteArrayOutputStream();
        for (Part part : parts) {
            String[] lines = new String(part.body(), StandardCharsets.UTF_8).split("\r\n");
            Matcher line = REQUEST.matcher(lines[0]);
            if (!line.matches()) {
                return GcsResponse.error(400, "badRequest", "no request: " + lines[0]);
            }
            GcsResponse response = each.apply(ReceivedRequest.of(line.group(1), line.group(2), Map.of(), new byte[0]));
            write(body, "--" + boundary + "\r\nContent-Type: application/http\r\n");
            String id = part.headers().get("content-id");
            if (id != null) {
                write(body, "Content-ID: " + id.replaceFirst("^<", "<response-") + "\r\n");
            }
            write(body, "\r\nHTTP/1.1 " + response.status() + " Said\r\n");
            response.headers().forEach((name, value) -> write(body, name + ": " + value + "\r\n"));
            write(body, "Content-Length: " + response.body().length + "\r\n\r\n");
            body.writeBytes(response.body());
            write(body, "\r\n");
        }
        write(body, "--" + boundary + "--\r\n");
        return new GcsResponse(
                200, Map.of("Content-Type", "multipart/mixed; boundary=" + boundary), body.toByteArray());
    }

    /** The parts of a body, whose boundary its content type says. */
    static List<Part> parts(ReceivedRequest request) {
        Matcher boundary = BOUNDARY.matcher(request.header("content-type"));
        if (!boundary.find()) {
            throw new IllegalArgumentException("no boundary: " + request.header("content-type"));
        }
        // Each byte is a character: what is between the boundaries may be anything.
        String body = "\r\n" + new String(request.body(), StandardCharsets.ISO_8859_1);
        String[] between = body.split(Pattern.quote("\r\n--" + boundary.group(1)));
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < between.length && !between[i].startsWith("--"); i++) {
            String part = between[i].substring(between[i].indexOf("\r\n") + 2);
            int end = part.startsWith("\r\n") ? -2 : part.indexOf("\r\n\r\n");
            Map<String, String> headers = new HashMap<>();
            for (String line : part.substring(0, Math.max(0, end)).split("\r\n")) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            parts.add(new Part(headers, part.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1)));
        }
        return parts;
    }

    private static void write(ByteArrayOutputStream to, String text) {
        to.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
