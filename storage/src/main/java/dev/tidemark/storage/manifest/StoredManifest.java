package dev.tidemark.storage.manifest;

/**
 * A manifest as the storage has it.
 *
 * @param size bytes
 */
public record StoredManifest(long size, ManifestContent content) {}
