package dev.tidemark.enumerator;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Layout;
import dev.tidemark.storage.Storage;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the up to 256 directories that an algorithm's blobs are spread over.
 *
 * @param name the first two hex digits of the digests in it
 */
record BlobShard(Digest.Algorithm algorithm, String name) {

  private static final int NAME_LENGTH = 2;

  /** All shards that there are. */
  static List<BlobShard> list(Storage storage, Problems problems) {
    List<BlobShard> shards = new ArrayList<>();
    for (Storage.Child child : storage.children(Layout.BLOBS)) {
      String directory = Layout.BLOBS + "/" + child.name();
      var algorithm = Digest.Algorithm.named(child.name()).filter(known -> isDirectory(child, directory, problems));
      if (algorithm.isEmpty()) {
        problems.add(Problem.Kind.UNKNOWN_ALGORITHM, directory, "nothing in it is collected");
        continue;
      }
      for (Storage.Child shard : storage.children(directory)) {
        if (isDirectory(shard, directory + "/" + shard.name(), problems)) {
          if (shard.name().length() == NAME_LENGTH) {
            shards.add(new BlobShard(algorithm.get(), shard.name()));
          } else {
            problems.add(Problem.Kind.STRAY, directory + "/" + shard.name(), "it is no shard of blobs");
          }
        }
      }
    }
    return shards;
  }

  private static boolean isDirectory(Storage.Child child, String path, Problems problems) {
    switch (child.type()) {
      case DIRECTORY, LINK_IN_REGISTRY -> {
        return true;
      }
      case LINK_OUT_OF_ROOT -> problems.add(Problem.Kind.SYMBOLIC_LINK, path, "it leads out of the root: nothing in it is collected");
      case FILE, OTHER -> problems.add(Problem.Kind.STRAY, path, "it is no directory");
    }
    return false;
  }

  /**
   * Puts the shard's blobs into the input.
   *
   * @param pinned why all of them are kept, or null
   */
  BlobTotals read(Storage storage, RunId run, String pinned, Input input, Problems problems) {
    String directory = Layout.BLOBS + "/" + algorithm.prefix() + "/" + name;
    long[] totals = {0, 0};
    storage.leaves(directory, Layout.DATA, leaf -> {
      String path = directory + "/" + leaf.name();
      Digest digest = algorithm.ofHex(leaf.name()).orElse(null);
      if (digest == null || !leaf.name().startsWith(name)) {
        problems.add(Problem.Kind.STRAY, path, "it is no blob of this shard");
        return;
      }
      switch (leaf.type()) {
        case DIRECTORY, LINK_IN_REGISTRY -> {
          if (leaf.stat() == null) {
            problems.add(Problem.Kind.EMPTY_DIRECTORY, path, "it has no data");
          } else {
            totals[0]++;
            totals[1] += leaf.stat().size();
            input.put(new EnumeratedRecord.Blob(run, digest, leaf.stat().size(), leaf.stat().modified(), pinned));
          }
        }
        case LINK_OUT_OF_ROOT -> {
          problems.add(Problem.Kind.SYMBOLIC_LINK, path, "it leads out of the root: it is not collected");
          totals[0]++;
          input.put(new EnumeratedRecord.Blob(run, digest, 0, 0, "a symbolic link out of the root"));
        }
        case FILE, OTHER -> problems.add(Problem.Kind.STRAY, path, "it is no directory");
      }
    });
    return new BlobTotals(totals[0], totals[1]);
  }

  /** How many blobs there are, and their bytes. */
  record BlobTotals(long blobs, long bytes) {}
}
