package dev.tidemark.sweeper.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.storage.config.InvalidConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The credentials in a file like docker's {@code config.json}.
 *
 * @see <a href="https://docs.docker.com/reference/cli/docker/login/">docker login</a>
 * @see <a href="https://github.com/docker/cli/blob/v28.0.0/cli/config/types/authconfig.go">authconfig.go</a>
 */
final class DockerConfig {

    private final Path file;
    private final JsonNode content;

    private DockerConfig(Path file, JsonNode content) {
        this.file = file;
        this.content = content;
    }

    /** @throws InvalidConfigurationException if it can't be read, or is no such file */
    static DockerConfig read(Path file) {
        try {
            JsonNode content = JsonSerde.MAPPER.readTree(Files.readAllBytes(file));
            if (!content.path("auths").isObject()) {
                throw new InvalidConfigurationException(
                        file + " has no object 'auths': write it as docker's config.json");
            }
            return new DockerConfig(file, content);
        } catch (JsonProcessingException e) {
            // Its message may quote a secret.
            throw new InvalidConfigurationException(file + " is not JSON, at line "
                    + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw new InvalidConfigurationException(
                    file + " can't be read: " + (Files.exists(file) ? e.getMessage() : "there is no such file"));
        }
    }

    /**
     * The credentials for a host and port; none if the file has none.
     *
     * @throws InvalidConfigurationException if they are somewhere else, or can't be read
     */
    Credentials of(URI url) {
        String host = url.getRawAuthority();
        Optional<JsonNode> entry = content.path("auths").properties().stream()
                .filter(each -> host(each.getKey()).equalsIgnoreCase(host))
                .map(Map.Entry::getValue)
                .findFirst();
        Credentials credentials = entry.map(node -> credentials(node, host)).orElse(Credentials.NONE);
        if (credentials.equals(Credentials.NONE)
                && (content.path("credHelpers").has(host) || (entry.isPresent() && content.has("credsStore")))) {
            throw new InvalidConfigurationException(
                    file + " leaves the credentials of " + host + " to a program: write them into a file of their own");
        }
        return credentials;
    }

    /** A key may be a URL. */
    private static String host(String key) {
        return key.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    }

    private Credentials credentials(JsonNode entry, String host) {
        String user = text(entry, "username");
        String password = text(entry, "password");
        String auth = text(entry, "auth");
        if (auth != null) {
            String[] parts = decoded(auth, host).split(":", 2);
            if (parts.length < 2) {
                throw notReadable(host);
            }
            user = parts[0];
            // Docker pads it so where there is an identity token.
            password = parts[1].replaceAll("\0+$", "");
        }
        return new Credentials(user, password, text(entry, "identitytoken"), text(entry, "registrytoken"));
    }

    private String decoded(String auth, String host) {
        try {
            return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw notReadable(host);
        }
    }

    private InvalidConfigurationException notReadable(String host) {
        return new InvalidConfigurationException(file + ": 'auth' of " + host + " is not the base64 of user:password");
    }

    private static String text(JsonNode entry, String name) {
        String text = entry.path(name).asText("");
        return text.isEmpty() ? null : text;
    }
}
