package dev.tidemark.sweeper.undo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.Trash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Uploads that come back: a registry can go on with them. */
class UndoneUploadsTest extends UndoneRun {

    /** Its time is that of the undo: the next run keeps it. */
    @Test
    void anUploadComesBackAsIfItHadJustBeenGoneOnWith() {
        Path upload =
                app.upload("3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90", Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        Map<String, String> wanted = registry.snapshot();
        site.image("three");
        swept(RUN);

        Undo.Outcome outcome = undo(repositories("team/*")).restore();

        assertThat(registry.snapshot()).isEqualTo(wanted);
        assertThat(outcome.restored().count()).isEqualTo(3);
        assertThat(Duration.between(modified(upload.resolve("data")), Instant.now()))
                .isLessThan(Duration.ofHours(1));
        assertThat(said()).hasSize(3).allMatch(record -> record.kind() == Kind.UPLOAD);
    }

    /** Its start comes last: a registry that finds it goes on with what is there. */
    @Test
    void anUploadIsWholeBeforeARegistryGoesOnWithIt() {
        List<Path> uploads = IntStream.range(0, 9)
                .mapToObj(i -> app.upload(
                        "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c9" + i, Instant.now().minus(Duration.ofDays(8))))
                .toList();
        registry.age(Duration.ofDays(8));
        site.image("three");
        swept(RUN);
        List<String> starts = new ArrayList<>();
        var watched = (Trash) Proxy.newProxyInstance(
                Trash.class.getClassLoader(), new Class<?>[] {Trash.class}, (self, method, given) -> {
                    if (method.getName().equals("restoreAsOf") && ((String) given[1]).endsWith("/startedat")) {
                        starts.add((String) given[1]);
                        assertThat(uploads).allMatch(upload -> Files.exists(upload.resolve("data")));
                        assertThat(uploads).allMatch(upload -> Files.exists(upload.resolve("hashstates/sha256/10")));
                    }
                    return method.invoke(trash, given);
                });

        new Undo(storage, watched, RUN, UndoFilter.NONE, records).restore();

        assertThat(starts).hasSize(9);
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
