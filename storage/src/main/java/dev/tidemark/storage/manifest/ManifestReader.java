package dev.tidemark.storage.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;

/** Fetches manifests from a storage, and trusts none whose bytes are not those of its digest. */
public final class ManifestReader {

    /**
     * Grows with every change of what the same bytes are understood as: manifests that an earlier version has read are
     * then read again.
     */
    public static final int VERSION = 3;

    /** The registry accepts manifests of 4 MB; whatever is larger than this is only scanned for digests. */
    private static final int LARGEST = 8 << 20;

    /** Bytes that tell whether JSON begins. */
    private static final int BEGINNING = 512;

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
        return source.read(Layout.blobData(digest), in -> {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            return bytes.length > LARGEST
                    ? scanned(bytes, in)
                    : new StoredManifest(bytes.length, checked(digest, bytes));
        });
    }

    /**
     * Whether the registry may have taken the blob for a manifest. It takes JSON of 4 MB at most that says its
     * {@code schemaVersion}. A blob that can't be parsed may be one, too, if it begins like one.
     *
     * @param size of the blob
     * @throws StorageException as {@link #read} throws it
     */
    public boolean mayBeManifest(Digest digest, long size) {
        if (size > LARGEST) {
            return false;
        }
        return source.read(Layout.blobData(digest), in -> {
                    byte[] start = in.readNBytes(BEGINNING);
                    String text = new String(start, StandardCharsets.ISO_8859_1).strip();
                    if (!text.isEmpty() && !text.startsWith("{")) {
                        return false;
                    }
                    return hasVersion(new SequenceInputStream(new ByteArrayInputStream(start), in).readNBytes(LARGEST));
                })
                .orElse(false);
    }

    /** The registry takes a key in any case. */
    private static boolean hasVersion(byte[] bytes) throws IOException {
        try {
            Iterator<String> names = JsonSerde.MAPPER.readTree(bytes).fieldNames();
            while (names.hasNext()) {
                if (names.next().equalsIgnoreCase("schemaVersion")) {
                    return true;
                }
            }
            return false;
        } catch (JsonProcessingException e) {
            return true;
        }
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
