package dev.tidemark.storage.s3;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.objects.Bucket;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.NotThereException;
import dev.tidemark.storage.objects.RootPrefix;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** A bucket of S3. */
final class S3Bucket implements Bucket {

    final String name;
    final RootPrefix root;
    final S3Failures failures;
    final Requests requests;
    final BucketPages pages;
    private final S3Deletions deletions;

    /** @param limits of each try of a request */
    S3Bucket(StorageSettings.S3 settings, S3Client.Limits limits, Calls calls) {
        name = settings.bucket();
        root = RootPrefix.of(settings.rootDirectory());
        failures = new S3Failures(settings);
        var patience = new Patience();
        requests = new Requests(S3Client.of(settings, calls, patience, limits), failures, patience);
        pages = new BucketPages(requests, name, root.base());
        deletions = new S3Deletions(requests, failures, name, root.base());
    }

    @Override
    public KeyListing.Page get(String prefix, String after, String token) {
        return pages.get(prefix, after, token);
    }

    @Override
    public void children(String prefix, Consumer<String> directory, Consumer<String> file) {
        pages.each(pages.of(prefix).delimiter("/").build(), page -> {
            page.commonPrefixes()
                    .forEach(below -> directory.accept(below.prefix()
                            .substring(prefix.length(), below.prefix().length() - 1)));
            page.contents().stream()
                    .map(object -> object.key().substring(prefix.length()))
                    .filter(rest -> !rest.isEmpty())
                    .forEach(file);
            return true;
        });
    }

    @Override
    public int count(String prefix, int limit) {
        return pages.count(prefix, "/", limit);
    }

    @Override
    public Optional<Stat> look(String path, String key) {
        try {
            HeadObjectResponse head = requests.answer(
                    "look at",
                    path,
                    client -> client.headObject(request -> request.bucket(name).key(key)));
            return Optional.of(BucketPages.stat(path, head.contentLength(), head.lastModified(), head.eTag()));
        } catch (NotThereException e) {
            // The answer to a look has no words: a bucket that is gone, or something before the server, answers
            // "not found" just the same.
            return pages.listed(key);
        }
    }

    @Override
    public Optional<Stat> listed(String key) {
        return pages.listed(key);
    }

    @Override
    public Optional<InputStream> open(String path, String key) {
        return requests.open(path, name, key, null);
    }

    @Override
    public Map<String, StorageException> delete(List<String> paths, BooleanSupplier allowed) {
        return deletions.deleteAll(paths, allowed);
    }

    @Override
    public void write(String path, String key, byte[] content) {
        requests.answer(
                "write",
                path,
                client -> client.putObject(
                        request -> request.bucket(name).key(key), AsyncRequestBody.fromBytes(content)));
    }

    @Override
    public void close() {
        requests.close();
    }
}
