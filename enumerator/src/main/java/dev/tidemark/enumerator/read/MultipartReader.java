package dev.tidemark.enumerator.read;

import static dev.tidemark.schemas.Problem.Kind.UNLISTED_MULTIPARTS;
import static dev.tidemark.schemas.Problem.Kind.UNREADABLE_UPLOAD;

import dev.tidemark.enumerator.pin.FoundLeftover;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Multiparts;
import dev.tidemark.storage.Multiparts.Begun;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.storage.layout.LayoutEntry.NamedUpload;
import dev.tidemark.storage.objects.PartedObject;
import dev.tidemark.storage.objects.PartedUpload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the multipart uploads of a bucket that nobody has completed. */
public final class MultipartReader {

    private final Storage storage;
    private final Multiparts multiparts;
    private final Options options;
    private final Problems problems;

    /**
     * @param options that say which are so old that it matters whether somebody goes on with them
     */
    public MultipartReader(Storage storage, Multiparts multiparts, Options options, Problems problems) {
        this.storage = storage;
        this.multiparts = multiparts;
        this.options = options;
        this.problems = problems;
    }

    /**
     * Reads all of them: first those that are in no repository, then by repository. A server that does not list them
     * stops no run: nothing depends on them.
     *
     * @param to takes each, with the name of its repository, or null
     */
    public void read(BiConsumer<String, FoundLeftover> to) {
        List<Begun> all;
        try {
            all = multiparts.all();
        } catch (ForbiddenException e) {
            problems.add(UNLISTED_MULTIPARTS, storage.description(), e.getMessage() + ": they are left alone");
            return;
        }
        Map<String, List<Begun>> byRepository = all.stream()
                .collect(Collectors.groupingBy(
                        begun -> LayoutEntry.uploadOf(begun.path())
                                .map(NamedUpload::repository)
                                .orElse(""),
                        TreeMap::new,
                        Collectors.toList()));
        byRepository.forEach((repository, some) -> {
            // One look at all its uploads, and only if any matters.
            Map<String, Listing> listed = new ConcurrentHashMap<>();
            Function<String, Listing> uploads =
                    directory -> listed.computeIfAbsent(Layout.uploads(repository), storage::listed);
            Parallel.map(some, storage.parallelism(), begun -> found(begun, repository, uploads)).stream()
                    .flatMap(Optional::stream)
                    .forEach(found -> to.accept(repository.isEmpty() ? null : repository, found));
        });
    }

    private Optional<FoundLeftover> found(Begun begun, String repository, Function<String, Listing> uploads) {
        return PartedUpload.read(storage, multiparts, begun, uploads, options::abandoned)
                .map(upload -> {
                    String path = repository.isEmpty()
                            ? begun.name()
                            : begun.name()
                                    .substring(Layout.repository(repository).length() + 1);
                    if (upload.unreadable() != null) {
                        problems.add(UNREADABLE_UPLOAD, begun.name(), upload.unreadable() + ": it is kept");
                    }
                    return new FoundLeftover(
                            Kind.MULTIPART,
                            Layout.leftoverDigest(repository.isEmpty() ? null : repository, path),
                            path,
                            upload.modified(),
                            upload.bytes(),
                            PartedObject.at(begun.path()).isPresent()
                                    ? upload.unreadable()
                                    : "no registry writes that in parts");
                });
    }
}
