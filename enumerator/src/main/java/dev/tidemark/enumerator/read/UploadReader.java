package dev.tidemark.enumerator.read;

import static dev.tidemark.schemas.Problem.Kind.STRAY;
import static dev.tidemark.schemas.Problem.Kind.SYMBOLIC_LINK;
import static dev.tidemark.schemas.Problem.Kind.UNREADABLE_UPLOAD;

import dev.tidemark.enumerator.pin.FoundLeftover;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Problem;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Child;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.Upload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads the uploads of a repository that were begun and not finished. */
final class UploadReader {

    private final Storage storage;
    private final String repository;
    private final Options options;
    private final Problems problems;
    private final List<String> left = Collections.synchronizedList(new ArrayList<>());

    /**
     * @param options that say which uploads are so old that it matters when they were begun
     */
    UploadReader(Storage storage, String repository, Options options, Problems problems) {
        this.storage = storage;
        this.repository = repository;
        this.options = options;
        this.problems = problems;
    }

    /**
     * Those that may be listed: nothing depends on the others. A run that leaves them alone does not look: each costs a
     * request or two in a bucket.
     */
    List<FoundLeftover> read() {
        if (options.leftovers() == null) {
            return List.of();
        }
        String directory = Layout.uploads(repository);
        try {
            return read(directory);
        } catch (ForbiddenException e) {
            problems.add(UNREADABLE_UPLOAD, directory, e.getMessage() + ": what is in it is left alone");
            return List.of();
        }
    }

    private List<FoundLeftover> read(String directory) {
        Listing listed = storage.listed(directory);
        List<String> ids = new ArrayList<>();
        for (Child child : listed.children(directory)) {
            String path = directory + "/" + child.name();
            switch (child.type()) {
                case DIRECTORY -> ids.add(child.name());
                case FILE, OTHER, NAMELESS ->
                    problems.leftAlone(new Problem(STRAY, path, "it is no upload"), listed, child.type());
                case LINK_OUT_OF_ROOT, LINK_IN_REGISTRY ->
                    problems.add(SYMBOLIC_LINK, path, "it is left alone, with what it leads to");
            }
        }
        return Parallel.map(ids, storage.parallelism(), id -> upload(listed, id)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<FoundLeftover> upload(Listing listed, String id) {
        Upload upload = Upload.read(storage, listed, repository, id, options::abandoned);
        if (upload.isEmpty() && upload.unreadable() == null && Layout.validUpload(id)) {
            left.add(id);
            return Optional.empty();
        }
        String unreadable =
                Layout.validUpload(id) ? upload.ageless().orElse(null) : "no registry makes an upload of that name";
        if (unreadable != null) {
            problems.add(UNREADABLE_UPLOAD, Layout.upload(repository, id), unreadable + ": it is kept");
        }
        return Optional.of(new FoundLeftover(
                Kind.UPLOAD,
                Layout.uploadDigest(repository, id),
                Layout.uploadPath(id),
                upload.modified(),
                upload.unreadable() == null
                        ? upload.bytes()
                        : listed.files(Layout.upload(repository, id)).bytes(),
                unreadable));
    }

    /** Those that have no file. */
    List<String> left() {
        return left;
    }
}
