package dev.tidemark.storage.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.ManifestTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Parses manifests as the registry does, and stops at anything that could be read in two ways: a manifest of which too
 * little is understood would lose what it references.
 *
 * <p>Sources: OCI image spec, manifest.md and image-index.md; distribution, {@code manifest/} and
 * {@code registry/storage/manifeststore.go}.
 */
public final class ManifestParser {

    private static final String SCHEMA_1 = ManifestTypes.SCHEMA_1_PREFIX + "json";
    private static final String SIGNED_SCHEMA_1 = ManifestTypes.SCHEMA_1_PREFIX + "prettyjws";

    /** The keys that decide what a manifest keeps, and what keeps it, by how the registry and clients read them. */
    private static final Map<String, String> DECISIVE =
            byFolded("schemaVersion", "mediaType", "config", "layers", "manifests", "fsLayers", "blobs", "subject");

    private static final Map<String, String> DECISIVE_IN_DESCRIPTOR =
            byFolded("digest", "mediaType", "urls", "blobSum");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ManifestParser() {}

    /** Parses a manifest. Any bytes have an answer. */
    public static ManifestContent parse(byte[] bytes) {
        JsonNode manifest;
        try {
            manifest = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            return new ManifestContent.Doubtful(
                    null, "it is not well-formed JSON: " + firstLine(e.getOriginalMessage()), named(bytes));
        } catch (IOException e) {
            return new ManifestContent.Doubtful(null, "it cannot be read: " + firstLine(e.getMessage()), named(bytes));
        }
        if (manifest == null || !manifest.isObject()) {
            return new ManifestContent.Doubtful(
                    null, bytes.length == 0 ? "it is empty" : "it is no JSON object", named(bytes));
        }
        String mediaType = manifest.path("mediaType").asText(null);
        try {
            return understood(manifest);
        } catch (DoubtException doubt) {
            Set<Digest> named = named(bytes);
            collectNamed(manifest, named);
            return new ManifestContent.Doubtful(mediaType, doubt.getMessage(), named);
        }
    }

    /** The digests that occur in the bytes, whatever the bytes are. */
    public static Set<Digest> named(byte[] bytes) {
        var scan = new DigestScan();
        scan.feed(bytes, bytes.length);
        return scan.found();
    }

    /**
     * The signed content of a schema 1 manifest without its signatures: what its digest is the digest of
     * (distribution, {@code docs/spec/manifest-v2-1.md}, "Signed Manifests").
     */
    static Optional<byte[]> unsignedSchema1(byte[] bytes) {
        try {
            JsonNode manifest = JSON.readTree(bytes);
            JsonNode header = manifest.path("signatures").path(0).path("protected");
            if (!header.isTextual()) {
                return Optional.empty();
            }
            JsonNode format = JSON.readTree(Base64.getUrlDecoder().decode(header.textValue()));
            int length = format.path("formatLength").asInt(-1);
            byte[] tail =
                    Base64.getUrlDecoder().decode(format.path("formatTail").asText(""));
            if (length < 0 || length > bytes.length) {
                return Optional.empty();
            }
            byte[] payload = java.util.Arrays.copyOf(bytes, length + tail.length);
            System.arraycopy(tail, 0, payload, length, tail.length);
            return Optional.of(payload);
        } catch (IOException | IllegalArgumentException e) {
            // Not signed in any way that we know: its bytes then have to match by themselves.
            return Optional.empty();
        }
    }

    /** Why a manifest can't be taken at its word. */
    private static final class DoubtException extends Exception {
        private static final long serialVersionUID = 1;

        DoubtException(String why) {
            super(why, null, false, false);
        }
    }

    private static ManifestContent understood(JsonNode manifest) throws DoubtException {
        refuseLookalikes(manifest, DECISIVE);
        String declared = text(manifest, "mediaType");
        int version = manifest.path("schemaVersion").isInt()
                ? manifest.get("schemaVersion").intValue()
                : -1;
        boolean manifests = has(manifest, "manifests");
        boolean layers = has(manifest, "layers");
        boolean config = has(manifest, "config");
        boolean fsLayers = has(manifest, "fsLayers");
        boolean blobs = has(manifest, "blobs");
        if ((manifests ? 1 : 0) + (layers || config ? 1 : 0) + (fsLayers ? 1 : 0) + (blobs ? 1 : 0) > 1) {
            throw new DoubtException("it is more than one kind of manifest at once");
        }
        String mediaType = declared != null ? declared : undeclared(version, manifests, layers, fsLayers);
        Digest subject = has(manifest, "subject") ? digest(manifest.get("subject"), "digest") : null;
        switch (mediaType) {
            case ManifestTypes.DOCKER_INDEX, ManifestTypes.OCI_INDEX -> {
                require(version == 2, "its schemaVersion is not 2");
                require(manifests, "it is an index without manifests");
                return descriptors(mediaType, manifest.get("manifests"), null, subject);
            }
            case ManifestTypes.DOCKER_IMAGE, ManifestTypes.OCI_IMAGE -> {
                require(version == 2, "its schemaVersion is not 2");
                require(config, "it is an image without config");
                require(manifest.has("layers"), "it is an image without layers");
                return descriptors(mediaType, manifest.get("layers"), manifest.get("config"), subject);
            }
            case SCHEMA_1, SIGNED_SCHEMA_1 -> {
                require(version == 1, "its schemaVersion is not 1");
                require(fsLayers, "it is a schema 1 manifest without fsLayers");
                return fsLayers(mediaType, manifest.get("fsLayers"), subject);
            }
            default -> throw new DoubtException("its media type is unknown");
        }
    }

    /** A manifest may leave its media type out; its content tells what it is, as it tells the registry. */
    private static String undeclared(int version, boolean manifests, boolean layers, boolean fsLayers)
            throws DoubtException {
        if (version == 1 && fsLayers) {
            return SIGNED_SCHEMA_1;
        }
        if (version == 2 && manifests) {
            return ManifestTypes.OCI_INDEX;
        }
        if (version == 2 && layers) {
            return ManifestTypes.OCI_IMAGE;
        }
        throw new DoubtException("it says no media type, and its content tells none");
    }

    private static ManifestContent descriptors(String mediaType, JsonNode list, JsonNode config, Digest subject)
            throws DoubtException {
        List<Digest> references = new ArrayList<>();
        List<Digest> foreign = new ArrayList<>();
        Map<Digest, Long> sizes = new HashMap<>();
        if (config != null) {
            references.add(digest(config, "digest"));
            size(config, references.getLast(), sizes);
        }
        if (list != null && !list.isNull()) {
            require(list.isArray(), "its list of descriptors is no list");
            for (JsonNode descriptor : list) {
                Digest digest = digest(descriptor, "digest");
                if (foreign(descriptor)) {
                    foreign.add(digest);
                } else {
                    references.add(digest);
                    size(descriptor, digest, sizes);
                }
            }
        }
        return new ManifestContent.Understood(mediaType, config == null, references, foreign, subject, sizes);
    }

    /** Of a signed manifest the registry stores other bytes than it serves: its descriptor may say either's size. */
    private static void size(JsonNode descriptor, Digest digest, Map<Digest, Long> sizes) {
        JsonNode size = descriptor.path("size");
        boolean bytes = size.isIntegralNumber() && size.canConvertToLong() && size.longValue() >= 0;
        if (bytes && !descriptor.path("mediaType").asText("").startsWith(ManifestTypes.SCHEMA_1_PREFIX)) {
            sizes.putIfAbsent(digest, size.longValue());
        }
    }

    private static ManifestContent fsLayers(String mediaType, JsonNode list, Digest subject) throws DoubtException {
        require(list.isArray(), "its fsLayers are no list");
        List<Digest> references = new ArrayList<>();
        for (JsonNode layer : list) {
            references.add(digest(layer, "blobSum"));
        }
        return new ManifestContent.Understood(mediaType, false, references, List.of(), subject, Map.of());
    }

    /** Layers that are not distributed with the image (OCI image spec, layer.md, "Non-Distributable Layers"). */
    private static boolean foreign(JsonNode descriptor) {
        String mediaType = descriptor.path("mediaType").asText("");
        return (!descriptor.path("urls").isMissingNode()
                        && !descriptor.path("urls").isEmpty())
                || mediaType.contains("foreign")
                || mediaType.contains("nondistributable");
    }

    private static Digest digest(JsonNode descriptor, String key) throws DoubtException {
        require(descriptor.isObject(), "a descriptor is no object");
        refuseLookalikes(descriptor, DECISIVE_IN_DESCRIPTOR);
        String text = text(descriptor, key);
        return Optional.ofNullable(text)
                .flatMap(Digest::tryParse)
                .orElseThrow(() -> new DoubtException("a descriptor has no digest that we know"));
    }

    private static String text(JsonNode object, String key) throws DoubtException {
        JsonNode value = object.path(key);
        require(value.isMissingNode() || value.isNull() || value.isTextual(), "its " + key + " is no text");
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
    }

    private static boolean has(JsonNode manifest, String key) {
        JsonNode value = manifest.path(key);
        return !value.isMissingNode() && !value.isNull();
    }

    /**
     * The registry, written in Go, takes {@code Layers} for {@code layers}, and even letters that only fold to the
     * same.
     */
    private static void refuseLookalikes(JsonNode object, Map<String, String> decisive) throws DoubtException {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            String key = decisive.get(folded(name));
            if (key != null && !key.equals(name)) {
                throw new DoubtException("it has the key " + key + " in another spelling");
            }
        }
    }

    private static Map<String, String> byFolded(String... keys) {
        return Stream.of(keys).collect(Collectors.toUnmodifiableMap(ManifestParser::folded, Function.identity()));
    }

    private static String folded(String key) {
        return key.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static void require(boolean condition, String why) throws DoubtException {
        if (!condition) {
            throw new DoubtException(why);
        }
    }

    /** Digests in decoded strings: escapes hide them from a scan of the bytes. */
    private static void collectNamed(JsonNode node, Set<Digest> named) {
        if (node.isTextual()) {
            named.addAll(named(node.textValue().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                named.addAll(named(property.getKey().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                collectNamed(property.getValue(), named);
            }
        } else {
            node.forEach(child -> collectNamed(child, named));
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
