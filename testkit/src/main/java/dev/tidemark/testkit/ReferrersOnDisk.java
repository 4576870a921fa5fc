package dev.tidemark.testkit;

import static dev.tidemark.testkit.RegistryOnDisk.OCI_IMAGE;
import static dev.tidemark.testkit.RegistryOnDisk.OCI_INDEX;
import static dev.tidemark.testkit.RegistryOnDisk.algorithm;
import static dev.tidemark.testkit.RegistryOnDisk.hex;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The signatures, SBOMs and attestations of a repository, as their clients push them to a registry without the
 * referrers API, by their specifications.
 */
public final class ReferrersOnDisk {

    private static final String EMPTY = "application/vnd.oci.empty.v1+json";
    private static final String NOTATION = "application/vnd.cncf.notary.signature";
    private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private static final String SPDX = "application/spdx+json";
    private static final String IN_TOTO = "application/vnd.in-toto+json";
    private static final List<String> SUFFIXES = List.of("sig", "att", "sbom");
    private static final String CREATED = "\"org.opencontainers.image.created\":\"2026-01-01T00:00:00Z\"";

    private final RepositoryOnDisk repository;

    public ReferrersOnDisk(RepositoryOnDisk repository) {
        this.repository = repository;
    }

    /** Notation's signature (Notary Project, signature-specification.md, "Signature Storage"). */
    public String notation(String subject) {
        return artifact(
                NOTATION,
                empty(),
                blob("application/jose+json", "{\"payload\":\"signature of " + subject + "\"}"),
                subject,
                "\"io.cncf.notary.x509chain.thumbprint#S256\":\"[\\\"" + "ab".repeat(32) + "\\\"]\"," + CREATED);
    }

    /** The same for registries of the OCI image spec 1.0: its config's type says what it is. */
    public String notationOfSpec10(String subject) {
        return artifact(
                null,
                blob(NOTATION, "{}"),
                blob("application/cose", "an envelope for " + subject),
                subject,
                "\"io.cncf.notary.x509chain.thumbprint#S256\":\"[]\"," + CREATED);
    }

    /** The artifact that cosign 3 attaches (cosign, BUNDLE_SPEC.md, "Publishing"). */
    public String cosign3(String subject) {
        return artifact(
                BUNDLE,
                empty(),
                blob(BUNDLE, "{\"mediaType\":\"" + BUNDLE + "\",\"of\":\"" + subject + "\"}"),
                subject,
                "\"dev.sigstore.bundle.content\":\"dsse-envelope\"," + CREATED);
    }

    /** An SBOM that {@code oras attach} has pushed (OCI image spec, manifest.md, "Guidelines for Artifact Usage"). */
    public String oras(String subject) {
        return artifact(SPDX, empty(), titled(blob(SPDX, "{\"documentOf\":\"" + subject + "\"}")), subject, CREATED);
    }

    /**
     * The image that cosign 2 pushes: it has no subject, and is under a tag that is named for the digest (cosign,
     * SIGNATURE_SPEC.md, "Tag-based Discovery").
     *
     * @param suffix {@code sig}, {@code att} or {@code sbom}
     */
    public String cosign2(String subject, String suffix) {
        String image = manifest(
                null,
                blob("application/vnd.oci.image.config.v1+json", "{\"rootfs\":{},\"of\":\"" + subject + suffix + "\"}"),
                blob("application/vnd.dev.cosign.simplesigning.v1+json", "{\"critical\":\"" + subject + suffix + "\"}"),
                "");
        repository.tag(tag(subject) + "." + suffix, image);
        return image;
    }

    /** An attestation for a buildx index, as an OCI artifact (BuildKit, attestation-storage.md). */
    public String attestation(String subject) {
        return artifact(
                "application/vnd.docker.attestation.manifest.v1+json", empty(), statement(subject), subject, null);
    }

    /** The same in the older form: an image without a subject. */
    public String attestationAsImage(String subject) {
        return manifest(
                null,
                blob("application/vnd.oci.image.config.v1+json", "{\"os\":\"unknown\",\"of\":\"" + subject + "\"}"),
                statement(subject),
                "");
    }

    private String statement(String subject) {
        return blob(IN_TOTO, "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":\"" + subject + "\"}");
    }

    /** An index that buildx pushes: of an image and what is attested of it. */
    public String buildx(String image, String attestation) {
        return repository.manifest(("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":["
                        + "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,"
                        + "\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}},"
                        + "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,"
                        + "\"annotations\":{\"vnd.docker.reference.digest\":\"%s\","
                        + "\"vnd.docker.reference.type\":\"attestation-manifest\"},"
                        + "\"platform\":{\"architecture\":\"unknown\",\"os\":\"unknown\"}}]}")
                .formatted(
                        OCI_INDEX,
                        OCI_IMAGE,
                        image,
                        repository.size(image),
                        OCI_IMAGE,
                        attestation,
                        repository.size(attestation),
                        image));
    }

    /** The list of what refers to a manifest, under its tag (OCI distribution spec, "Referrers Tag Schema"). */
    public String listed(String subject, String... referrers) {
        String list = Stream.of(referrers)
                .map(digest -> ("{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,"
                                + "\"artifactType\":\"application/vnd.example\"}")
                        .formatted(OCI_IMAGE, digest, repository.size(digest)))
                .collect(Collectors.joining(","));
        String index = repository.manifest(
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}".formatted(OCI_INDEX, list));
        repository.tag(tag(subject), index);
        return index;
    }

    /** An image with all that cosign 2 and 3, Notation and oras attach, each under its tag. */
    public String signed(String seed) {
        String image = repository.image(seed);
        for (String suffix : SUFFIXES) {
            cosign2(image, suffix);
        }
        listed(image, cosign3(image), notation(image), oras(image));
        return image;
    }

    /** The tags of what {@linkplain #signed(String) is attached} to an image. */
    public static Set<String> tags(String image) {
        return Stream.concat(Stream.of(""), SUFFIXES.stream().map("."::concat))
                .map(tag(image)::concat)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The tag that is named for a digest. */
    public static String tag(String digest) {
        String hex = hex(digest);
        return algorithm(digest) + "-" + hex.substring(0, Math.min(64, hex.length()));
    }

    private String artifact(String type, String config, String layer, String subject, String annotations) {
        return manifest(
                type,
                config,
                layer,
                ",\"subject\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                                .formatted(OCI_IMAGE, subject, repository.size(subject))
                        + (annotations == null ? "" : ",\"annotations\":{" + annotations + "}"));
    }

    /** The keys in the order in which Go's structs of the OCI specifications have them. */
    private String manifest(String artifactType, String config, String layer, String more) {
        return repository.manifest("{\"schemaVersion\":2,\"mediaType\":\"%s\",%s\"config\":%s,\"layers\":[%s]%s}"
                .formatted(
                        OCI_IMAGE,
                        artifactType == null ? "" : "\"artifactType\":\"" + artifactType + "\",",
                        config,
                        layer,
                        more));
    }

    private String empty() {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":2,\"data\":\"e30=\"}"
                .formatted(EMPTY, repository.layer("{}"));
    }

    private String blob(String mediaType, String text) {
        String digest = repository.layer(text);
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(mediaType, digest, repository.size(digest));
    }

    private static String titled(String descriptor) {
        return descriptor.replaceFirst("}$", ",\"annotations\":{\"org.opencontainers.image.title\":\"sbom.json\"}}");
    }
}
