package dev.tidemark.storage.s3;

import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.WrittenAgainException;
import dev.tidemark.storage.objects.NotThereException;
import dev.tidemark.storage.s3.CopyRequests.Source;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/**
 * Copies objects within a bucket, by requests to its server: their content does not leave it. A copy that ends without
 * a failure is proved to be whole, by its ETag or its size.
 */
final class BucketCopies {

    private static final Logger LOG = LoggerFactory.getLogger(BucketCopies.class);

    private static final int PRECONDITION_FAILED = 412;
    private static final int PARTS_AT_ONCE = 16;
    private static final int MOST_PARTS = 10_000;

    /**
     * How much is copied in a request, in bytes. S3 takes 5 GiB, and a server has to answer in the time that a request
     * may take.
     *
     * @param whole an object that is larger is copied in parts
     * @param part of such a one, at least: 5 MiB is the least that S3 takes
     */
    record Sizes(long whole, long part) {}

    static final Sizes SIZES = new Sizes(512L << 20, 256L << 20);

    private final Requests requests;
    private final BucketPages pages;
    private final String bucket;
    private final Sizes sizes;

    BucketCopies(Requests requests, BucketPages pages, String bucket, Sizes sizes) {
        this.requests = requests;
        this.pages = pages;
        this.bucket = bucket;
        this.sizes = sizes;
    }

    /**
     * The object under a key; empty if there is none.
     *
     * @param path for messages
     */
    Optional<HeadObjectResponse> look(String path, String key) {
        try {
            return Optional.of(requests.answer(
                    "look at",
                    path,
                    client ->
                            client.headObject(request -> request.bucket(bucket).key(key))));
        } catch (NotThereException e) {
            // The answer to a look has no words: something before the server may have said so.
            if (pages.listed(key).isPresent()) {
                throw new StorageException("cannot look at " + path + ": it is listed, and not found", e);
            }
            return Optional.empty();
        }
    }

    /** A version of the object under a key; empty if it has no such version. */
    Optional<HeadObjectResponse> look(String path, String key, String version) {
        try {
            return Optional.of(requests.answer(
                    "look at a version of",
                    path,
                    client -> client.headObject(
                            request -> request.bucket(bucket).key(key).versionId(version))));
        } catch (NotThereException e) {
            return Optional.empty();
        }
    }

    static Stat stat(String path, HeadObjectResponse object) {
        return BucketPages.stat(path, object.contentLength(), object.lastModified(), object.eTag());
    }

    /**
     * Copies an object.
     *
     * @param path for messages
     * @param allowed asked before each request that writes, and before each further try of it
     * @throws StorageException if it could not be copied whole, or has changed meanwhile
     */
    void copy(String path, Source from, String to, BooleanSupplier allowed) {
        try {
            copyOnce(path, from, to, allowed);
        } catch (StorageException e) {
            if (!(e.getCause() instanceof AwsServiceException why) || why.statusCode() != PRECONDITION_FAILED) {
                throw e;
            }
            requireUnchanged(path, from);
            // OpenStack Swift says this of every object that was written in parts.
            copyOnce(path, from.unconditionally(), to, allowed);
        }
    }

    private void copyOnce(String path, Source from, String to, BooleanSupplier allowed) {
        HeadObjectResponse object = from.object();
        boolean proved;
        if (object.contentLength() > sizes.whole()) {
            inParts(path, from, to, allowed);
            proved = false;
        } else {
            proved = sameContent(object, atOnce(path, from, to, allowed));
        }
        if (!proved) {
            // Ceph takes no notice of a condition.
            requireUnchanged(path, from);
            requireWhole(path, object, to);
        }
    }

    private void requireUnchanged(String path, Source from) {
        HeadObjectResponse before = from.object();
        (from.version() == null ? look(path, from.key()) : look(path, from.key(), from.version()))
                .filter(now -> Objects.equals(now.eTag(), before.eTag())
                        && Objects.equals(now.lastModified(), before.lastModified())
                        && Objects.equals(now.contentLength(), before.contentLength()))
                .orElseThrow(() -> new WrittenAgainException(
                        "cannot copy " + path + ": it was written again, or deleted, since it was looked at"));
    }

    private CopyObjectResult atOnce(String path, Source from, String to, BooleanSupplier allowed) {
        return requests.answer(
                        "copy",
                        path,
                        client -> client.copyObject(CopyRequests.whole(bucket, from, to)
                                .overrideConfiguration(Allowance.of(allowed))
                                .build()))
                .copyObjectResult();
    }

    /** An ETag tells of the content only where both were written in one piece, and their key is the server's own. */
    private static boolean sameContent(HeadObjectResponse object, CopyObjectResult copy) {
        return copy != null && copy.eTag() != null && bare(copy.eTag()).equals(bare(object.eTag()));
    }

    private static String bare(String etag) {
        return etag == null ? null : etag.replace("\"", "");
    }

    private void requireWhole(String path, HeadObjectResponse object, String to) {
        Long size = look(path, to).map(HeadObjectResponse::contentLength).orElse(null);
        if (!object.contentLength().equals(size)) {
            throw new StorageException("cannot copy " + path + ": of " + object.contentLength() + " bytes the copy has "
                    + (size == null ? "none" : size));
        }
    }

    private void inParts(String path, Source from, String to, BooleanSupplier allowed) {
        HeadObjectResponse object = from.object();
        String upload = requests.answer(
                        "copy",
                        path,
                        client -> client.createMultipartUpload(CopyRequests.begin(bucket, object, to)
                                .overrideConfiguration(Allowance.of(allowed))
                                .build()))
                .uploadId();
        try {
            long size = object.contentLength();
            long part = Math.max(sizes.part(), (size + MOST_PARTS - 1) / MOST_PARTS);
            List<Integer> numbers = IntStream.rangeClosed(1, Math.toIntExact((size + part - 1) / part))
                    .boxed()
                    .toList();
            List<CompletedPart> parts = Parallel.map(numbers, PARTS_AT_ONCE, number -> {
                long first = (number - 1) * part;
                long last = Math.min(size, first + part) - 1;
                return CompletedPart.builder()
                        .partNumber(number)
                        .eTag(part(path, from, to, upload, number, first + "-" + last, allowed))
                        .build();
            });
            requests.answer(
                    "copy",
                    path,
                    client -> client.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(to)
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(parts))
                            .overrideConfiguration(Allowance.of(allowed))));
        } catch (RuntimeException e) {
            abort(path, to, upload);
            throw e;
        }
    }

    private String part(
            String path, Source from, String to, String upload, int number, String range, BooleanSupplier allowed) {
        UploadPartCopyResponse copied = requests.answer(
                "copy",
                path,
                client -> client.uploadPartCopy(request -> request.sourceBucket(bucket)
                        .sourceKey(from.key())
                        .sourceVersionId(from.version())
                        .copySourceIfMatch(from.condition())
                        .copySourceRange("bytes=" + range)
                        .destinationBucket(bucket)
                        .destinationKey(to)
                        .uploadId(upload)
                        .partNumber(number)
                        .overrideConfiguration(Allowance.of(allowed))));
        if (copied.copyPartResult() == null || copied.copyPartResult().eTag() == null) {
            throw new StorageException(
                    "cannot copy " + path + ": the server does not say that it has copied part " + number);
        }
        return copied.copyPartResult().eTag();
    }

    /** Parts of an upload that is not completed take room until the bucket's lifecycle removes them. */
    private void abort(String path, String to, String upload) {
        try {
            requests.answer(
                    "copy",
                    path,
                    client -> client.abortMultipartUpload(
                            request -> request.bucket(bucket).key(to).uploadId(upload)));
        } catch (RuntimeException e) {
            LOG.warn("the parts of a copy of {} stay in the bucket: {}", path, e.getMessage());
        }
    }
}
