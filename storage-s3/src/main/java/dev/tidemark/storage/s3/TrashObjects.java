package dev.tidemark.storage.s3;

import dev.tidemark.storage.objects.CopiedTrashTerms;
import dev.tidemark.storage.objects.NotThereException;
import dev.tidemark.storage.objects.TrashKeys;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;

/** The small objects with which a trash in a bucket keeps its books. */
final class TrashObjects implements CopiedTrashTerms.Books {

    private final Requests requests;
    private final String bucket;

    TrashObjects(Requests requests, String bucket) {
        this.requests = requests;
        this.bucket = bucket;
    }

    /**
     * Writes an object, or writes it anew.
     *
     * @param allowed asked before each try
     * @return its version; empty in a bucket without versioning
     */
    Optional<String> write(String key, byte[] content, BooleanSupplier allowed) {
        return Optional.ofNullable(requests.answer(
                        "write",
                        TrashKeys.PLACE,
                        client -> client.putObject(
                                request -> request.bucket(bucket).key(key).overrideConfiguration(Allowance.of(allowed)),
                                AsyncRequestBody.fromBytes(content)))
                .versionId());
    }

    @Override
    public void write(String key, byte[] content) {
        write(key, content, () -> true);
    }

    @Override
    public Optional<byte[]> read(String key) {
        try {
            return Optional.of(requests.answer(
                            "read",
                            TrashKeys.PLACE,
                            client -> client.getObject(
                                    request -> request.bucket(bucket).key(key), AsyncResponseTransformer.toBytes()))
                    .asByteArray());
        } catch (NotThereException e) {
            return Optional.empty();
        }
    }
}
