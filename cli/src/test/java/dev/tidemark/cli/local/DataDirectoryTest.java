package dev.tidemark.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    private Path temporary;

    private Path directory;
    private Path registry;

    @BeforeEach
    void aRegistry() throws IOException {
        directory = temporary.toRealPath();
        registry = Files.createDirectories(directory.resolve("registry"));
    }

    @AfterEach
    void theLocksAmongTheTemporaryFiles() throws IOException {
        try (var locks = Files.newDirectoryStream(
                Path.of(System.getProperty("java.io.tmpdir")), "tidemark-*-" + directory.getFileName() + "-*.lock")) {
            for (Path lock : locks) {
                Files.delete(lock);
            }
        }
    }

    @Test
    void twoRunsOfOneRegistryExcludeEachOther() {
        Path state = directory.resolve("state");

        try (var held = open("one", state)) {
            assertThat(held.note()).isEmpty();
            assertThatThrownBy(() -> open("other", state))
                    .isInstanceOf(CollectionException.class)
                    .hasMessageContaining("is under way");
        }
        open("other", state).close();
    }

    @Test
    void bucketsOfOneNameAtTwoServersHaveTwoDirectoriesAndTwoLocks() {
        Map<String, String> environment = environment(directory.resolve("state"));
        try (var here = DataDirectory.open(Optional.empty(), "s3://registry/ at one:9000", environment);
                var there = DataDirectory.open(Optional.empty(), "s3://registry/ at other:9000", environment)) {
            assertThat(here.path()).isNotEqualTo(there.path());
        }
    }

    @Test
    void twoRunsOfOneRegistryExcludeEachOtherWithoutAStateDirectory() throws IOException {
        Path none = Files.createFile(directory.resolve("file"));

        try (var held = open("one", none)) {
            assertThat(held.note().orElseThrow()).contains(none.toString(), "XDG_STATE_HOME");
            assertThatThrownBy(() -> open("other", none))
                    .isInstanceOf(CollectionException.class)
                    .hasMessageContaining("is under way");
        }
        open("other", none).close();
    }

    @Test
    void nothingIsMadeInTheRegistrysOwnStorage() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("home"), registry);

        open("data", registry.resolve(".local/state")).close();
        open("data", link.resolve(".local/state")).close();

        assertThat(registry).isEmptyDirectory();
        assertThatThrownBy(() -> DataDirectory.open(
                        Optional.empty(), registry.toString(), environment(link.resolve(".local/state"))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("lies in the registry's own storage");
        assertThat(registry).isEmptyDirectory();
    }

    @Test
    void aLockThatIsSomebodyElsesIsNotPassedBy() throws IOException {
        Path state = directory.resolve("state");
        Path lock = Files.createDirectories(
                state.resolve("tidemark/locks").resolve(DataDirectory.id(registry.toString()) + ".lock"));

        assertThatThrownBy(() -> open("data", state))
                .isInstanceOf(CollectionException.class)
                .hasMessageContainingAll(lock.toString(), "XDG_STATE_HOME");
    }

    @Test
    void theDirectoryThatCannotBeUsedIsNamed() throws IOException {
        Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> open("file/data", directory.resolve("state")))
                .isInstanceOf(CollectionException.class)
                .hasMessageContainingAll(
                        directory.resolve("file/data") + " cannot be used as the data directory", "--data-dir");
    }

    private DataDirectory open(String data, Path state) {
        return DataDirectory.open(Optional.of(directory.resolve(data)), registry.toString(), environment(state));
    }

    private static Map<String, String> environment(Path state) {
        return Map.of("XDG_STATE_HOME", state.toString());
    }
}
