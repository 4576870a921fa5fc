package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Images, as a client gets them from the real registry. */
final class Pulled {

    private Pulled() {}

    /** The repositories in the registry's catalog. */
    static List<String> repositories(DockerRegistry registry) {
        return list(registry, "_catalog", "repositories");
    }

    /** The tags of a repository. */
    static List<String> tags(DockerRegistry registry, String repository) {
        return list(registry, repository + "/tags/list", "tags");
    }

    private static List<String> list(DockerRegistry registry, String path, String field) {
        var request = HttpRequest.newBuilder(URI.create("http://" + registry.address() + "/v2/" + path))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new AssertionError(path + ": " + answer.statusCode());
            }
            List<String> names = new ArrayList<>();
            json(answer.body()).path(field).forEach(name -> names.add(name.asText()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that belongs to an image that a tag names, by repository and digest: each manifest, config and layer. */
    static Map<String, byte[]> of(DockerRegistry registry, String reference) {
        String repository = reference.substring(0, reference.indexOf(':'));
        Map<String, byte[]> all = new HashMap<>();
        pull(registry, repository, reference.substring(reference.indexOf(':') + 1), all);
        return all;
    }

    private static void pull(DockerRegistry registry, String repository, String reference, Map<String, byte[]> all) {
        byte[] manifest = registry.manifest(repository, reference)
                .orElseThrow(() -> new AssertionError("gone: " + repository + " " + reference));
        all.put(repository + "@" + RegistryOnDisk.sha256(manifest), manifest);
        var json = json(manifest);
        json.path("manifests")
                .forEach(
                        child -> pull(registry, repository, child.path("digest").asText(), all));
        if (json.has("config")) {
            String digest = json.at("/config/digest").asText();
            all.put(repository + "@" + digest, blob(registry, repository, digest));
        }
        json.path("layers").forEach(layer -> {
            String digest = layer.path("digest").asText();
            all.put(repository + "@" + digest, blob(registry, repository, digest));
        });
    }

    private static byte[] blob(DockerRegistry registry, String repository, String digest) {
        return registry.blob(repository, digest)
                .orElseThrow(() -> new AssertionError("gone: " + repository + "@" + digest));
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return JsonSerde.MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
