package dev.tidemark.enumerator;

import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.storage.RepositoryTree;
import dev.tidemark.storage.Storage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/**
 * Enumerates a storage for one run: blobs first, then the repositories. A blob that is linked again while the walk is on is
 * then seen with its new link; the other way round it would be listed after its link was missed.
 */
final class Enumeration {

  private final Storage storage;
  private final RunRecord.Requested request;
  private final Input input;
  private final ExecutorService threads;
  private final EnumeratorMeter meter;

  private final Problems problems = new Problems();
  private final LongAdder manifests = new LongAdder();
  private final LongAdder tags = new LongAdder();
  private final LongAdder links = new LongAdder();
  private final LongAdder blobs = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  Enumeration(
      Storage storage, RunRecord.Requested request, Input input, ExecutorService threads, EnumeratorMeter meter) {
    this.storage = storage;
    this.request = request;
    this.input = new Counting(input);
    this.threads = threads;
    this.meter = meter;
  }

  /**
   * Puts all of the storage into the input.
   *
   * @throws RuntimeException whatever kept any part of it from being read: then nothing of the run may be used
   */
  RunRecord.Enumerated enumerate() throws InterruptedException {
    Set<String> repositories = new LinkedHashSet<>();
    var tree = new RepositoryTree(storage, problems::add);
    tree.walk(repositories::add);
    List<BlobShard> shards = BlobShard.list(storage, problems);
    meter.items(repositories.size() + shards.size());

    var work = new Work();
    shards.forEach(shard -> work.add(() -> read(shard, tree.hidden())));
    repositories.forEach(repository -> work.add(() -> read(repository)));
    work.finish();

    // Repositories that came while the others were read: what they link may be old.
    Set<String> late = new LinkedHashSet<>();
    new RepositoryTree(storage, known -> {}).walk(late::add);
    late.removeAll(repositories);
    meter.items(repositories.size() + shards.size() + late.size());
    late.forEach(repository -> work.add(() -> read(repository)));
    work.finish();

    return new RunRecord.Enumerated(
        request.run(), repositories.size() + late.size(), manifests.sum(), tags.sum(), links.sum(), blobs.sum(),
        bytes.sum(), problems.counts(), problems.examples());
  }

  private Void read(BlobShard shard, String pinned) {
    BlobShard.BlobTotals totals = shard.read(storage, request.run(), pinned, input, problems);
    blobs.add(totals.blobs());
    bytes.add(totals.bytes());
    meter.itemDone();
    return null;
  }

  private Void read(String repository) {
    boolean history = request.options().deleteUntagged();
    problems.addAll(new RepositoryReader(storage, request.run(), history, input, repository).read());
    meter.itemDone();
    return null;
  }

  /** Tasks on the threads; the first that fails takes the others with it. */
  private final class Work {

    private final List<Future<Void>> tasks = new ArrayList<>();

    void add(Callable<Void> task) {
      tasks.add(threads.submit(task));
    }

    void finish() throws InterruptedException {
      try {
        for (Future<Void> task : tasks) {
          task.get();
        }
        tasks.clear();
      } catch (ExecutionException e) {
        tasks.forEach(task -> task.cancel(true));
        throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
      }
    }
  }

  private final class Counting implements Input {

    private final Input next;

    Counting(Input next) {
      this.next = next;
    }

    @Override
    public void put(EnumeratedRecord record) {
      meter.record();
      next.put(record);
    }

    @Override
    public void put(RepositoryRecord record) {
      manifests.add(record.manifests());
      tags.add(record.tags());
      links.add(record.layerLinks());
      next.put(record);
    }
  }
}
