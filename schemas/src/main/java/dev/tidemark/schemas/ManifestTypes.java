package dev.tidemark.schemas;

import java.util.Set;

/** The media types of manifests: OCI's, by its image spec, and Docker's, by the registry's {@code manifest/}. */
public final class ManifestTypes {

    public static final String OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String DOCKER_IMAGE = "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";

    /** All types of schema 1 begin so. */
    public static final String SCHEMA_1_PREFIX = "application/vnd.docker.distribution.manifest.v1+";

    /** The types whose references are manifests. */
    public static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_INDEX);

    /** The types that have a config, and layers. */
    public static final Set<String> IMAGES = Set.of(OCI_IMAGE, DOCKER_IMAGE);

    private ManifestTypes() {}
}
