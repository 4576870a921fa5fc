package dev.tidemark.storage.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.KeyListing;
import dev.tidemark.storage.objects.KeyOrder;
import dev.tidemark.storage.objects.LastSeen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The pages of a bucket's listings. A page that is cut short, or is no page of the names that were asked for, is never
 * taken for a whole one.
 */
final class ObjectPages implements KeyListing.Pages {

    private static final String FIELDS = "kind,nextPageToken,prefixes,items(" + GcsObject.FIELDS + ")";

    private final GcsRequests requests;
    private final GcsFailures failures;
    private final LastSeen lastSeen;
    private final String bucket;
    private final String base;

    /** @param base what the names of all paths begin with */
    ObjectPages(GcsRequests requests, GcsFailures failures, LastSeen lastSeen, String bucket, String base) {
        this.requests = requests;
        this.failures = failures;
        this.lastSeen = lastSeen;
        this.bucket = bucket;
        this.base = base;
    }

    /**
     * @param prefixes of groups of names, up to the delimiter and with it
     * @param next where the listing goes on, or null at its end
     */
    record Page(List<GcsObject> objects, List<String> prefixes, String next) {}

    /**
     * What is listed.
     *
     * @param delimiter that ends a group of names; null for none
     * @param from only names from it on; null for all
     * @param most objects and groups of a page; null for as many as the server gives
     */
    record Query(String prefix, String delimiter, String from, Integer most) {}

    /**
     * One page after the other, as long as there are more. A page may have no names and not be the last.
     *
     * @param goOn takes a page, and says whether the next one is wanted
     */
    void each(Query query, Predicate<Page> goOn) {
        var names = new KeyOrder(null);
        var groups = new KeyOrder(null);
        String token = null;
        do {
            Page page = page(query, token);
            if (token != null || page.next() != null) {
                names.page(page.objects().stream().map(GcsObject::name).toList());
                groups.page(page.prefixes());
            }
            token = goOn.test(page) ? page.next() : null;
        } while (token != null);
    }

    /** How many names there are with the prefix, and groups of them, until there are as many as the limit. */
    int count(String prefix, String delimiter, int limit) {
        int[] count = {0};
        each(new Query(prefix, delimiter, null, limit), page -> {
            count[0] += page.objects().size() + page.prefixes().size();
            return count[0] < limit;
        });
        return Math.min(limit, count[0]);
    }

    /** One object, by a listing; empty if it is not there. */
    Optional<GcsObject> listed(String name) {
        List<GcsObject> found = new ArrayList<>(1);
        each(new Query(name, null, null, 1), page -> {
            page.objects().stream().filter(object -> object.name().equals(name)).forEach(found::add);
            return page.objects().isEmpty();
        });
        found.forEach(this::seen);
        if (found.isEmpty()) {
            lastSeen.absent(name);
        }
        return found.stream().findFirst();
    }

    /** GCS lists from a name on, and with it. A listing that goes on has to be asked for in the same way. */
    @Override
    public KeyListing.Page get(String prefix, String after, String token) {
        Page page = page(new Query(prefix, null, after, null), token);
        if (token == null && page.next() == null) {
            // The little that a sweep looks at together before it deletes some of it.
            page.objects().forEach(object -> lastSeen.listed(object.name(), object.generation()));
        }
        return new KeyListing.Page(
                page.objects().stream()
                        .filter(object -> !object.name().equals(after))
                        .map(object -> new KeyListing.Object(object.name(), object.stat()))
                        .toList(),
                page.next());
    }

    /** An object that was looked at: as it was, it may be deleted. */
    void seen(GcsObject object) {
        lastSeen.looked(object.name(), object.generation());
    }

    private Page page(Query query, String token) {
        String path = query.prefix().startsWith(base) ? query.prefix().substring(base.length()) : query.prefix();
        GcsRequest request = GcsRequest.get("list", path, "objects.list", GcsRequest.objects(bucket))
                .with("prefix", query.prefix())
                .with("delimiter", query.delimiter())
                .with("startOffset", query.from())
                .with("maxResults", query.most())
                .with("pageToken", token)
                .with("fields", FIELDS);
        JsonNode answer = requests.done(request).json();
        // What nobody has written as a listing could be read as one of nothing, and what is not listed holds nothing.
        if (!answer.path("kind").asText("").equals("storage#objects")) {
            throw failures.noAnswer(request, "what is answered is no listing");
        }
        Page page = new Page(
                elements(answer.path("items")).map(GcsObject::of).toList(),
                elements(answer.path("prefixes")).map(JsonNode::asText).toList(),
                answer.hasNonNull("nextPageToken")
                        ? answer.path("nextPageToken").asText()
                        : null);
        if (page.next() != null && (page.next().isEmpty() || page.next().equals(token))) {
            throw failures.noAnswer(
                    request, "the listing was cut short: there is more, and the server does not say where it goes on");
        }
        Stream.concat(page.objects().stream().map(GcsObject::name), page.prefixes().stream())
                .filter(name -> !name.startsWith(query.prefix()))
                .findFirst()
                .ifPresent(name -> {
                    throw failures.noAnswer(
                            request, "the server answers with something else, “" + name + "” was not asked for");
                });
        return page;
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        if (!list.isMissingNode() && !list.isArray()) {
            throw new StorageException("what is answered is no listing: there is no list in it");
        }
        return StreamSupport.stream(list.spliterator(), false);
    }
}
