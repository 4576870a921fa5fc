package dev.tidemark.storage.s3;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.TrashContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

/** The files of the contract were there before the bucket had versioning. */
class VersionTrashContractTest extends TrashContract {

    private VersionedBucket bucket;

    @Override
    protected Path root() {
        bucket = VersionedBucket.on(directory);
        return bucket.root();
    }

    @Override
    protected Storage open() {
        return bucket.open();
    }

    @Override
    protected void write(String path, String content) {
        bucket.put(VersionedBucket.key(path), content);
    }

    @AfterEach
    void stop() {
        bucket.close();
    }
}
