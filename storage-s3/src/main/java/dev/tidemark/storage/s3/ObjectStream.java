package dev.tidemark.storage.s3;

import java.io.IOException;
import java.io.InputStream;

/** The content of an object in a bucket. A failure on the way is one of the storage. */
final class ObjectStream extends InputStream {

    private final String path;
    private final InputStream content;
    private final S3Failures failures;

    ObjectStream(String path, InputStream content, S3Failures failures) {
        this.path = path;
        this.content = content;
        this.failures = failures;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        try {
            return content.read(buffer, from, length);
        } catch (RuntimeException e) {
            throw failures.ofContent(path, e);
        }
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
