package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.publish.EnumerationPublisher;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.enumerator.publish.ItemPublisher;
import dev.tidemark.enumerator.publish.RecordingLane;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.RegistryOnDisk;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A run's enumeration of a registry on disk, one item after the other: plan, publish, plan for what came late, publish,
 * add up.
 */
final class WholeEnumeration {

    private static final RunPolicy NO_POLICY = new RunPolicy(
            Optional.empty(), 0, new EnumeratedRecord.Options(Long.MAX_VALUE, true, false), LastPulls.NONE, Map.of());

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Topics TOPICS = new Topics("t.", 3);

    private final Storage storage;
    private final List<Hold> holds;
    private final RecordingLane lane = new RecordingLane();
    private final WorkLedger ledger = new WorkLedger();

    /**
     * @param holds that count for the run
     * @param before steps in before each call of the storage, with the path that it is about
     */
    WholeEnumeration(RegistryOnDisk registry, List<Hold> holds, Consumer<String> before) {
        this.holds = holds;
        storage = new Troubled(FilesystemStorage.open(registry.root()), before);
    }

    Enumerated run() {
        publish(WorkPlan.first(storage, RUN, holds, false, false, DescriptorCache.NONE, OptionalLong.empty()));
        publish(WorkPlan.late(storage, RUN, false, ledger));
        return ledger.enumerated(storage.description());
    }

    private void publish(WorkPlan plan) {
        ledger.add(plan.planned());
        plan.items()
                .forEach(item -> ledger.add(new ItemPublisher(
                                storage,
                                new ManifestReader(storage)::read,
                                SubjectSource.NONE,
                                true,
                                new EnumeratedRecord.Options(0, false, false),
                                file -> 0,
                                NO_POLICY,
                                new EnumerationPublisher(TOPICS, RUN, lane, new EnumeratorMeter()))
                        .publish(item)));
        assertThat(ledger.complete(RUN)).as("every item is done").isTrue();
    }

    List<Held<?>> published() {
        return Arrays.stream(EnumeratedRecord.Input.values())
                .<Held<?>>flatMap(topic -> lane.unpacked(TOPICS.of(topic), null).stream())
                .toList();
    }

    List<RepositoryRecord> repositories() {
        return lane.sent(TOPICS.repositories(), null, RepositoryRecord.class);
    }

    List<Manifest> manifests() {
        return Held.entries(Manifest.class, published()).toList();
    }

    Manifest manifest(String digest) {
        return manifests().stream()
                .filter(m -> m.digest().equals(Digest.parse(digest)))
                .findFirst()
                .orElseThrow();
    }

    List<Blob> blobs() {
        return Held.entries(Blob.class, published()).toList();
    }

    List<Layer> layers() {
        return Held.entries(Layer.class, published()).toList();
    }
}
