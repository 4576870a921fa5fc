package dev.tidemark.storage.azure;

import com.azure.storage.blob.models.BlobType;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.WrittenAt;
import java.time.OffsetDateTime;
import java.util.HexFormat;

/** What Azure says of a blob. */
final class BlobStat {

    private BlobStat() {}

    /** @param md5 of what a block blob was written with; one that is appended to keeps that of its beginning */
    static Stat of(String name, Long size, OffsetDateTime modified, BlobType type, byte[] md5) {
        if (size == null || modified == null) {
            throw new StorageException("the server does not say how large " + name + " is and when it was written");
        }
        String known =
                type == BlobType.BLOCK_BLOB && md5 != null ? HexFormat.of().formatHex(md5) : null;
        return new Stat(size, WrittenAt.latest(modified.toInstant()), known);
    }
}
