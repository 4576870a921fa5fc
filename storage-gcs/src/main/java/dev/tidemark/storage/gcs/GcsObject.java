package dev.tidemark.storage.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An object, as GCS says it.
 *
 * @param generation the number that each content of an object has for itself
 * @param stat that it was written is the time at which its generation was made. The time of its change, which the
 *     registry's driver takes, is also that of a lifecycle rule that changes the storage class: then of two tags the
 *     older one may look like the one that was pushed last
 */
record GcsObject(String name, String generation, Stat stat) {

    /** What is asked of an object. */
    static final String FIELDS = "name,generation,size,timeCreated,md5Hash";

    /** @throws StorageException unless it says all that is asked for, but the checksum */
    static GcsObject of(JsonNode resource) {
        String name = resource.path("name").asText("");
        try {
            return new GcsObject(
                    required(resource, "name"),
                    required(resource, "generation"),
                    new Stat(
                            Long.parseLong(required(resource, "size")),
                            Instant.parse(required(resource, "timeCreated")).toEpochMilli(),
                            md5(resource.path("md5Hash").asText(""))));
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new StorageException("the server does not say how large " + name + " is and when it was written", e);
        }
    }

    private static String required(JsonNode resource, String field) {
        String value = resource.path(field).asText("");
        if (value.isEmpty()) {
            throw new StorageException("the server says of an object no " + field + ": " + resource);
        }
        return value;
    }

    /** One that was composed of others has none. */
    private static String md5(String base64) {
        try {
            byte[] md5 = Base64.getDecoder().decode(base64);
            return md5.length == 16 ? HexFormat.of().formatHex(md5) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
