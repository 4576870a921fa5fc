package dev.tidemark.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.manifest.ManifestReader;
import java.util.ArrayList;
import java.util.List;

/** What the enumerators of a run do together, one item after the other: plan, read, plan for what came late, read, add up. */
record WholeEnumeration(Storage storage, Requested request, Topics topics, Input input) {

  Enumerated run() {
    var ledger = new WorkLedger();
    work(WorkPlan.first(storage, request.run()), ledger);
    work(WorkPlan.late(storage, request.run(), ledger.repositories(), ledger.items()), ledger);
    assertThat(ledger.rounds(request.run())).isEqualTo(2);
    return ledger.enumerated(storage.description());
  }

  private void work(WorkPlan plan, WorkLedger ledger) {
    ledger.add(plan.planned());
    List<Integer> numbers = new ArrayList<>();
    for (WorkRecord item : plan.items()) {
      numbers.add(item.item());
      ledger.add(new ItemReader(storage, new ManifestReader(storage)::read, topics, request.options().deleteUntagged(), input).read(item));
    }
    assertThat(numbers).doesNotHaveDuplicates();
    assertThat(ledger.complete(request.run())).as("every item is done").isTrue();
  }
}
