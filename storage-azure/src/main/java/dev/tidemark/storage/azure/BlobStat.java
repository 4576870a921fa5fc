package dev.tidemark.storage.azure;

import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobType;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.WrittenAt;
import java.time.OffsetDateTime;
import java.util.HexFormat;

/** What Azure says of a blob. */
final class BlobStat {

    private BlobStat() {}

    /**
     * @param md5 of what a block blob was written with; one that is appended to keeps that of its beginning
     * @throws StorageException if the server does not say all of it but the checksum: then it says nothing of a blob
     */
    static Stat of(String name, Long size, OffsetDateTime modified, BlobType type, byte[] md5) {
        if (size == null || modified == null || type == null) {
            throw new StorageException(
                    "the server does not say of what type and how large " + name + " is, and when it was written");
        }
        String known =
                type == BlobType.BLOCK_BLOB && md5 != null ? HexFormat.of().formatHex(md5) : null;
        return new Stat(size, WrittenAt.latest(modified.toInstant()), known);
    }

    /** The same of one that was looked at. */
    static Stat of(String name, BlobProperties blob) {
        return of(name, blob.getBlobSize(), blob.getLastModified(), blob.getBlobType(), blob.getContentMd5());
    }

    /**
     * As conditions want it: a listing may leave the quotes out.
     *
     * @throws StorageException if the server does not say any
     */
    static String etag(String name, String said) {
        if (said == null || said.isEmpty()) {
            throw new StorageException("the server does not say which content " + name + " has");
        }
        return said.startsWith("\"") ? said : '"' + said + '"';
    }
}
