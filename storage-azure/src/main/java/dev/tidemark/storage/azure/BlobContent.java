package dev.tidemark.storage.azure;

import com.azure.storage.blob.models.BlobStorageException;
import dev.tidemark.storage.objects.ConnectionFailure;
import dev.tidemark.storage.objects.NotThereException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The content of a blob, which the SDK asks for in parts. Each part that comes while it is read is waited for, and may
 * fail, like any other answer.
 */
final class BlobContent extends FilterInputStream {

    private final Container container;
    private final String path;

    BlobContent(Container container, String path, InputStream content) {
        super(content);
        this.container = container;
        this.path = path;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
        try {
            return container.answer("read", path, client -> part(buffer, from, length));
        } catch (NotThereException e) {
            throw container.failures().ofContent(path, e);
        }
    }

    private int part(byte[] buffer, int from, int length) {
        try {
            return in.read(buffer, from, length);
        } catch (IOException e) {
            if (ConnectionFailure.find(BlobStorageException.class, e) instanceof BlobStorageException said) {
                throw said;
            }
            throw new UncheckedIOException(e);
        }
    }
}
