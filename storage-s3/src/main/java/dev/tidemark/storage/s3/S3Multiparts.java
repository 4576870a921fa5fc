package dev.tidemark.storage.s3;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.NotThereException;
import dev.tidemark.storage.objects.ObjectStorage;
import dev.tidemark.storage.objects.RootPrefix;
import dev.tidemark.storage.objects.TrashKeys;
import dev.tidemark.storage.objects.WrittenAt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/** The multipart uploads of a bucket of S3. */
final class S3Multiparts implements Multiparts {

    /** As many as S3 says at once. */
    static final int MOST = 1000;

    static final String LIST = "list the multipart uploads of";
    static final String PARTS = "list the parts of";
    static final String ABORT = "delete a multipart upload of";

    /** The calls whose answer may be that there is no such upload. */
    static final Set<String> OF_ONE = Set.of(PARTS, ABORT);

    private final Calls calls;
    private final Requests requests;
    private final String bucket;
    private final RootPrefix root;
    private final int most;

    /** @param most how many uploads, or parts, a page has */
    S3Multiparts(Calls calls, Requests requests, String bucket, RootPrefix root, int most) {
        this.calls = calls;
        this.requests = requests;
        this.bucket = bucket;
        this.root = root;
        this.most = most;
    }

    @Override
    public List<Begun> all() {
        List<Begun> all = new ArrayList<>(below("", root.base()));
        all.addAll(below("/" + TrashKeys.PLACE, TrashKeys.in(root.text()).top()));
        return all;
    }

    @Override
    public List<Begun> of(String path) {
        return below(path, root.key(path)).stream()
                .filter(begun -> begun.path().equals(path))
                .toList();
    }

    /** @param path for messages */
    private List<Begun> below(String path, String prefix) {
        return offered(LIST, path, () -> {
            List<Begun> all = new ArrayList<>();
            var request = ListMultipartUploadsRequest.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .maxUploads(most);
            ListMultipartUploadsResponse page;
            do {
                ListMultipartUploadsRequest next = request.build();
                page = requests.answer(LIST, path, client -> client.listMultipartUploads(next));
                require(path, prefix, next, page);
                page.uploads().forEach(upload -> all.add(begun(upload)));
                request.keyMarker(page.nextKeyMarker()).uploadIdMarker(page.nextUploadIdMarker());
            } while (page.isTruncated());
            return all;
        });
    }

    /** A page that nobody has written as such a listing would say that there are none. */
    private static void require(
            String path, String prefix, ListMultipartUploadsRequest asked, ListMultipartUploadsResponse page) {
        String where = "cannot " + LIST + " " + prefix + ": ";
        if (page.bucket() == null || page.isTruncated() == null) {
            throw new ForbiddenException(where + "the server answers with something else");
        }
        for (MultipartUpload upload : page.uploads()) {
            if (!upload.key().startsWith(prefix) || upload.uploadId() == null || upload.initiated() == null) {
                throw new StorageException(
                        where + "the server answers with something else, or does not say when " + path + " was begun");
            }
        }
        if (page.isTruncated()
                && (page.nextKeyMarker() == null
                        || (page.nextKeyMarker().equals(asked.keyMarker())
                                && Objects.equals(page.nextUploadIdMarker(), asked.uploadIdMarker())))) {
            throw new StorageException(where + "there is more, and the server does not say where it goes on");
        }
    }

    private Begun begun(MultipartUpload upload) {
        String key = upload.key();
        String path = key.startsWith(root.base())
                ? key.substring(root.base().length())
                : "/" + key.substring(root.text().length());
        return new Begun(path, upload.uploadId(), WrittenAt.latest(upload.initiated()));
    }

    @Override
    public Optional<Parts> parts(Begun upload) {
        return offered(PARTS, upload.path(), () -> {
            var request = ListPartsRequest.builder()
                    .bucket(bucket)
                    .key(root.key(upload.path()))
                    .uploadId(upload.id())
                    .maxParts(most);
            long bytes = 0;
            long modified = 0;
            ListPartsResponse page;
            do {
                ListPartsRequest next = request.build();
                try {
                    page = requests.answer(PARTS, upload.path(), client -> client.listParts(next));
                } catch (NotThereException e) {
                    return Optional.empty();
                }
                for (Part part : page.parts()) {
                    bytes += part.size();
                    modified = Math.max(modified, WrittenAt.latest(part.lastModified()));
                }
                requireNext(upload, next, page);
                request.partNumberMarker(page.nextPartNumberMarker());
            } while (page.isTruncated());
            return Optional.of(new Parts(bytes, modified));
        });
    }

    /** Parts that are left out may be the young ones. */
    private static void requireNext(Begun upload, ListPartsRequest asked, ListPartsResponse page) {
        if (page.isTruncated() == null
                || (page.isTruncated()
                        && (page.nextPartNumberMarker() == null
                                || page.nextPartNumberMarker().equals(asked.partNumberMarker())))) {
            throw new StorageException("cannot " + PARTS + " " + upload.path()
                    + ": the server does not say whether these are all, or where it goes on");
        }
    }

    private <T> T offered(String verb, String path, Supplier<T> call) {
        return calls.answer(verb, path, () -> {
            try {
                return call.get();
            } catch (StorageException e) {
                throw S3Failures.notOffered(e) ? new ForbiddenException(e.getMessage()) : e;
            }
        });
    }

    @Override
    public Map<String, StorageException> abort(Collection<String> names, BooleanSupplier allowed) {
        Map<String, StorageException> failed = new LinkedHashMap<>();
        List<Optional<StorageException>> failures =
                Parallel.map(List.copyOf(names), ObjectStorage.CALLS_AT_ONCE, name -> abort(name, allowed));
        int index = 0;
        for (String name : names) {
            failures.get(index++).ifPresent(failure -> failed.put(name, failure));
        }
        return failed;
    }

    private Optional<StorageException> abort(String name, BooleanSupplier allowed) {
        int id = name.lastIndexOf(ID);
        String path = name.substring(0, id);
        try {
            calls.answer(
                    ABORT,
                    path,
                    () -> requests.answer(
                            ABORT,
                            path,
                            client -> client.abortMultipartUpload(request -> request.bucket(bucket)
                                    .key(root.key(path))
                                    .uploadId(name.substring(id + ID.length()))
                                    .overrideConfiguration(Allowance.of(allowed)))));
            return Optional.empty();
        } catch (NotThereException e) {
            return Optional.empty();
        } catch (StorageException e) {
            return Optional.of(e);
        }
    }
}
