package dev.tidemark.storage.azure;

import com.azure.core.http.rest.PagedIterable;
import com.azure.core.http.rest.PagedResponse;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.KeyOrder;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The pages of a container's listings. One that is cut short, or is no page of the names that were asked for, is never
 * taken for a whole one.
 */
final class BlobPages {

    private static final String DELIMITER = "/";
    private static final String BASE = Layout.BASE + DELIMITER;
    /** In an account with a hierarchical namespace a directory is listed as a blob, with this in its metadata. */
    private static final String IS_DIRECTORY = "hdi_isfolder";

    private static final String OTHER_ORDER = "An account with a hierarchical namespace lists names so: a registry of "
            + "that size has to be in an account without one";

    private final Container container;

    BlobPages(Container container) {
        this.container = container;
    }

    /** The order in which names are listed, from the first that is greater than that. */
    static KeyOrder order(String after) {
        return new KeyOrder(after, OTHER_ORDER);
    }

    /** What is listed of a blob. */
    record Listed(KeyListing.Object object, String etag) {}

    /** @param next where the listing goes on, or null at its end */
    record Page(List<String> directories, List<Listed> blobs, String next) {

        List<String> names() {
            return blobs.stream().map(blob -> blob.object().key()).toList();
        }
    }

    /** Whether there is any blob whose name begins with the prefix. */
    boolean any(String prefix) {
        boolean[] any = {false};
        each(token -> page(prefix, 1, token), page -> {
            any[0] = !page.blobs().isEmpty();
            return !any[0];
        });
        return any[0];
    }

    /**
     * The pages of the names right below a prefix, one after the other.
     *
     * @param most of them on a page
     * @param goOn takes a page, and says whether the next one is wanted
     */
    void below(String prefix, int most, Predicate<Page> goOn) {
        each(token -> below(prefix, most, token), goOn);
    }

    /** The pages of all names with a prefix. */
    void each(String prefix, Predicate<Page> goOn) {
        each(token -> page(prefix, 0, token), goOn);
    }

    private void each(Function<String, Page> pages, Predicate<Page> goOn) {
        var names = order(null);
        var directories = order(null);
        String token = null;
        do {
            Page page = pages.apply(token);
            names.page(page.names());
            directories.page(page.directories());
            token = goOn.test(page) ? page.next() : null;
        } while (token != null);
    }

    /**
     * One page of all names with a prefix.
     *
     * @param most names on it; 0 for as many as the server likes, which are 5000
     * @param token null for the first page
     */
    Page page(String prefix, int most, String token) {
        return page(prefix, most, token, (client, options) -> client.listBlobs(options, token, null));
    }

    private Page below(String prefix, int most, String token) {
        return page(prefix, most, token, (client, options) -> client.listBlobsByHierarchy(DELIMITER, options, null));
    }

    private Page page(
            String prefix,
            int most,
            String token,
            BiFunction<BlobContainerClient, ListBlobsOptions, PagedIterable<BlobItem>> listing) {
        var options =
                new ListBlobsOptions().setPrefix(prefix).setDetails(new BlobListDetails().setRetrieveMetadata(true));
        if (most > 0) {
            options.setMaxResultsPerPage(most);
        }
        String path = prefix.substring(prefix.indexOf(BASE) < 0 ? 0 : prefix.indexOf(BASE) + BASE.length());
        PagedResponse<BlobItem> page = container.answer(
                "list",
                path,
                client -> listing.apply(client, options)
                        .iterableByPage(token)
                        .iterator()
                        .next());
        page.getValue().stream()
                .map(BlobItem::getName)
                .filter(name -> !name.startsWith(prefix))
                .forEach(name -> {
                    throw new StorageException("cannot list " + prefix + ": the server answers with something else, “"
                            + name + "” was not asked for");
                });
        return new Page(
                page.getValue().stream()
                        .filter(BlobPages::isPrefix)
                        .map(BlobItem::getName)
                        .toList(),
                page.getValue().stream()
                        .filter(item -> !isPrefix(item) && !isDirectory(item))
                        .map(BlobPages::listed)
                        .toList(),
                next(page, prefix, token));
    }

    /** Where a listing goes on. One that is cut short must not pass for a whole one. */
    private static String next(PagedResponse<BlobItem> page, String prefix, String asked) {
        String token = page.getContinuationToken();
        if (token != null && token.equals(asked)) {
            throw new StorageException("the listing of " + prefix
                    + " was cut short: there is more, and the server does not say where it goes on");
        }
        return token == null || token.isEmpty() ? null : token;
    }

    private static boolean isPrefix(BlobItem item) {
        return Boolean.TRUE.equals(item.isPrefix());
    }

    private static boolean isDirectory(BlobItem item) {
        Map<String, String> metadata = item.getMetadata() == null ? Map.of() : item.getMetadata();
        return metadata.entrySet().stream()
                .anyMatch(entry ->
                        entry.getKey().equalsIgnoreCase(IS_DIRECTORY) && Boolean.parseBoolean(entry.getValue()));
    }

    private static Listed listed(BlobItem item) {
        BlobItemProperties of = item.getProperties();
        Stat stat = BlobStat.of(
                item.getName(), of.getContentLength(), of.getLastModified(), of.getBlobType(), of.getContentMd5());
        return new Listed(new KeyListing.Object(item.getName(), stat), BlobStat.etag(item.getName(), of.getETag()));
    }
}
