package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Links as they are written to a filesystem. */
class LinkOnFilesystemTest extends RegistryOnFilesystem {

    @Test
    void aLinkThatIsWrittenHasTheOwnerAndTheRightsOfItsDirectory() throws IOException {
        Files.setPosixFilePermissions(
                registry.repo("app").directory().resolve("_layers"), PosixFilePermissions.fromString("rwxr-x---"));
        Digest other = Digest.parse(registry.blob("other"));
        String written = Layout.layer("app", other) + "/link";

        assertThat(open().link(written, other)).isTrue();

        Path file = registry.base().resolve(written);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent()))
                        .replace('x', '-'));
        assertThat(Files.getOwner(file)).isEqualTo(Files.getOwner(file.getParent()));
    }

    /** The registry reads no such file. */
    @Test
    void aKilledProcessesUnfinishedLinkGoesAfterAnHour() throws IOException {
        Digest digest = Digest.parse(blob);
        Path left = unfinished(Duration.ofHours(2));
        Path underWay = unfinished(Duration.ZERO);
        Path anothers = left.resolveSibling("link.old");
        RegistryOnDisk.write(anothers, new byte[0]);
        delete(open(), link);

        assertThat(open().link(link, digest)).isTrue();

        assertThat(left).doesNotExist();
        assertThat(underWay).exists();
        assertThat(anothers).exists();
    }

    @Test
    void itDoesNotKeepItsDirectory() throws IOException {
        unfinished(Duration.ofHours(2));
        delete(open(), link);

        open().prune(Layout.layer("app", Digest.parse(blob)), Layout.REPOSITORIES);

        assertThat(registry.repo("app").directory()).doesNotExist();
    }

    private Path unfinished(Duration age) throws IOException {
        Path file = registry.base().resolve(link + "." + UUID.randomUUID());
        RegistryOnDisk.write(file, new byte[0]);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return file;
    }

    @Test
    void noLinkIsWrittenBehindASymbolicLink() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.createSymbolicLink(registry.base().resolve("repositories/linked"), outside);
        Digest digest = Digest.parse(blob);

        assertThatExceptionOfType(ForbiddenException.class)
                .isThrownBy(() -> open().link(Layout.layer("linked", digest) + "/link", digest));
        assertThat(registry.data(blob)).exists();
    }
}
