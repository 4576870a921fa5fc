package dev.tidemark.storage.azure;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.CopyStatusType;
import com.azure.storage.blob.options.BlobInputStreamOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.AppendBlobClient;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.objects.CopyingBucket;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.KeyOrder;
import dev.tidemark.storage.objects.LastSeen;
import dev.tidemark.storage.objects.NotThereException;
import dev.tidemark.storage.objects.RootPrefix;
import dev.tidemark.storage.objects.TrashKeys;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container of Azure. */
final class AzureBucket implements CopyingBucket {

    private static final Logger LOG = LoggerFactory.getLogger(AzureBucket.class);

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
    private final BlobCopies copies;

    AzureBucket(Container container, RootPrefix root, BlobCopies.Waiting waiting) {
        this.container = container;
        this.root = root;
        pages = new BlobPages(container);
        deletions = new BlobDeletions(container);
        copies = new BlobCopies(container, deletions, waiting);
    }

    /** The way to begin at a name ({@code startFrom}) is new: a server that does not have it says nothing. */
    @Override
    public boolean beginAnywhere() {
        return false;
    }

    @Override
    public KeyOrder order(String after) {
        return BlobPages.order(after);
    }

    @Override
    public KeyListing.Page get(String prefix, String after, String token) {
        BlobPages.Page page = pages.page(prefix, 0, token);
        if (token == null && page.next() == null) {
            // The little that a sweep looks at together before it deletes some of it.
            page.blobs().forEach(blob -> seen.listed(blob.object().key(), blob.etag()));
        }
        return new KeyListing.Page(
                page.blobs().stream().map(BlobPages.Listed::object).toList(), page.next());
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
        Optional<Version> found = version(path, key);
        for (int tries = 1; found.isEmpty() && tries < LOOKS && path.endsWith("/" + Layout.LINK); tries++) {
            container.pause("look at", path, PAUSE);
            found = version(path, key);
        }
        return found.map(Version::stat);
    }

    @Override
    public Optional<Version> version(String path, String key) {
        Optional<Version> found = container
                .properties(path, key)
                .filter(blob -> !isBrokenCopy(key, blob))
                .map(blob -> new Version(key, BlobStat.of(path, blob), BlobStat.etag(path, blob.getETag())));
        found.ifPresentOrElse(blob -> seen.looked(key, blob.version()), () -> seen.absent(key));
        return found;
    }

    /** Of a copy into the trash whose process was killed: its file was not deleted, and it must not be restored. */
    private boolean isBrokenCopy(String key, BlobProperties blob) {
        return key.startsWith(TrashKeys.in(root.text()).top())
                && blob.getCopyStatus() != null
                && !blob.getCopyStatus().equals(CopyStatusType.SUCCESS);
    }

    @Override
    public Optional<Version> unchanged(String path, String key) {
        return seen.unchanged(
                key, () -> version(path, key), () -> container.failures().written("delete", path));
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
            return Optional.of(new BlobContent(container, path, content));
        } catch (NotThereException e) {
            return Optional.empty();
        }
    }

    /** One that was looked at is deleted only as it was then, and not at all if it was not there. */
    @Override
    public Map<String, StorageException> delete(List<String> paths, BooleanSupplier allowed) {
        List<BlobDeletions.Target> targets = paths.stream()
                .filter(path -> !seen.forgetAbsent(root.key(path)))
                .map(path -> new BlobDeletions.Target(
                        path, root.key(path), seen.of(root.key(path)).orElse(null)))
                .toList();
        return deleteAll(targets, allowed);
    }

    private Map<String, StorageException> deleteAll(List<BlobDeletions.Target> targets, BooleanSupplier allowed) {
        Map<String, StorageException> failed = deletions.delete(targets, allowed);
        targets.stream()
                .filter(target -> !failed.containsKey(target.path())
                        || failed.get(target.path()) instanceof WrittenAgainException)
                .forEach(target -> seen.forget(target.name()));
        return failed;
    }

    @Override
    public Copied copy(String path, Version from, String to, boolean replace, BooleanSupplier allowed) {
        seen.forget(to);
        return copies.copy(path, from, to, replace, allowed);
    }

    @Override
    public Map<String, StorageException> deleteVersions(List<Version> blobs, BooleanSupplier allowed) {
        return deleteAll(
                blobs.stream()
                        .map(blob -> new BlobDeletions.Target(blob.key(), blob.key(), blob.version()))
                        .toList(),
                allowed);
    }

    /** A time is rounded up to the second, and the present time down. */
    @Override
    public Duration rounding() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void write(String path, String key, byte[] content) {
        seen.forget(key);
        container.answer(
                "write",
                path,
                client -> client.getBlobClient(key)
                        .getBlockBlobClient()
                        .uploadWithResponse(
                                new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(content)), null, null));
    }

    /**
     * Writes a blob where there is none, of the type that the registry itself writes: one of another type it may not be
     * able to replace. It is there whole, or not at all; what is appended to is written elsewhere, and copied.
     *
     * @return false if there is one by now
     */
    boolean writeNew(String path, String key, byte[] content) {
        seen.forget(key);
        if (root.equals(AzureStorage.OF_VERSION_2)) {
            return writeBlock(path, key, content);
        }
        String beside = TrashKeys.in(root.text()).top() + "link-" + UUID.randomUUID();
        try {
            container.answer("write", path, client -> {
                AppendBlobClient blob = client.getBlobClient(beside).getAppendBlobClient();
                blob.create(true);
                return blob.appendBlock(new ByteArrayInputStream(content), content.length);
            });
            Version written = version(path, beside)
                    .orElseThrow(() -> new StorageException("a blob that was written is not there: " + beside));
            return copy(path, written, key, false, () -> true) == Copied.DONE;
        } finally {
            deleteVersions(List.of(new Version(beside, null, null)), () -> true)
                    .values()
                    .forEach(failure -> LOG.warn("a blob stays in the container: {}", failure.getMessage()));
        }
    }

    private boolean writeBlock(String path, String key, byte[] content) {
        return container.answer("write", path, client -> {
            var options = new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(content))
                    .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"));
            try {
                client.getBlobClient(key).getBlockBlobClient().uploadWithResponse(options, null, null);
                return true;
            } catch (BlobStorageException e) {
                if (e.getStatusCode() == CONFLICT) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public void close() {
        container.close();
    }
}
