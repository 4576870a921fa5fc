package dev.tidemark.storage.s3;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Driver;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.StorageSettings;

/** The driver {@code s3}, with Amazon's SDK. */
public final class S3Driver implements Driver {

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public Storage open(StorageSettings settings, boolean mayBeEmpty, Calls calls) {
        return S3Storage.open((StorageSettings.S3) settings, mayBeEmpty, calls);
    }
}
