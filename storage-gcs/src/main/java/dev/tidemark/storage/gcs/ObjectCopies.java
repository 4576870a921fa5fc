package dev.tidemark.storage.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.storage.objects.CopyingBucket.Copied;
import dev.tidemark.storage.objects.CopyingBucket.Version;
import dev.tidemark.storage.objects.RequestTries;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Copies objects within a bucket, by requests to its server: their content does not leave it. A copy that ends without
 * a failure is proved to be whole, by its size, and its MD5 where both have one.
 */
final class ObjectCopies {

    private final GcsRequests requests;
    private final GcsFailures failures;
    private final ObjectPages pages;
    private final String bucket;

    ObjectCopies(GcsRequests requests, GcsFailures failures, ObjectPages pages, String bucket) {
        this.requests = requests;
        this.failures = failures;
        this.pages = pages;
        this.bucket = bucket;
    }

    /** A large object takes several calls: each says whether it was the last one, or what the next one has to say. */
    Copied copy(String path, Version from, String to, boolean replace, BooleanSupplier allowed) {
        GcsRequest request = GcsRequest.post(
                        "copy",
                        path,
                        "objects.rewrite",
                        GcsRequest.object(bucket, from.key()) + "/rewriteTo"
                                + GcsRequest.object(bucket, to).substring("/storage/v1".length()),
                        new byte[0])
                .with("ifSourceGenerationMatch", from.version())
                .with("ifGenerationMatch", replace ? null : 0);
        String token = null;
        long before = -1;
        while (true) {
            var tries = new RequestTries(allowed);
            GcsRequest next = request.with("rewriteToken", token).ifAllowed(tries);
            GcsAnswer answer = requests.send(next);
            if (answer.status() == GcsAnswer.NOT_FOUND) {
                if (pages.listed(from.key()).isPresent()) {
                    throw failures.noAnswer(next, "it is listed, and not found");
                }
                return Copied.GONE;
            }
            if (answer.status() == GcsAnswer.PRECONDITION_FAILED) {
                Optional<GcsObject> there = replace ? Optional.empty() : pages.listed(to);
                if (there.isEmpty()) {
                    throw failures.written("copy", path);
                }
                return tries.several() && hasContent(from, there.get()) ? Copied.DONE : Copied.IN_PLACE;
            }
            if (!answer.ok()) {
                throw failures.of(next, answer);
            }
            JsonNode said = answer.json();
            if (said.path("done").asBoolean()) {
                requireWhole(next, from, GcsObject.of(said.path("resource")));
                return Copied.DONE;
            }
            long written = said.path("totalBytesRewritten").asLong(-1);
            token = said.path("rewriteToken").asText("");
            if (token.isEmpty() || written <= before) {
                throw failures.noAnswer(next, "the server does not say that it goes on, after " + before + " bytes");
            }
            before = written;
        }
    }

    /** An earlier try has copied it, if only the answer to that was lost. */
    private static boolean hasContent(Version from, GcsObject object) {
        return from.stat().size() == object.stat().size()
                && from.stat().md5() != null
                && from.stat().md5().equals(object.stat().md5());
    }

    private void requireWhole(GcsRequest request, Version from, GcsObject copy) {
        String md5 = from.stat().md5();
        boolean same = md5 == null
                || copy.stat().md5() == null
                || Objects.equals(md5, copy.stat().md5());
        if (from.stat().size() != copy.stat().size() || !same) {
            throw failures.noAnswer(
                    request,
                    "of %d bytes the copy has %d, or others"
                            .formatted(from.stat().size(), copy.stat().size()));
        }
    }
}
