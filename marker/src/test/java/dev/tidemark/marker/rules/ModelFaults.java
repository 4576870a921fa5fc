package dev.tidemark.marker.rules;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Totals;
import dev.tidemark.testkit.Held;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is wrong with a registry, by the model. */
record ModelFaults(
        Model model,
        List<Held<Manifest>> manifests,
        List<Held<Layer>> layers,
        List<Held<Blob>> blobs,
        Options options) {

    /**
     * The blobs that a live manifest needs and the storage lacks, with each manifest that needs them; an old one needs
     * itself.
     */
    Set<Totals.Missing> broken() {
        Set<Totals.Missing> needed = manifests.stream()
                .filter(m -> model.isLive(m.digest()))
                .flatMap(m -> m.entry().references().stream()
                        .filter(d -> !model.isBlob(d))
                        .map(d -> new Totals.Missing(m.repository(), m.digest(), d)))
                .collect(Collectors.toSet());
        Set<Digest> known = needed.stream().map(Totals.Missing::blob).collect(Collectors.toSet());
        manifests.stream()
                .filter(m -> model.isLive(m.digest())
                        && !m.entry().dangling()
                        && !options.young(m.entry().modified()))
                .filter(m -> !model.isBlob(m.digest()) && !known.contains(m.digest()))
                .forEach(m -> needed.add(new Totals.Missing(m.repository(), m.digest(), m.digest())));
        return needed;
    }

    /** The layer links that a live manifest needs and its repository lacks, with each manifest that needs them. */
    Set<Totals.Missing> unlinked() {
        Set<Model.Link> links = layers.stream()
                .map(l -> new Model.Link(l.repository(), l.digest()))
                .collect(Collectors.toSet());
        return manifests.stream()
                .filter(m -> model.isLive(m.digest()) && !m.entry().index())
                .flatMap(m -> m.entry().references().stream()
                        .filter(d -> model.isBlob(d) && !links.contains(new Model.Link(m.repository(), d)))
                        .map(d -> new Totals.Missing(m.repository(), m.digest(), d)))
                .collect(Collectors.toSet());
    }

    /** The blobs of which a live manifest says another size than they have, with each manifest that does. */
    Set<Totals.WrongSize> wrongSizes() {
        Map<Digest, Blob> seen = blobs.stream()
                .map(Held::entry)
                .filter(b -> b.size() != 0 || b.modified() != 0)
                .collect(Collectors.toMap(Blob::digest, b -> b));
        Set<Totals.WrongSize> wrong = new HashSet<>();
        for (Held<Manifest> m : manifests) {
            for (int i = 0; i < m.entry().references().size(); i++) {
                Digest named = m.entry().references().get(i);
                long said = m.entry().sizes().at(i);
                if (model.isLive(m.digest())
                        && seen.containsKey(named)
                        && said != Sizes.UNKNOWN
                        && said != seen.get(named).size()) {
                    wrong.add(new Totals.WrongSize(
                            m.repository(),
                            m.digest(),
                            named,
                            said,
                            seen.get(named).size()));
                }
            }
        }
        return wrong;
    }
}
