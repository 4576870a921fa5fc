package dev.tidemark.bench.s3;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One client's connection: as much of HTTP/1.1 as S3 clients speak, and with little work a request. The JDK's own
 * server takes several times the CPU, which two cores don't have beside what is measured.
 */
final class HttpConnection implements AutoCloseable {

    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 8192);
        out = socket.getOutputStream();
    }

    /** The next request; null at the end. */
    S3Request next() throws IOException {
        String line = line();
        if (line == null) {
            return null;
        }
        String[] words = line.split(" ");
        if (words.length != 3) {
            throw new IOException("no HTTP request: " + line);
        }
        Map<String, String> headers = headers();
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] body = body(headers);
        int question = words[1].indexOf('?');
        String path = decoded((question < 0 ? words[1] : words[1].substring(0, question)).replace("+", "%2B"));
        int slash = path.indexOf('/', 1);
        return new S3Request(
                words[0],
                slash < 0 ? path.substring(1) : path.substring(1, slash),
                slash < 0 ? "" : path.substring(slash + 1),
                question < 0 ? Map.of() : query(words[1].substring(question + 1)),
                headers,
                body);
    }

    /** In one write: a packet. */
    void send(S3Response response) throws IOException {
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(response.status())
                .append(" -\r\n");
        response.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (response.status() != 204) {
            head.append("Content-Length: ").append(response.length()).append("\r\n");
        }
        head.append("Server: bench\r\nx-amz-request-id: 0\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[start.length + response.body().length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(response.body(), 0, all, start.length, response.body().length);
        out.write(all);
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); line != null && !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
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

    private String line() throws IOException {
        return line(in);
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

    private static Map<String, String> query(String text) {
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

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
