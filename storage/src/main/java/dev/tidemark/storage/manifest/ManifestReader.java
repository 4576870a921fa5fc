package dev.tidemark.storage.manifest;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Fetches manifests from a storage, and trusts none whose bytes are not those of its digest. */
public final class ManifestReader {

    /**
     * Grows with every change of what the same bytes are understood as: manifests that an earlier version has read are
     * then read again.
     */
    public static final int VERSION = 1;

    /** The registry accepts manifests of 4 MB; whatever is larger than this is only scanned for digests. */
    private static final int LARGEST = 8 << 20;

    private final Source source;

    /** Opens files by their paths in the registry, as {@link Storage#read} does. */
    public interface Source {
        <T> Optional<T> read(String path, Storage.Content<T> content);
    }

    public ManifestReader(Storage storage) {
        this(storage::read);
    }

    public ManifestReader(Source source) {
        this.source = source;
    }

    /**
     * Reads the manifest of that digest; empty if its blob is not there.
     *
     * @throws ForbiddenException if it is there and may not be read
     * @throws StorageException if the storage does not answer
     */
    public Optional<StoredManifest> read(Digest digest) {
        return source.read(Layout.blob(digest) + "/" + Layout.DATA, in -> {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            return bytes.length > LARGEST
                    ? scanned(bytes, in)
                    : new StoredManifest(bytes.length, checked(digest, bytes));
        });
    }

    private static ManifestContent checked(Digest digest, byte[] bytes) {
        ManifestContent content = ManifestParser.parse(bytes);
        if (digest.algorithm().of(bytes).equals(digest)
                || ManifestParser.unsignedSchema1(bytes)
                        .map(digest.algorithm()::of)
                        .filter(digest::equals)
                        .isPresent()) {
            return content;
        }
        String mediaType = switch (content) {
            case ManifestContent.Understood understood -> understood.mediaType();
            case ManifestContent.Doubtful doubtful -> doubtful.mediaType();
        };
        return new ManifestContent.Doubtful(mediaType, "its bytes don't match its digest", ManifestParser.named(bytes));
    }

    private static StoredManifest scanned(byte[] start, InputStream rest) throws IOException {
        var scan = new DigestScan();
        scan.feed(start, start.length);
        long size = start.length;
        byte[] buffer = new byte[1 << 20];
        for (int length = rest.readNBytes(buffer, 0, buffer.length);
                length > 0;
                length = rest.readNBytes(buffer, 0, buffer.length)) {
            scan.feed(buffer, length);
            size += length;
        }
        return new StoredManifest(
                size, new ManifestContent.Doubtful(null, "it is larger than any registry accepts", scan.found()));
    }
}
