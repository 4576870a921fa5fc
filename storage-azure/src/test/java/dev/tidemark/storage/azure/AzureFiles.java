package dev.tidemark.storage.azure;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobType;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.config.StorageSettings.Azure;
import dev.tidemark.testkit.AzureServer;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A container that follows the files of a directory. */
final class AzureFiles {

    private final BlobContainerClient container;
    private final String prefix;
    private final Map<String, String> stored = new HashMap<>();

    /** @param prefix of the names */
    AzureFiles(AzureServer server, String name, String prefix) {
        container = client(server, name);
        container.createIfNotExists();
        this.prefix = prefix;
    }

    /** A client that the driver knows nothing of. */
    static BlobContainerClient client(AzureServer server, String container) {
        return new BlobContainerClientBuilder()
                .endpoint(server.directUrl())
                .containerName(container)
                .credential(new StorageSharedKeyCredential(AzureServer.ACCOUNT, AzureServer.KEY))
                .buildClient();
    }

    static StorageSettings.Azure settings(AzureServer server, String container, String root) {
        return new StorageSettings.Azure(
                AzureServer.ACCOUNT, container, root, server.url(), new Azure.SharedKey(AzureServer.KEY), false);
    }

    /** Uploads what is new, and deletes what is gone. */
    void follow(RegistryOnDisk registry) {
        Map<String, String> files = registry.snapshot();
        files.keySet().removeIf(path -> path.endsWith("/"));
        List<String> changed = files.keySet().stream()
                .filter(path -> !files.get(path).equals(stored.get(path)))
                .toList();
        Parallel.forEach(changed, 16, path -> upload(path, registry.root().resolve(path)));
        stored.keySet().stream()
                .filter(path -> !files.containsKey(path))
                .forEach(path -> container.getBlobClient(prefix + path).deleteIfExists());
        stored.clear();
        stored.putAll(files);
    }

    private void upload(String path, Path file) {
        try {
            upload(path, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As version 3 of the registry does. */
    void upload(String path, byte[] content) {
        var blob = container.getBlobClient(prefix + path).getAppendBlobClient();
        blob.create(true);
        if (content.length > 0) {
            blob.appendBlock(new ByteArrayInputStream(content), content.length);
        }
    }

    /** As version 2.8 of the registry does. */
    void uploadBlock(RegistryOnDisk registry, String path) {
        container
                .getBlobClient(prefix + path)
                .upload(BinaryData.fromFile(registry.root().resolve(path)), true);
    }

    /** What is there, by path, as {@link RegistryOnDisk#snapshot} has it. */
    Map<String, String> snapshot() {
        Map<String, String> snapshot = new TreeMap<>();
        for (BlobItem blob : container.listBlobs()) {
            snapshot.put(
                    blob.getName().substring(prefix.length()),
                    RegistryOnDisk.sha256(container
                            .getBlobClient(blob.getName())
                            .downloadContent()
                            .toBytes()));
        }
        return snapshot;
    }

    /** Removes the blobs whose names begin so. */
    void remove(String path) {
        container
                .listBlobs(new ListBlobsOptions().setPrefix(prefix + path), null)
                .forEach(blob -> container.getBlobClient(blob.getName()).delete());
    }

    /** Has a blob leased, for ever. */
    void lease(String path) {
        new BlobLeaseClientBuilder()
                .blobClient(container.getBlobClient(prefix + path))
                .buildClient()
                .acquireLease(-1);
    }

    void keepSnapshot(String path) {
        container.getBlobClient(prefix + path).createSnapshot();
    }

    BlobType type(String path) {
        return container.getBlobClient(prefix + path).getProperties().getBlobType();
    }

    long written(String path) {
        return container
                .getBlobClient(prefix + path)
                .getProperties()
                .getLastModified()
                .toInstant()
                .toEpochMilli();
    }
}
