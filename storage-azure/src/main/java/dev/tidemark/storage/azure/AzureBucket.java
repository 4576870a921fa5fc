package dev.tidemark.storage.azure;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.AppendBlobRequestConditions;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.options.AppendBlobAppendBlockOptions;
import com.azure.storage.blob.options.AppendBlobCreateOptions;
import com.azure.storage.blob.options.BlobInputStreamOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.AppendBlobClient;
import com.azure.storage.blob.specialized.BlockBlobClient;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.objects.Bucket;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.LastSeen;
import dev.tidemark.storage.objects.NotThereException;
import dev.tidemark.storage.objects.RootPrefix;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A container of Azure. */
final class AzureBucket implements Bucket {

    private static final int CONFLICT = 409;
    /** A content is asked for in parts of this size: links and manifests come whole with the first request. */
    private static final int PART = 4 << 20;

    private static final int LOOKS = 5;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Container container;
    private final RootPrefix root;
    private final BlobPages pages;
    private final LastSeen seen = new LastSeen();
    private final BlobDeletions deletions;

    AzureBucket(Container container, RootPrefix root) {
        this.container = container;
        this.root = root;
        pages = new BlobPages(container);
        deletions = new BlobDeletions(container, root, seen);
    }

    /** The way to begin at a name ({@code startFrom}) is new: a server that does not have it says nothing. */
    @Override
    public boolean beginAnywhere() {
        return false;
    }

    @Override
    public KeyListing.Page get(String prefix, String after, String token) {
        BlobPages.Page page = pages.page(prefix, 0, token);
        if (token == null && page.next() == null) {
            // The little that a sweep looks at together before it deletes some of it.
            page.blobs().forEach(blob -> seen.listed(blob.object().key(), quoted(blob.etag())));
        }
        return new KeyListing.Page(
                page.blobs().stream().map(BlobPages.Listed::object).toList(), page.next());
    }

    /** As conditions want it: a listing may leave the quotes out. */
    private static String quoted(String etag) {
        return etag.startsWith("\"") ? etag : '"' + etag + '"';
    }

    @Override
    public void children(String prefix, Consumer<String> directory, Consumer<String> file) {
        pages.below(prefix, 0, page -> {
            page.directories().forEach(name -> directory.accept(name.substring(prefix.length(), name.length() - 1)));
            page.names().stream()
                    .map(name -> name.substring(prefix.length()))
                    .filter(rest -> !rest.isEmpty())
                    .forEach(file);
            return true;
        });
    }

    @Override
    public int count(String prefix, int limit) {
        int[] count = {0};
        pages.below(prefix, limit, page -> {
            count[0] += page.directories().size() + page.blobs().size();
            return count[0] < limit;
        });
        return Math.min(limit, count[0]);
    }

    /** A registry deletes a link right before it writes it anew: one that is not there is looked for again. */
    @Override
    public Optional<Stat> look(String path, String key) {
        Optional<BlobProperties> found = properties(path, key);
        for (int tries = 1; found.isEmpty() && tries < LOOKS && path.endsWith("/" + Layout.LINK); tries++) {
            pause(path);
            found = properties(path, key);
        }
        found.ifPresentOrElse(blob -> seen.looked(key, quoted(blob.getETag())), () -> seen.absent(key));
        return found.map(blob -> BlobStat.of(
                path, blob.getBlobSize(), blob.getLastModified(), blob.getBlobType(), blob.getContentMd5()));
    }

    private Optional<BlobProperties> properties(String path, String key) {
        try {
            return Optional.of(container.answer(
                    "look at", path, client -> client.getBlobClient(key).getProperties()));
        } catch (NotThereException e) {
            return Optional.empty();
        }
    }

    private void pause(String path) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw container.failures().interrupted("look at", path, e);
        }
    }

    /** Of all names with a prefix, it is the first one itself. */
    @Override
    public Optional<Stat> listed(String key) {
        List<Stat> found = new ArrayList<>(1);
        pages.each(key, page -> {
            page.blobs().stream()
                    .map(BlobPages.Listed::object)
                    .filter(object -> object.key().equals(key))
                    .forEach(object -> found.add(object.stat()));
            return page.blobs().isEmpty();
        });
        return found.stream().findFirst();
    }

    @Override
    public Optional<InputStream> open(String path, String key) {
        try {
            InputStream content = container.answer(
                    "read",
                    path,
                    client ->
                            client.getBlobClient(key).openInputStream(new BlobInputStreamOptions().setBlockSize(PART)));
            seen.forgetAbsent(key);
            return Optional.of(content);
        } catch (NotThereException e) {
            return Optional.empty();
        }
    }

    @Override
    public Map<String, StorageException> delete(List<String> paths, BooleanSupplier allowed) {
        return deletions.deleteAll(paths, allowed);
    }

    /**
     * As a blob of the type that the registry itself writes: one of another type it may not be able to replace. Where
     * that is one that is appended to, it is empty for a moment.
     */
    @Override
    public void write(String path, String key, byte[] content) {
        seen.forget(key);
        container.answer("write", path, client -> {
            BlobClient blob = client.getBlobClient(key);
            try {
                if (root.equals(AzureStorage.OF_VERSION_2)) {
                    writeBlock(blob.getBlockBlobClient(), content);
                } else {
                    writeAppended(blob.getAppendBlobClient(), content);
                }
            } catch (BlobStorageException e) {
                // Somebody else has written it, or this has, and the answer was lost.
                if (e.getStatusCode() != CONFLICT || blob.getProperties().getBlobSize() == 0) {
                    throw e;
                }
            }
            return null;
        });
    }

    private static void writeBlock(BlockBlobClient blob, byte[] content) {
        var options = new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(content))
                .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"));
        blob.uploadWithResponse(options, null, null);
    }

    private static void writeAppended(AppendBlobClient blob, byte[] content) {
        var options =
                new AppendBlobCreateOptions().setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"));
        String etag = blob.createWithResponse(options, null, null).getValue().getETag();
        var asCreated = new AppendBlobRequestConditions().setIfMatch(etag);
        try {
            blob.appendBlockWithResponse(
                    new AppendBlobAppendBlockOptions(BinaryData.fromBytes(content)).setRequestConditions(asCreated),
                    null,
                    null);
        } catch (RuntimeException e) {
            try {
                blob.deleteWithResponse(null, new BlobRequestConditions().setIfMatch(etag), null, null);
            } catch (RuntimeException stays) {
                e.addSuppressed(stays);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        container.close();
    }
}
