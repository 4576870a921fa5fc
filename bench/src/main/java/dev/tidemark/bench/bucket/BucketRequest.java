package dev.tidemark.bench.bucket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A request to a service of objects: as much of HTTP/1.1 as their clients speak.
 *
 * @param path decoded, with the slash that it begins with
 * @param headers with names in lower case
 */
public record BucketRequest(
        String method, String path, Map<String, String> query, Map<String, String> headers, byte[] body) {

    private static final int MOST_BYTES = 64 * 1024 * 1024;

    boolean asks(String parameter) {
        return query.containsKey(parameter);
    }

    String query(String parameter) {
        return query.getOrDefault(parameter, "");
    }

    /** The number that a parameter says, and no more than the most. */
    int number(String parameter, int most) {
        return asks(parameter) ? Math.min(most, Integer.parseInt(query(parameter))) : most;
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /**
     * The next request; null at the end.
     *
     * @param out where a client is told to go on that waits for that
     */
    static BucketRequest read(InputStream in, OutputStream out) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        String[] words = line.split(" ");
        if (words.length != 3) {
            throw new IOException("no HTTP request: " + line);
        }
        Map<String, String> headers = headers(in);
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] body = body(in, headers);
        int question = words[1].indexOf('?');
        return new BucketRequest(
                words[0],
                decoded((question < 0 ? words[1] : words[1].substring(0, question)).replace("+", "%2B")),
                question < 0 ? Map.of() : parameters(words[1].substring(question + 1)),
                headers,
                body);
    }

    static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
        }
        return headers;
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        byte[] body;
        if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
            body = chunks(in);
        } else {
            body = exactly(in, Long.parseLong(headers.getOrDefault("content-length", "0")));
        }
        // The SDK's own chunks, with a signature each, inside of HTTP's.
        boolean signed = headers.getOrDefault("x-amz-content-sha256", "").startsWith("STREAMING-");
        return signed ? chunks(new ByteArrayInputStream(body)) : body;
    }

    private static byte[] exactly(InputStream from, long length) throws IOException {
        if (length > MOST_BYTES) {
            throw new IOException("a body of " + length + " bytes");
        }
        byte[] bytes = from.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static byte[] chunks(InputStream from) throws IOException {
        var all = new ByteArrayOutputStream();
        while (true) {
            String size = line(from);
            if (size == null) {
                throw new EOFException();
            }
            int length = Integer.parseInt(size.split(";")[0].trim(), 16);
            if (length == 0) {
                for (String trailer = line(from); trailer != null && !trailer.isEmpty(); ) {
                    trailer = line(from);
                }
                return all.toByteArray();
            }
            all.write(exactly(from, length));
            line(from);
        }
    }

    private static String line(InputStream from) throws IOException {
        StringBuilder line = new StringBuilder(128);
        for (int c = from.read(); ; c = from.read()) {
            if (c < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> query = new HashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            query.put(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decoded(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
