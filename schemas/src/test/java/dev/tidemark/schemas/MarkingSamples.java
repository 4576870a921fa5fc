package dev.tidemark.schemas;

import static dev.tidemark.schemas.Samples.CHECKSUM;
import static dev.tidemark.schemas.Samples.OPTIONS;
import static dev.tidemark.schemas.Samples.RUN;
import static dev.tidemark.schemas.Samples.SHA256;
import static dev.tidemark.schemas.Samples.SHA384;
import static dev.tidemark.schemas.Samples.SHA512;
import static dev.tidemark.schemas.Samples.full;
import static dev.tidemark.schemas.Samples.minimal;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Blobs;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.MarksRecord.EndOfSuperstep;
import dev.tidemark.schemas.MarksRecord.Marks;
import dev.tidemark.schemas.Samples.Sample;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Samples of what the marker reads, and of what it decides. */
final class MarkingSamples {

    private MarkingSamples() {}

    static Stream<Sample> all() {
        return Stream.of(manifests(), blobs(), layers(), marks(), eligible()).flatMap(Function.identity());
    }

    private static Stream<Sample> manifests() {
        return Stream.concat(
                full(
                        "manifests",
                        EnumeratedRecord.class,
                        new Manifests(
                                RUN,
                                "team/app",
                                List.of(
                                        new Manifest(
                                                SHA256,
                                                "application/vnd.oci.image.index.v1+json",
                                                1024,
                                                1,
                                                List.of("latest", "1.0"),
                                                List.of(new EnumeratedRecord.Going("1.0", 2)),
                                                List.of("1.0"),
                                                List.of(SHA256, SHA384),
                                                Sizes.of(1L << 40, Sizes.UNKNOWN),
                                                List.of(SHA512),
                                                SHA384,
                                                "its media type is not known",
                                                true,
                                                false),
                                        new Manifest(
                                                SHA512, null, 0, 0, null, List.of(), null, null, null, null, null, null,
                                                null, true))),
                        new StartOfInput(RUN, Input.MANIFESTS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.MANIFESTS, 3, CHECKSUM)),
                minimal(
                        "manifests",
                        EnumeratedRecord.class,
                        new Manifests(
                                RUN,
                                "a",
                                List.of(new Manifest(
                                        SHA512, null, 0, 0, null, List.of(), null, null, null, null, null, null, null,
                                        true))),
                        new StartOfInput(RUN, Input.MANIFESTS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.MANIFESTS, 0, CHECKSUM)));
    }

    private static Stream<Sample> blobs() {
        return Stream.concat(
                full(
                        "blobs",
                        EnumeratedRecord.class,
                        new Blobs(RUN, List.of(new Blob(SHA512, 1L << 40, -1, "kept"), new Blob(SHA256, 0, 0, null))),
                        new StartOfInput(RUN, Input.BLOBS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.BLOBS, 3, CHECKSUM)),
                minimal(
                        "blobs",
                        EnumeratedRecord.class,
                        new Blobs(RUN, List.of(new Blob(SHA256, 0, 0, null))),
                        new StartOfInput(RUN, Input.BLOBS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.BLOBS, 0, CHECKSUM)));
    }

    private static Stream<Sample> layers() {
        return Stream.concat(
                full(
                        "layers",
                        EnumeratedRecord.class,
                        new Layers(
                                RUN,
                                "team/app",
                                List.of(new Layer(SHA512, 1, SHA256, "kept"), new Layer(SHA256, 0, null, null)),
                                List.of(
                                        new Leftover(Kind.UPLOAD, SHA256, "_uploads/1", 1, 1L << 40, "kept"),
                                        new Leftover(
                                                Kind.LINK, SHA384, "_manifests/tags/a/current/link", 1, 71, "held"),
                                        new Leftover(Kind.REPOSITORY, SHA512, null, 0, 0, null))),
                        new StartOfInput(RUN, Input.LAYERS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.LAYERS, 3, CHECKSUM)),
                minimal(
                        "layers",
                        EnumeratedRecord.class,
                        new Layers(RUN, "a", List.of(new Layer(SHA256, 0, null, null))),
                        new Layers(RUN, "a", List.of(), List.of(leftover("_uploads/1"))),
                        new Layers(RUN, null, List.of(), List.of(leftover("blobs/sha256/a"))),
                        new Layers(
                                RUN,
                                null,
                                List.of(),
                                List.of(new Leftover(
                                        Kind.MULTIPART, SHA256, "blobs/sha256/a/data?uploadId=1", 0, 0, null))),
                        new StartOfInput(RUN, Input.LAYERS, OPTIONS, CHECKSUM),
                        new EndOfInput(RUN, Input.LAYERS, 0, CHECKSUM)));
    }

    private static Stream<Sample> marks() {
        return full(
                "marks",
                MarksRecord.class,
                new Marks(
                        RUN,
                        3,
                        1,
                        2,
                        List.of(
                                new Marks.Entry(
                                        SHA512,
                                        "team/app",
                                        List.of(SHA256, SHA384),
                                        Sizes.of(0, 7),
                                        List.of(SHA512),
                                        true,
                                        SHA384),
                                new Marks.Entry(SHA256, "a", List.of(SHA512), null, null, null, null),
                                new Marks.Entry(SHA256, "b", null, null, List.of(SHA512), null, null),
                                new Marks.Entry(SHA256, "b", null, null, null, null, SHA512))),
                new EndOfSuperstep(RUN, 0, 17, 3, 2, 0));
    }

    private static Stream<Sample> eligible() {
        return Stream.concat(
                full(
                        "eligible",
                        EligibleRecord.class,
                        new Eligible(
                                RUN,
                                Kind.MANIFEST,
                                SHA256,
                                "team/app",
                                null,
                                0,
                                "no tag names it",
                                1,
                                List.of("1.0"),
                                RUN),
                        new Eligible(RUN, Kind.TAG, SHA256, "team/app", "pr-1", 0, "products lets it go", 1, null, RUN),
                        new Eligible(
                                RUN,
                                Kind.UPLOAD,
                                SHA256,
                                "team/app",
                                null,
                                "_uploads/1",
                                7,
                                "nobody has finished it",
                                1,
                                null,
                                RUN),
                        new EndOfEligible(RUN, 3, 12, CHECKSUM)),
                minimal(
                        "eligible",
                        EligibleRecord.class,
                        new Eligible(RUN, Kind.BLOB, SHA256, null, null, 7, "nothing live references it", 0, null, RUN),
                        new Eligible(
                                RUN,
                                Kind.DIRECTORY,
                                SHA256,
                                null,
                                null,
                                "blobs/sha256/a",
                                0,
                                "nothing is in it",
                                0,
                                null,
                                null),
                        new Eligible(
                                RUN, Kind.LAYER, SHA512, "a", null, 0, "no live manifest references it", 0, null, null),
                        new EndOfEligible(RUN, 0, 0, CHECKSUM)));
    }

    private static Leftover leftover(String path) {
        return new Leftover(Kind.DIRECTORY, SHA256, path, 0, 0, null);
    }
}
