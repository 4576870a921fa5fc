package dev.tidemark.storage.gcs;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Many requests in the body of one, and their answers, as {@code multipart/mixed}.
 *
 * @see <a href="https://cloud.google.com/storage/docs/batch">Sending batch requests</a>
 */
final class GcsBatch {

    /** As many requests as GCS takes together. */
    static final int MOST = 100;

    static final String CONTENT_TYPE = "multipart/mixed; boundary=tidemark_batch";

    private static final String BOUNDARY = "--tidemark_batch";
    private static final String LINE = "\r\n";
    private static final Pattern BOUNDARY_OF_ANSWERS =
            Pattern.compile("multipart/mixed;.*\\bboundary=\"?([^\";]+)\"?.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ID = Pattern.compile("<response-item(\\d{1,3})>");
    private static final Pattern STATUS = Pattern.compile("HTTP/[\\d.]+ (\\d{3})( .*)?");

    private GcsBatch() {}

    /** The body of a request with these in it; each answer has the number of its request. */
    static byte[] body(List<GcsRequest> requests) {
        StringBuilder body = new StringBuilder();
        IntStream.range(0, requests.size())
                .forEach(i -> body.append(BOUNDARY)
                        .append(LINE)
                        .append("Content-Type: application/http")
                        .append(LINE)
                        .append("Content-Transfer-Encoding: binary")
                        .append(LINE)
                        .append("Content-ID: <item")
                        .append(i)
                        .append('>')
                        .append(LINE)
                        .append(LINE)
                        .append(requests.get(i).method())
                        .append(' ')
                        .append(requests.get(i).line())
                        .append(" HTTP/1.1")
                        .append(LINE)
                        .append(LINE));
        return body.append(BOUNDARY).append("--").append(LINE).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The answers, by the numbers of their requests. Where nothing can be made of one, it is not among them. */
    static Map<Integer, GcsAnswer> answers(GcsAnswer answer) {
        Map<Integer, GcsAnswer> answers = new HashMap<>();
        Matcher boundary = BOUNDARY_OF_ANSWERS.matcher(answer.headers().getOrDefault("content-type", ""));
        if (!boundary.matches()) {
            return answers;
        }
        // Each byte is a character here: an answer may be cut anywhere.
        String body = LINE + new String(answer.body(), StandardCharsets.ISO_8859_1);
        String[] between = body.split(Pattern.quote(LINE + "--" + boundary.group(1)));
        for (int i = 1; i < between.length; i++) {
            String[] parts = between[i].split(LINE + LINE, 3);
            Matcher id = ID.matcher(headers(parts[0]).getOrDefault("content-id", ""));
            Matcher status = STATUS.matcher(parts.length < 2 ? "" : parts[1].split(LINE, 2)[0]);
            // The last one is whole only if another boundary follows it.
            if (i < between.length - 1 && id.matches() && status.matches()) {
                answers.put(
                        Integer.parseInt(id.group(1)),
                        new GcsAnswer(
                                Integer.parseInt(status.group(1)),
                                headers(parts[1]),
                                parts.length < 3 ? new byte[0] : parts[2].getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
        return answers;
    }

    private static Map<String, String> headers(String lines) {
        Map<String, String> headers = new HashMap<>();
        for (String line : lines.split(LINE)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }
}
