package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the items of a run carry. There may be thousands of repositories, and as many holds. */
class WorkPlanTest extends EnumeratedRegistry {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final int HOLDS = 1000;

    private Storage storage;

    @BeforeEach
    void holdsOfDigests() {
        app.tag("v1", app.image("v1"));
        registry.repo("other").tag("v1", registry.repo("other").image("v2"));
        storage = FilesystemStorage.open(registry.root());
        IntStream.range(0, HOLDS)
                .mapToObj(i -> Digest.Algorithm.SHA256.of(("held " + i).getBytes(StandardCharsets.UTF_8)))
                .forEach(digest -> holds.add(new Hold(digest.toString(), null, "an audit", "me", 0, null)));
    }

    @Test
    void aRepositoryDoesNotCarryTheHoldsOfDigestsAndSaysHowManyThePlanHas() {
        WorkPlan plan = first(true);

        assertThat(plan.planned().holds()).hasSize(HOLDS);
        assertThat(repositories(plan))
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.heldAnywhere()).isEqualTo(HOLDS))
                .allSatisfy(item -> assertThat(size(item)).isLessThan(300));
        assertThat(plan.items().stream().mapToInt(WorkPlanTest::size).sum())
                .as("each hold is in the item of the blob that it holds, and in no other")
                .isLessThan(HOLDS * 250);
    }

    @Test
    void soDoesOneThatCameLate() {
        var ledger = new WorkLedger();
        ledger.add(first(true).planned());
        registry.repo("late").tag("v1", registry.repo("late").image("v3"));

        WorkPlan plan = WorkPlan.late(storage, RUN, true, ledger);

        assertThat(repositories(plan))
                .filteredOn(item -> item.name().equals("late"))
                .singleElement()
                .returns(HOLDS, WorkRecord.Repository::heldAnywhere)
                .returns(List.of(), WorkRecord.Repository::holds);
    }

    /** No tag goes: a digest is pinned by its blob alone. */
    @Test
    void withoutAPolicyNoRepositoryNeedsThem() {
        assertThat(repositories(first(false)))
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.heldAnywhere()).isNull());
    }

    @Test
    void aHoldOfARepositoryIsInItsItem() {
        var of = new Hold("team/app:v1", null, "an audit", "me", 0, null);
        holds.add(of);

        assertThat(repositories(first(true)))
                .filteredOn(item -> !item.holds().isEmpty())
                .singleElement()
                .returns("team/app", WorkRecord.Repository::name)
                .returns(List.of(of), WorkRecord.Repository::holds);
    }

    private WorkPlan first(boolean tagsGo) {
        return WorkPlan.first(storage, RUN, holds, false, tagsGo, DescriptorCache.NONE, OptionalLong.empty());
    }

    private static List<WorkRecord.Repository> repositories(WorkPlan plan) {
        List<WorkRecord.Repository> repositories = new ArrayList<>();
        for (WorkRecord item : plan.items()) {
            if (item instanceof WorkRecord.Repository repository) {
                repositories.add(repository);
            }
        }
        return repositories;
    }

    private static int size(WorkRecord item) {
        try (var serde = new JsonSerde<>(WorkRecord.class)) {
            return serde.serializer().serialize(null, item).length;
        }
    }
}
