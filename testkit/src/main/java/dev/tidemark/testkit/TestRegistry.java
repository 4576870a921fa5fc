package dev.tidemark.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contents of a registry, in memory: blobs, manifests, tags and layer links. */
final class TestRegistry {

    /** By digest. */
    final Map<String, Blob> blobs = new LinkedHashMap<>();

    final List<Manifest> manifests = new ArrayList<>();
    final List<Tag> tags = new ArrayList<>();
    final List<Link> links = new ArrayList<>();

    record Blob(long size, long modified, String pinned) {}

    /**
     * @param optional references to manifests that may be missing
     * @param subject the manifest that it refers to, or null
     * @param said the sizes that it says of its references, by digest
     */
    record Manifest(
            String repository,
            String digest,
            String mediaType,
            long modified,
            String pinned,
            boolean dangling,
            List<String> references,
            List<String> optional,
            String subject,
            Map<String, Long> said) {

        List<String> all() {
            var all = new ArrayList<>(references);
            all.addAll(optional);
            return all;
        }
    }

    /**
     * @param current false if the tag named the digest earlier
     * @param verdict of a policy; null if there is none
     */
    record Tag(String repository, String name, String digest, boolean current, Verdict verdict) {

        boolean goes() {
            return verdict != null && !verdict.kept();
        }

        private boolean names(Manifest manifest) {
            return current && repository.equals(manifest.repository()) && digest.equals(manifest.digest());
        }
    }

    /** A policy's word on a tag. */
    record Verdict(boolean kept, String rule, String why, Long until) {}

    /** @param target the digest that the link's content names, if that is another one; else null */
    record Link(String repository, String digest, long modified, String target, String pinned) {}

    boolean isTagged(Manifest manifest) {
        return tags.stream().anyMatch(tag -> tag.names(manifest) && !tag.goes());
    }

    /** Whether it loses its last tag. */
    boolean isLetGo(Manifest manifest) {
        return !isTagged(manifest) && tags.stream().anyMatch(tag -> tag.names(manifest));
    }

    boolean hasManifest(String repository, String digest) {
        return manifests.stream()
                .anyMatch(manifest -> manifest.repository().equals(repository)
                        && manifest.digest().equals(digest));
    }

    boolean hasLink(String repository, String digest) {
        return links.stream()
                .anyMatch(link ->
                        link.repository().equals(repository) && link.digest().equals(digest));
    }
}
