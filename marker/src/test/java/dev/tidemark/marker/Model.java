package dev.tidemark.marker;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is live, in one place and in the plainest way: rules are applied to everything until nothing changes. */
final class Model {

  /** A layer link: a repository's to a digest. */
  private record Link(String repository, Digest digest) {}

  private final Set<Digest> live = new HashSet<>();
  private final Set<Link> liveLinks = new HashSet<>();
  private final List<Manifest> manifests;
  private final List<Layer> layers;
  private final List<Blob> blobs;

  Model(Collection<EnumeratedRecord> records, Options options) {
    manifests = records.stream().filter(Manifest.class::isInstance).map(Manifest.class::cast).toList();
    layers = records.stream().filter(Layer.class::isInstance).map(Layer.class::cast).toList();
    blobs = records.stream().filter(Blob.class::isInstance).map(Blob.class::cast).toList();
    for (Manifest m : manifests) {
      boolean root = !m.tags().isEmpty() || !options.deleteUntagged() || m.pinned() != null || options.young(m.modified());
      if (root && !m.dangling()) {
        live.add(m.digest());
      }
    }
    for (Blob b : blobs) {
      if (b.pinned() != null || options.young(b.modified())) {
        live.add(b.digest());
      }
    }
    for (Layer l : layers) {
      if (l.pinned() != null || options.young(l.modified())) {
        live(l.repository(), l.digest());
      }
    }
    for (int before = -1; before != live.size() + liveLinks.size(); ) {
      before = live.size() + liveLinks.size();
      for (Manifest m : manifests) {
        if (live.contains(m.digest())) {
          Stream.concat(m.references().stream(), m.optionalReferences().stream()).forEach(d -> live(m.repository(), d));
        }
      }
      for (Layer l : layers) {
        if (l.target() != null && liveLinks.contains(new Link(l.repository(), l.digest()))) {
          live(l.repository(), l.target());
        }
      }
    }
  }

  private void live(String repository, Digest digest) {
    live.add(digest);
    liveLinks.add(new Link(repository, digest));
  }

  boolean isLive(Digest digest) {
    return live.contains(digest);
  }

  /** What is to be deleted, as {@code kind repository digest}. */
  Set<String> eligible() {
    Set<String> eligible = new TreeSet<>();
    for (Manifest m : manifests) {
      if (!live.contains(m.digest()) && !m.dangling()) {
        eligible.add("MANIFEST " + m.repository() + " " + m.digest());
      }
    }
    for (Layer l : layers) {
      boolean linksLiveManifest =
          live.contains(l.digest())
              && manifests.stream().anyMatch(m -> m.repository().equals(l.repository()) && m.digest().equals(l.digest()));
      if (!liveLinks.contains(new Link(l.repository(), l.digest())) && !linksLiveManifest) {
        eligible.add("LAYER " + l.repository() + " " + l.digest());
      }
    }
    for (Blob b : blobs) {
      if (!live.contains(b.digest())) {
        eligible.add("BLOB null " + b.digest());
      }
    }
    return eligible;
  }
}
