package dev.tidemark.storage.s3;

import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.KeyOrder;
import dev.tidemark.storage.objects.WrittenAt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The pages of a bucket's listings. A page that is cut short, or is no page of the keys that were asked for, is never
 * taken for a whole one.
 */
final class BucketPages implements KeyListing.Pages {

    private final Requests requests;
    private final String bucket;
    private final String base;

    /** @param base the prefix of all keys */
    BucketPages(Requests requests, String bucket, String base) {
        this.requests = requests;
        this.bucket = bucket;
        this.base = base;
    }

    /** A listing of the keys with a prefix, to be completed. */
    ListObjectsV2Request.Builder of(String prefix) {
        return ListObjectsV2Request.builder().bucket(bucket).prefix(prefix);
    }

    /**
     * One page after the other, as long as there are more. A page may have no keys and not be the last.
     *
     * @param goOn takes a page, and says whether the next one is wanted
     */
    void each(ListObjectsV2Request request, Predicate<ListObjectsV2Response> goOn) {
        var keys = new KeyOrder(null);
        var groups = new KeyOrder(null);
        String token = null;
        do {
            ListObjectsV2Response page =
                    list(request.toBuilder().continuationToken(token).build());
            if (token != null || page.isTruncated()) {
                keys.page(keys(page));
                groups.page(groups(page));
            }
            token = goOn.test(page) ? next(page, request.prefix(), token) : null;
        } while (token != null);
    }

    /**
     * How many keys there are with the prefix, and groups of them up to the delimiter, until there are as many as the
     * limit.
     */
    int count(String prefix, String delimiter, int limit) {
        int[] count = {0};
        each(of(prefix).delimiter(delimiter).maxKeys(limit).build(), page -> {
            count[0] += page.contents().size() + page.commonPrefixes().size();
            return count[0] < limit;
        });
        return Math.min(limit, count[0]);
    }

    /** The attributes of one key, by a listing; empty if it is not there. */
    Optional<Stat> listed(String key) {
        List<Stat> found = new ArrayList<>(1);
        each(of(key).maxKeys(1).build(), page -> {
            page.contents().stream()
                    .filter(object -> object.key().equals(key))
                    .forEach(object -> found.add(object(object).stat()));
            return page.contents().isEmpty();
        });
        return found.stream().findFirst();
    }

    /**
     * A page goes on after the last key of the one before, and not where the server's token says: MinIO's token leaves
     * a key out where the page before began after a key that is not there.
     */
    @Override
    public KeyListing.Page get(String prefix, String after, String token) {
        ListObjectsV2Request request =
                of(prefix).startAfter(token == null ? after : token).build();
        ListObjectsV2Response page = list(request);
        String next = next(page, prefix, null);
        while (next != null && page.contents().isEmpty()) {
            // There is no key to go on after.
            page = list(request.toBuilder().continuationToken(next).build());
            next = next(page, prefix, next);
        }
        return new KeyListing.Page(
                objects(page), next == null ? null : page.contents().getLast().key());
    }

    static List<KeyListing.Object> objects(ListObjectsV2Response page) {
        return page.contents().stream().map(BucketPages::object).toList();
    }

    private static KeyListing.Object object(S3Object object) {
        return new KeyListing.Object(
                object.key(), stat(object.key(), object.size(), object.lastModified(), object.eTag()));
    }

    /**
     * A page that nobody has written as a listing could be read as one of nothing, and what is not listed holds
     * nothing.
     */
    private ListObjectsV2Response list(ListObjectsV2Request request) {
        String path = request.prefix().startsWith(base) ? request.prefix().substring(base.length()) : request.prefix();
        ListObjectsV2Response page = requests.answer("list", path, client -> client.listObjectsV2(request));
        if (page.isTruncated() == null) {
            throw new StorageException("cannot list " + request.prefix()
                    + ": what is answered is no listing, it does not say whether it is whole");
        }
        Stream.concat(keys(page).stream(), groups(page).stream())
                .filter(key -> !key.startsWith(request.prefix()))
                .findFirst()
                .ifPresent(key -> {
                    throw new StorageException("cannot list " + request.prefix()
                            + ": the server answers with something else, “" + key + "” was not asked for");
                });
        return page;
    }

    private static List<String> keys(ListObjectsV2Response page) {
        return page.contents().stream().map(S3Object::key).toList();
    }

    private static List<String> groups(ListObjectsV2Response page) {
        return page.commonPrefixes().stream().map(CommonPrefix::prefix).toList();
    }

    /** Where a listing goes on. One that is cut short must not pass for a whole one. */
    private static String next(ListObjectsV2Response page, String prefix, String asked) {
        if (!page.isTruncated()) {
            return null;
        }
        String token = page.nextContinuationToken();
        if (token == null || token.isEmpty() || token.equals(asked)) {
            throw new StorageException("the listing of " + prefix
                    + " was cut short: there is more, and the server does not say where it goes on");
        }
        return token;
    }

    static Stat stat(String name, Long size, Instant modified, String etag) {
        if (size == null || modified == null) {
            throw new StorageException("the server does not say how large " + name + " is and when it was written");
        }
        return new Stat(size, WrittenAt.latest(modified), md5(etag));
    }

    private static String md5(String etag) {
        String tag = etag == null ? "" : etag.replace("\"", "");
        return tag.matches("[0-9a-f]{32}") ? tag : null;
    }
}
