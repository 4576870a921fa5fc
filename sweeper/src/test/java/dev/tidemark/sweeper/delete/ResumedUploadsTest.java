package dev.tidemark.sweeper.delete;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.FakeLane;
import dev.tidemark.sweeper.Watched;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.order.Batch;
import dev.tidemark.sweeper.order.Batch.Candidate;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.testkit.RegistryOnDisk;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that has read when an upload was begun goes on with it, though that file is gone a moment later. */
class ResumedUploadsTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final String ID = "3a1f6c2e-0b7d-4c58-9e21-5d4f8a7b6c90";
    private static final String START = Layout.uploadStart("team/app", ID);
    private static final String DATA = Layout.upload("team/app", ID) + "/data";
    private static final String STATE = Layout.uploadStates("team/app", ID) + "/sha256/10";

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private Path upload;
    private Map<String, String> before;
    private Storage storage;
    private Trash trash;

    @BeforeEach
    void anOldUpload() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        registry.repo("team/app").image("image");
        upload = registry.repo("team/app").upload(ID, Instant.now().minus(Duration.ofDays(8)));
        registry.age(Duration.ofDays(8));
        before = registry.snapshot();
        storage = FilesystemStorage.open(registry.root());
        trash = storage.trash().orElseThrow();
        trash.prepare(RUN, Duration.ofDays(1));
    }

    @Test
    void oneThatNobodyGoesOnWithIsInTheTrash() {
        assertThat(sweep(path -> {})).returns(Outcome.DELETED, DeletionRecord::outcome);

        assertThat(upload).doesNotExist();
        assertThat(taken()).containsExactlyInAnyOrder(START, DATA, STATE);
    }

    /** The registry has the file open: its bytes go where the file went. */
    @Test
    void bytesThatComeToTheFileInTheTrashBringItBack() {
        DeletionRecord said = sweep(path -> {
            if (path.equals(DATA)) {
                write(registry.root()
                        .resolve("tidemark/trash/" + RUN.text() + "/" + Layout.upload("team/app", ID) + ".data"));
            }
        });

        assertThat(said)
                .returns(Outcome.FAILED, DeletionRecord::outcome)
                .returns(WhyKept.RESUMED, DeletionRecord::why)
                .returns(0L, DeletionRecord::bytes);
        assertThat(taken()).isEmpty();
        assertThat(registry.snapshot().keySet()).isEqualTo(before.keySet());
        assertThat(upload.resolve("data")).hasContent("more");
    }

    @Test
    void aStateThatIsNewBringsItBackWithItsStartLast() {
        List<String> back = new ArrayList<>();

        DeletionRecord said = sweep(
                path -> {
                    if (path.equals(START)) {
                        write(upload.resolve("hashstates/sha256/14"));
                    }
                },
                back::add);

        assertThat(said.why()).isEqualTo(WhyKept.RESUMED);
        assertThat(back).hasSize(3).endsWith(START);
        assertThat(registry.snapshot()).containsAllEntriesOf(before);
        assertThat(upload.resolve("hashstates/sha256/14")).hasContent("more");
    }

    /** Two files of one name are no upload any more. */
    @Test
    void aFileThatIsThereAgainIsNotReplacedAndItsClientBeginsAnew() {
        DeletionRecord said = sweep(path -> {
            if (path.equals(DATA)) {
                write(upload.resolve("data"));
            }
        });

        assertThat(said).returns(Outcome.FAILED, DeletionRecord::outcome).returns(WhyKept.CUT_OFF, DeletionRecord::why);
        assertThat(upload.resolve("data")).hasContent("more");
        assertThat(upload.resolve("startedat")).doesNotExist();
    }

    /** A sweeper was killed in between, and the next one finds an upload that is young. */
    @Test
    void aFileThatAnotherTryHasTakenComesBackToAnUploadThatIsYoung() {
        trash.take(RUN, List.of(START), () -> true);
        write(upload.resolve("data"));

        assertThat(sweep(path -> {})).returns(WhyKept.RESUMED, DeletionRecord::why);

        assertThat(upload.resolve("startedat")).exists();
        assertThat(taken()).isEmpty();
    }

    @Test
    void anUploadThatCantBeTakenWholeComesBack() {
        Trash broken = trash((paths, taking) -> {
            Map<String, StorageException> failures = new LinkedHashMap<>();
            for (String path : paths) {
                if (path.equals(DATA)) {
                    failures.put(path, new StorageException("slow down"));
                } else {
                    failures.putAll(taking.apply(path));
                }
            }
            return failures;
        });

        assertThat(sweep(storage, Optional.of(broken))).returns(Outcome.FAILED, DeletionRecord::outcome);

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    /** Nothing brings back its start, and so the rest is left: it goes by its age. */
    @Test
    void withoutATrashTheRestIsLeft() {
        var watched = new Watched(storage);
        watched.afterDeletion = path -> write(upload.resolve("data"));

        assertThat(sweep(watched, Optional.empty()))
                .returns(Outcome.FAILED, DeletionRecord::outcome)
                .returns(WhyKept.CUT_OFF, DeletionRecord::why);

        assertThat(upload.resolve("startedat")).doesNotExist();
        assertThat(upload.resolve("data")).hasContent("more");
        assertThat(upload.resolve("hashstates/sha256/10")).exists();
    }

    /** @param afterTaking called with each file that is in the trash */
    private DeletionRecord sweep(Consumer<String> afterTaking) {
        return sweep(afterTaking, path -> {});
    }

    private DeletionRecord sweep(Consumer<String> afterTaking, Consumer<String> beforeRestoring) {
        return sweep(
                storage,
                Optional.of(trash(
                        (paths, taking) -> {
                            Map<String, StorageException> failures = new LinkedHashMap<>();
                            for (String path : paths) {
                                failures.putAll(taking.apply(path));
                                afterTaking.accept(path);
                            }
                            return failures;
                        },
                        beforeRestoring)));
    }

    private DeletionRecord sweep(Storage through, Optional<Trash> to) {
        long now = Instant.now().toEpochMilli();
        var options = new Options(
                now - Duration.ofDays(1).toMillis(),
                false,
                false,
                now - Duration.ofDays(7).toMillis());
        var deleter = new Deleter(
                through,
                to,
                new Requested(RUN, 0, options, 75, "test", null, null, null),
                Rescued.NOTHING,
                new CachePurge(Optional.empty()));
        var eligible = new Eligible(
                RUN,
                Kind.UPLOAD,
                Layout.uploadDigest("team/app", ID),
                "team/app",
                null,
                Layout.uploadPath(ID),
                7,
                "test",
                0,
                List.of(),
                RUN);
        var batch = new Batch(List.of(new Candidate(eligible, false, false)), to.map(trash -> Duration.ofDays(1)));
        try {
            assertThat(deleter.delete(batch, new FakeLane(0))).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return batch.done(0).getFirst().deletion();
    }

    /** Takes files, one by one or not at all. */
    private interface Taking {
        Map<String, StorageException> all(
                Collection<String> paths, Function<String, Map<String, StorageException>> taking);
    }

    private Trash trash(Taking how) {
        return trash(how, path -> {});
    }

    @SuppressWarnings("unchecked")
    private Trash trash(Taking how, Consumer<String> beforeRestoring) {
        return (Trash) Proxy.newProxyInstance(
                Trash.class.getClassLoader(),
                new Class<?>[] {Trash.class},
                (self, method, given) -> switch (method.getName()) {
                    case "take" ->
                        how.all((Collection<String>) given[1], path -> trash.take(RUN, List.of(path), () -> true));
                    case "restore" -> {
                        beforeRestoring.accept((String) given[1]);
                        yield method.invoke(trash, given);
                    }
                    default -> method.invoke(trash, given);
                });
    }

    private List<String> taken() {
        List<String> taken = new ArrayList<>();
        trash.files(RUN, file -> taken.add(file.path()));
        return taken;
    }

    private static void write(Path file) {
        RegistryOnDisk.write(file, "more".getBytes(StandardCharsets.UTF_8));
        assertThat(Files.exists(file)).isTrue();
    }
}
