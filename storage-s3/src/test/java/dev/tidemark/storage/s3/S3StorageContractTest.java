package dev.tidemark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageContract;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.S3Server;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3StorageContractTest extends StorageContract {

    private S3Server server;

    @Override
    protected Path root() {
        server = S3Server.on(directory);
        return server.bucket("registry").resolve("some/root");
    }

    @Override
    protected Storage open() {
        return S3Storage.open(settings(server, "/some/root/"), new Calls());
    }

    static StorageSettings.S3 settings(S3Server server, String root) {
        return new StorageSettings.S3(
                "registry",
                root,
                S3Server.REGION,
                server.endpoint(),
                true,
                S3Server.ACCESS_KEY,
                S3Server.SECRET_KEY,
                null,
                false,
                false,
                false,
                false,
                false,
                null);
    }

    /** Or else what is listed below a directory would be looked for below the root's namesake. */
    @Test
    void theRootMayBeNamedAsADirectoryOfARegistry() {
        String manifests = Layout.manifests("team/app");
        RegistryOnDisk other = RegistryOnDisk.at(server.bucket("registry").resolve(manifests));
        other.repo("team/app").tag("latest", other.repo("team/app").image("other"));

        try (Storage storage = S3Storage.open(settings(server, "/" + manifests), new Calls())) {
            assertThat(storage.listed(manifests).children(manifests))
                    .containsExactlyInAnyOrderElementsOf(storage.children(manifests))
                    .hasSize(2);
        }
    }

    @Test
    void bucketsOfOneNameAtTwoServersAreTwoAndSoAreTwoRootsInOneBucket() {
        RegistryOnDisk.at(server.bucket("registry").resolve("other/root")).blob("other");
        try (S3Server another = S3Server.on(directory);
                Storage here = open();
                Storage below = S3Storage.open(settings(server, "other/root"), new Calls());
                Storage there = S3Storage.open(settings(another, "some/root"), new Calls())) {
            assertThat(List.of(here.identity(), below.identity(), there.identity()))
                    .doesNotHaveDuplicates();
            assertThat(here.description()).isEqualTo(there.description());
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
