package dev.tidemark.testkit.live;

import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks whether a pushed image is whole in a registry's storage, as a registry that remembers nothing would see it. */
final class ImageOnDisk {

    private final RegistryOnDisk registry;

    ImageOnDisk(RegistryOnDisk registry) {
        this.registry = registry;
    }

    /** The first file that is not as it has to be. */
    Optional<Path> missing(Push push) {
        RepositoryOnDisk repository = registry.repo(push.repository());
        Path tag = repository.currentLink(push.tag());
        return holds(tag, push.image().digest()) ? missing(repository, push.image()) : Optional.of(tag);
    }

    private Optional<Path> missing(RepositoryOnDisk repository, TinyImage image) {
        Optional<Path> ofItself = Stream.of(repository.revision(image.digest()), registry.data(image.digest()))
                .filter(file -> !holds(file, file.endsWith("data") ? image.manifest() : image.digest()))
                .findFirst();
        return ofItself.or(() -> image.blobs().stream()
                        .flatMap(blob -> missingBlob(repository, blob).stream())
                        .findFirst())
                .or(() -> image.images().stream()
                        .flatMap(child -> missing(repository, child).stream())
                        .findFirst());
    }

    private Optional<Path> missingBlob(RepositoryOnDisk repository, String blob) {
        String digest = TinyImage.digest(blob);
        Path link = repository.layerPath(digest);
        Path data = registry.data(digest);
        if (!holds(link, digest)) {
            return Optional.of(link);
        }
        return holds(data, blob) ? Optional.empty() : Optional.of(data);
    }

    private static boolean holds(Path file, String content) {
        try {
            return Files.readString(file).equals(content);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
