package dev.tidemark.storage.azure;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A registry in a container of a server that can be told to fail. */
abstract class RegistryInContainer {

    private static final int BLOBS = 12;

    @RegisterExtension
    static final SharedAzure SERVER = new SharedAzure();

    @TempDir
    Path directory;

    String container;
    AzureFiles files;
    RegistryOnDisk registry;
    Storage storage;
    final List<String> blobs = new ArrayList<>();

    @BeforeEach
    void aContainer() {
        container = "registry-" + UUID.randomUUID();
        files = new AzureFiles(SERVER.get(), container, "");
        registry = RegistryOnDisk.at(directory);
        registry.repo("app").tag("latest", registry.repo("app").image("image"));
        for (int i = 0; i < BLOBS; i++) {
            blobs.add(Layout.blobData(Digest.parse(registry.blob("blob" + i))));
        }
        files.follow(registry);
        storage = open("");
        SERVER.get().forgetRequests();
    }

    @AfterEach
    void close() {
        storage.close();
    }

    /** Without tries of its own beside the SDK's. */
    Storage open(String root) {
        return AzureStorage.open(AzureFiles.settings(SERVER.get(), container, root), false, new Calls(List.of()));
    }

    static void all(Predicate<Request> which, Answer answer) {
        SERVER.get().faults(request -> which.test(request) ? Optional.of(answer) : Optional.empty());
    }

    String cannot(String verb, String path) {
        return "cannot " + verb + " azure://devstoreaccount1/" + container + "/…/" + path;
    }
}
