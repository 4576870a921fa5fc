package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The record of the topics {@code manifests}, {@code blobs} and {@code layers}: a pack of entries that the storage
 * holds and that belong to the same partition, or one of the two barriers around all packs of a run.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EnumeratedRecord.Manifests.class, name = "manifests"),
    @JsonSubTypes.Type(value = EnumeratedRecord.Blobs.class, name = "blobs"),
    @JsonSubTypes.Type(value = EnumeratedRecord.Layers.class, name = "layers"),
    @JsonSubTypes.Type(value = EnumeratedRecord.StartOfInput.class, name = "start-of-input"),
    @JsonSubTypes.Type(value = EnumeratedRecord.EndOfInput.class, name = "end-of-input"),
})
public sealed interface EnumeratedRecord {

    /** The run that the record belongs to. */
    RunId run();

    /** Manifests that one repository holds. */
    record Manifests(RunId run, String repository, List<Manifest> manifests) implements EnumeratedRecord {

        public Manifests {
            Fields.require(run, repository, manifests);
            manifests = List.copyOf(manifests);
        }
    }

    /** Blobs of the storage. */
    record Blobs(RunId run, List<Blob> blobs) implements EnumeratedRecord {

        public Blobs {
            Fields.require(run, blobs);
            blobs = List.copyOf(blobs);
        }
    }

    /**
     * Layer links of one repository, and what was left behind in it.
     *
     * @param repository null where the leftovers are in none
     */
    record Layers(RunId run, String repository, List<Layer> layers, List<Leftover> leftovers)
            implements EnumeratedRecord {

        public Layers {
            Fields.require(run, layers == null ? leftovers : layers);
            layers = layers == null ? List.of() : List.copyOf(layers);
            leftovers = leftovers == null ? List.of() : List.copyOf(leftovers);
            if (repository == null
                    && !(layers.isEmpty()
                            && leftovers.stream().allMatch(one -> one.kind().mayBeAnywhere()))) {
                throw new IllegalArgumentException("their repository is missing");
            }
        }

        /** Of layer links alone. */
        public Layers(RunId run, String repository, List<Layer> layers) {
            this(run, repository, layers, List.of());
        }

        /** How many entries there are. */
        public int size() {
            return layers.size() + leftovers.size();
        }
    }

    /** An entry of a pack. */
    sealed interface Entry {

        /** The digest that it is of. */
        Digest digest();

        /** The topic whose packs carry it. */
        Input input();
    }

    /**
     * A repository holds a manifest. One a run for each pair of repository and digest.
     *
     * @param mediaType the media type that the manifest gives, or null where it gives none or can't be read
     * @param size bytes of the manifest; 0 where it is not there
     * @param modified when its revision link was last written, in ms since the epoch
     * @param tags the tags whose current link names it
     * @param going those of the tags that a policy lets go
     * @param history the tags that have it in their history; listed only where the run may delete manifests
     * @param references the digests it names: config, layers or child manifests (schema 1: fsLayers)
     * @param sizes the sizes that it gives for the references, in bytes. Nothing is kept or deleted for them
     * @param optionalReferences digests that it keeps as well, and whose absence is no damage: foreign layers, and
     *     whatever conservative marking found
     * @param subject the manifest that it refers to, as a signature does to an image; null if there is none. It keeps
     *     nothing: it is kept by its subject
     * @param pinned why the manifest is kept whether a tag names it or not; null if nothing pins it
     * @param letGo true if a policy lets the manifest go where no tag that stays names it, whatever the run's options
     *     say. Null otherwise
     * @param dangling the revision link is there and the manifest is not: it protects nothing and is never deleted
     */
    record Manifest(
            Digest digest,
            String mediaType,
            long size,
            long modified,
            List<String> tags,
            List<Going> going,
            List<String> history,
            List<Digest> references,
            Sizes sizes,
            List<Digest> optionalReferences,
            Digest subject,
            String pinned,
            Boolean letGo,
            boolean dangling)
            implements Entry {

        public Manifest {
            Fields.require(digest);
            requireReason(pinned);
            tags = tags == null ? List.of() : List.copyOf(tags);
            going = going == null ? List.of() : List.copyOf(going);
            history = history == null ? List.of() : List.copyOf(history);
            references = references == null ? List.of() : List.copyOf(references);
            sizes = Sizes.ofAll(references, sizes);
            optionalReferences = optionalReferences == null ? List.of() : List.copyOf(optionalReferences);
        }

        /** Whether a tag names it that stays. */
        public boolean tagged() {
            return !going.stream().map(Going::tag).collect(Collectors.toSet()).containsAll(tags);
        }

        /** Whether a run deletes it where no tag that stays names it, and nothing else keeps it. */
        public boolean expendable(Options options) {
            return options.deleteUntagged() || Boolean.TRUE.equals(letGo);
        }

        /** Whether its references are manifests, which need no layer links. */
        public boolean index() {
            return mediaType != null && ManifestTypes.INDEXES.contains(mediaType);
        }

        @Override
        public Input input() {
            return Input.MANIFESTS;
        }
    }

    /**
     * A tag that a policy lets go.
     *
     * @param pushed when its current link was last written, in ms since the epoch
     */
    record Going(String tag, long pushed) {

        public Going {
            Fields.require(tag);
        }
    }

    /**
     * The storage holds a blob. One a run for each digest.
     *
     * @param size bytes; 0, with a time of 0, where it lies behind a symbolic link out of the root, and can't be looked
     *     at
     * @param modified when it was last written, in ms since the epoch
     * @param pinned why it is kept whether anything names it or not; null if nothing pins it
     */
    record Blob(Digest digest, long size, long modified, String pinned) implements Entry {

        public Blob {
            Fields.require(digest);
            requireReason(pinned);
        }

        @Override
        public Input input() {
            return Input.BLOBS;
        }
    }

    /**
     * A repository links a blob. One a run for each pair of repository and digest.
     *
     * @param modified when the link was last written, in ms since the epoch
     * @param target the digest that the link's content names, where that isn't the digest of its path: the registry
     *     serves the blob of that digest. It links a blob pushed with a sha512 digest to the sha256 digest it is stored
     *     under
     * @param pinned why the link, and what it names, is kept; null if nothing pins it
     */
    record Layer(Digest digest, long modified, Digest target, String pinned) implements Entry {

        public Layer {
            Fields.require(digest);
            requireReason(pinned);
        }

        @Override
        public Input input() {
            return Input.LAYERS;
        }
    }

    /**
     * Something that was left behind, and that nothing can serve, as its {@link Kind} says. One a run for each.
     *
     * @param digest of its whole path in the storage: by it, what is known of it comes together
     * @param path below that of its repository, if it is in one; null for a repository
     * @param modified when anything of it was last written, or when it was begun if that is later, in ms since the
     *     epoch; of a link, when the run was asked for that first found it to name nothing, if that is later
     * @param bytes of all its files, or parts
     * @param pinned why it is kept, however old it is; null if nothing pins it
     */
    record Leftover(Kind kind, Digest digest, String path, long modified, long bytes, String pinned) implements Entry {

        public Leftover {
            Fields.require(kind, digest);
            if (!kind.leftover()) {
                throw new IllegalArgumentException("no leftover: " + kind);
            }
            kind.requirePath(path);
            requireReason(pinned);
        }

        @Override
        public Input input() {
            return Input.LAYERS;
        }
    }

    /**
     * The first record of a run in every partition of a topic: what the run was asked to do.
     *
     * @param request of the record of {@code runs} that asks for the run
     */
    record StartOfInput(RunId run, Input input, Options options, Checksum request) implements EnumeratedRecord {

        public StartOfInput {
            Fields.require(run, input, options, request);
        }
    }

    /**
     * The barrier after a run's last record in every partition of a topic.
     *
     * @param records how many manifests, blobs, or layer links and leftovers, of this run went into this partition of
     *     this topic
     * @param checksum of the packs that they went in
     */
    record EndOfInput(RunId run, Input input, long records, Checksum checksum) implements EnumeratedRecord {

        public EndOfInput {
            Fields.require(run, input, checksum);
        }
    }

    /** An empty reason is not written, and so would be no pin for a reader. */
    private static void requireReason(String pinned) {
        if (pinned != null && pinned.isEmpty()) {
            throw new IllegalArgumentException("what pins it has to be said");
        }
    }

    /** The three topics of the enumerated input. */
    enum Input {
        MANIFESTS,
        BLOBS,
        LAYERS
    }

    /**
     * The options of a run that the marker decides by.
     *
     * @param cutoff ms since the epoch; all that was written at this instant or later is young
     * @param deleteUntagged only tagged manifests are roots, not every manifest of every repository
     * @param dryRun eligible records go to {@code eligible.dry-run}, which nothing ever sweeps
     * @param leftovers ms since the epoch; what was left behind, and was last written before this instant, is eligible.
     *     Null if none of it is
     */
    record Options(long cutoff, boolean deleteUntagged, boolean dryRun, Long leftovers) {

        /** Of a run that leaves alone what was left behind. */
        public Options(long cutoff, boolean deleteUntagged, boolean dryRun) {
            this(cutoff, deleteUntagged, dryRun, null);
        }

        /** Rule 3 of what is live: whatever is younger than the cutoff. */
        public boolean young(long modified) {
            return modified >= cutoff;
        }

        /** Whether what was left behind is so old that it is eligible. What is young never is. */
        public boolean abandoned(long modified) {
            return leftovers != null && modified < leftovers && !young(modified);
        }
    }
}
