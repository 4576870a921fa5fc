package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.ReferrersOnDisk;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Signatures, SBOMs and attestations, as Notation, cosign, oras and buildx push them, of images that stay and go. */
class FieldReferrersIT extends FieldRegistry {

    private final List<Case> cases = new ArrayList<>();

    /** A manifest, and what becomes of it in its repository. */
    private record Case(String name, RepositoryOnDisk in, String digest, boolean kept, List<String> layers) {}

    private String kept(String name, RepositoryOnDisk in, String digest) {
        return expected(true, name, in, digest);
    }

    private String goes(String name, RepositoryOnDisk in, String digest) {
        return expected(false, name, in, digest);
    }

    private String expected(boolean stays, String name, RepositoryOnDisk in, String digest) {
        cases.add(new Case(name, in, digest, stays, in.layers(digest)));
        return digest;
    }

    @Test
    void aReferrerOfALiveImageStaysAndThatOfADeadOneGoes() {
        var of = new ReferrersOnDisk(app);
        for (boolean live : new boolean[] {true, false}) {
            String which = live ? "a live image" : "a dead image";
            String image = expected(live, which, app.image(which));
            if (live) {
                app.tag("v1", image);
            }
            String sbom = expected(live, "an SBOM by oras, of " + which, of.oras(image));
            expected(live, "a Notation signature of the SBOM of " + which, of.notation(sbom));
            expected(live, "a Notation signature of " + which, of.notation(image));
            expected(live, "a Notation signature of OCI 1.0, of " + which, of.notationOfSpec10(image));
            expected(live, "a cosign 3 bundle of " + which, of.cosign3(image));
            expected(live, "an attestation of " + which + ", without its index", of.attestation(image));
        }
        childrenOfIndexes(of);
        tags(of);
        otherRepositories(of);

        collect();

        var softly = new SoftAssertions();
        Set<String> gone = new HashSet<>();
        for (Case each : cases) {
            softly.assertThat(each.in().revision(each.digest()).toFile().exists())
                    .as(each.name())
                    .isEqualTo(each.kept());
            for (String layer : each.layers()) {
                softly.assertThat(each.in().layerPath(layer).toFile().exists())
                        .as("the layer link of " + each.name())
                        .isEqualTo(each.kept());
            }
            if (!each.kept()) {
                gone.add(each.in().name() + "@" + each.digest());
            }
        }
        softly.assertAll();
        gone.add("around@" + dead);
        assertThat(result.manifests()).isEqualTo(gone);
        assertThat(cases)
                .extracting(Case::layers)
                .filteredOn(layers -> !layers.isEmpty())
                .hasSizeGreaterThan(20);
        assertThat(result.summary().path("verified").path("missing").asInt(-1)).isZero();
        assertThat(result.summary().path("broken").path("missing").asInt()).isZero();
        assertThat(problems()).isEmpty();
    }

    private String expected(boolean stays, String name, String digest) {
        return expected(stays, name, app, digest);
    }

    private void childrenOfIndexes(ReferrersOnDisk of) {
        for (boolean asImage : new boolean[] {true, false}) {
            String form = asImage ? " of buildx, as an image" : " of buildx, as an artifact";
            for (boolean tagged : new boolean[] {true, false}) {
                String name = (tagged ? "tagged" : "untagged") + form;
                String image = app.image(name);
                String attestation = asImage ? of.attestationAsImage(image) : of.attestation(image);
                String index = of.buildx(image, attestation);
                expected(tagged, "an index, " + name, index);
                expected(tagged, "its image, " + name, image);
                expected(tagged, "its attestation, " + name, attestation);
                expected(tagged, "a signature of its image, " + name, of.notation(image));
                expected(tagged, "a signature of its attestation, " + name, of.cosign3(attestation));
                if (tagged) {
                    app.tag("buildx" + asImage, index);
                }
            }
        }
        String image =
                kept("an image of an index that goes, with a tag of its own", app, app.image("tagged by itself"));
        app.tag("amd64", image);
        String attestation = kept("its attestation, by its subject", app, of.attestation(image));
        goes("the index of both", app, of.buildx(image, attestation));
    }

    private void tags(ReferrersOnDisk of) {
        for (boolean live : new boolean[] {true, false}) {
            String which = live ? "a live image, listed" : "a dead image, listed";
            String image = expected(live, which, app.image(which));
            if (live) {
                app.tag("listed", image);
            }
            String first = kept("the first in the list of " + which, app, of.cosign3(image));
            String second = kept("the second in the list of " + which, app, of.oras(image));
            expected(live, "lost from the list of " + which + " as two wrote it at once", of.notation(image));
            goes("the list as it was, of " + which, app, of.listed(image, first));
            kept("the list of " + which, app, of.listed(image, first, second));
            for (String suffix : List.of("sig", "att", "sbom")) {
                kept("cosign 2's " + suffix + " of " + which, app, of.cosign2(image, suffix));
            }
        }
        String image = goes("an image with a tagged signature", app, app.image("of a tagged signature"));
        String signature = kept("the tagged signature", app, of.notation(image));
        app.tag("signature", signature);
        kept("what refers to the tagged signature", app, of.oras(signature));
        goes("what refers to its subject", app, of.oras(image));
    }

    private void otherRepositories(ReferrersOnDisk here) {
        String image = app.image("in two repositories");
        app.tag("two", image);
        RepositoryOnDisk copy = registry.repo("copy");
        copy.link(image);
        app.layers(image).forEach(copy::layerLink);
        kept("a tagged image", app, image);
        kept("its untagged copy", copy, image);
        kept("a signature where it is tagged", app, here.notation(image));
        kept("an SBOM beside the copy", copy, new ReferrersOnDisk(copy).oras(image));
        RepositoryOnDisk signatures = registry.repo("signatures");
        goes(
                "a signature in a repository without the image",
                signatures,
                new ReferrersOnDisk(signatures).cosign3(image));
        goes("a signature of an image that is nowhere", app, here.notation(RegistryOnDisk.sha256(ANYTHING)));
    }
}
