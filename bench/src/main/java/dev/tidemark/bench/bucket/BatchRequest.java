package dev.tidemark.bench.bucket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many requests in the body of one, as {@code multipart/mixed}, and their answers in that of its answer. */
final class BatchRequest {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
    private static final String ANSWERS = "answers";

    private BatchRequest() {}

    /**
     * @param id what an answer calls itself, by the id of its request
     */
    static Response answer(
            int status, BucketRequest request, UnaryOperator<String> id, Function<BucketRequest, Response> each) {
        Matcher boundary = BOUNDARY.matcher(request.header("content-type"));
        if (!boundary.find()) {
            return Response.empty(400);
        }
        String[] parts = ("\r\n" + new String(request.body(), StandardCharsets.UTF_8))
                .split(Pattern.quote("\r\n--" + boundary.group(1)));
        var answers = new ByteArrayOutputStream();
        try {
            for (int i = 1; i < parts.length && !parts[i].startsWith("--"); i++) {
                var in = new ByteArrayInputStream(parts[i].substring(2).getBytes(StandardCharsets.UTF_8));
                Map<String, String> headers = BucketRequest.headers(in);
                Response answer = each.apply(BucketRequest.read(in, OutputStream.nullOutputStream()));
                var head = new StringBuilder("--" + ANSWERS + "\r\nContent-Type: application/http\r\nContent-ID: ")
                        .append(id.apply(headers.getOrDefault("content-id", "")))
                        .append("\r\n\r\nHTTP/1.1 ")
                        .append(answer.status())
                        .append(" Said\r\n");
                answer.headers()
                        .forEach((name, value) ->
                                head.append(name).append(": ").append(value).append("\r\n"));
                head.append("Content-Length: ").append(answer.length()).append("\r\n\r\n");
                answers.write(head.toString().getBytes(StandardCharsets.UTF_8));
                answers.write(answer.body());
                answers.write("\r\n".getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers.writeBytes(("--" + ANSWERS + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return Response.of(
                status, Map.of("Content-Type", "multipart/mixed; boundary=" + ANSWERS), answers.toByteArray());
    }
}
