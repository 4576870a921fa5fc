package dev.tidemark.storage.s3;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.ObjectStorage;
import dev.tidemark.storage.objects.TrashKeys;
import java.util.Optional;

/** A registry in a bucket of S3 (distribution's {@code s3} driver). */
public final class S3Storage extends ObjectStorage {

    private final S3Bucket bucket;
    private final Trash trash;
    private final Multiparts multiparts;

    private S3Storage(StorageSettings.S3 settings, S3Bucket bucket, Calls calls) {
        super(bucket, bucket.root, description(bucket), BucketIdentity.server(settings), calls);
        this.bucket = bucket;
        trash = trash(BucketCopies.SIZES);
        multiparts = multiparts(S3Multiparts.MOST);
    }

    private static String description(S3Bucket bucket) {
        return "s3://" + bucket.name + "/" + bucket.root.text().replaceAll("/$", "");
    }

    /**
     * Opens the storage of a registry.
     *
     * @param calls that its calls are made through
     * @throws StorageException if the bucket can't be listed, or holds no registry
     */
    public static S3Storage open(StorageSettings.S3 settings, Calls calls) {
        return open(settings, false, calls);
    }

    /**
     * @param mayBeEmpty whether a bucket will do with nothing at all in it
     * @param calls that its calls are made through
     */
    public static S3Storage open(StorageSettings.S3 settings, boolean mayBeEmpty, Calls calls) {
        return open(settings, mayBeEmpty, S3Client.LIMITS, calls);
    }

    /**
     * @param limits of each try of a request
     */
    static S3Storage open(StorageSettings.S3 settings, boolean mayBeEmpty, S3Client.Limits limits, Calls calls) {
        var storage = new S3Storage(settings, new S3Bucket(settings, limits, calls), calls);
        try {
            storage.requireRegistry(mayBeEmpty);
            return storage;
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private void requireRegistry(boolean mayBeEmpty) {
        BucketPages pages = bucket.pages;
        // One of which all is in the trash is a registry, too.
        if (pages.count(bucket.root.base(), null, 1) == 0
                && pages.count(TrashKeys.in(bucket.root.text()).top(), null, 1) == 0
                && !(mayBeEmpty && pages.count("", null, 1) == 0)) {
            throw StorageException.settled(
                    description() + " has no object below " + bucket.root.base()
                            + ": it is not the storage of a registry (bucket, rootdirectory)",
                    null);
        }
    }

    @Override
    public Optional<Trash> trash() {
        return Optional.of(trash);
    }

    @Override
    public Optional<Multiparts> multiparts() {
        return Optional.of(multiparts);
    }

    /** @param most how many a page has */
    S3Multiparts multiparts(int most) {
        return new S3Multiparts(calls(), bucket.requests, bucket.name, bucket.root, most);
    }

    /** @param sizes how much is copied in a request */
    S3Trash trash(BucketCopies.Sizes sizes) {
        return new S3Trash(
                calls(),
                bucket.requests,
                bucket.failures,
                bucket.pages,
                new KeyListing(bucket.pages, CALLS_AT_ONCE),
                sizes,
                bucket.name,
                bucket.root.text(),
                bucket.root.base());
    }
}
