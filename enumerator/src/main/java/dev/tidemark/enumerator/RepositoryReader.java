package dev.tidemark.enumerator;

import static dev.tidemark.schemas.Problem.Kind.DANGLING_MANIFEST;
import static dev.tidemark.schemas.Problem.Kind.DANGLING_TAG;
import static dev.tidemark.schemas.Problem.Kind.EMPTY_DIRECTORY;
import static dev.tidemark.schemas.Problem.Kind.INVALID_NAME;
import static dev.tidemark.schemas.Problem.Kind.MISDIRECTED_LINK;
import static dev.tidemark.schemas.Problem.Kind.STRAY;
import static dev.tidemark.schemas.Problem.Kind.SYMBOLIC_LINK;
import static dev.tidemark.schemas.Problem.Kind.UNKNOWN_ALGORITHM;
import static dev.tidemark.schemas.Problem.Kind.UNREADABLE_MANIFEST;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Leaf;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.Storage.Type;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.DigestDirectory;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.StoredManifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Reads one repository: its revisions, then its tags, then the manifests, then its layer links.
 *
 * <p>In this order because the registry may be in use: a push writes layer links first, then the revision, then the tag. A
 * tag that is read after the revisions may name one that was not there yet when they were listed, which is then looked up;
 * the other way round, a manifest could lose its tag between the two looks.
 */
final class RepositoryReader {

  /** Of a link that can't be looked at. */
  private static final Stat UNKNOWN = new Stat(0, 0);

  private final Storage storage;
  private final Manifests manifests;
  private final RunId run;
  private final Input input;

  private final String repository;
  private final Problems problems = new Problems();
  private final Map<Digest, Stat> revisions = new LinkedHashMap<>();
  private final Set<Digest> unreadableLinks = new HashSet<>();
  private final boolean history;
  private TagReader tags;
  /** Why every manifest and layer link of the repository is kept, or null. */
  private String keepAll;
  /** Why every layer link is kept, or null. */
  private String keepLayers;

  /**
   * @param history whether manifests may be deleted in this run, so that their entries in the tags' history are needed
   */
  RepositoryReader(Storage storage, Manifests manifests, RunId run, boolean history, Input input, String repository) {
    this.storage = storage;
    this.manifests = manifests;
    this.run = run;
    this.input = input;
    this.repository = repository;
    this.history = history;
  }

  /** Puts everything that the repository holds into the input, and returns what was not as it should be. */
  Problems read() {
    if (!Layout.validRepository(repository)) {
      problem(INVALID_NAME, repository, "no registry serves it: it is left alone, and so is what it names");
      keepAll = "in a repository whose name is not valid";
    }
    // One look at the revisions first, and the tags after them.
    Listing listed = storage.listed(Layout.manifests(repository));
    listRevisions(listed);
    tags = new TagReader(storage, listed, repository, history, problems);
    tags.read(revisions.keySet());
    keepAll = tags.keepAll() != null ? tags.keepAll() : keepAll;
    lookUpTagged();
    List<EnumeratedRecord.Manifest> records = readManifests();
    List<EnumeratedRecord.Layer> layers = readLayers(storage.listed(Layout.layers(repository)));
    if (records.isEmpty() && tags.count() == 0 && layers.isEmpty()) {
      requireThere();
    }
    // All is read before any of it is sent: a transaction has to end in time.
    records.forEach(record -> input.put(repository, pinned(record)));
    layers.forEach(layer -> input.put(repository, layer));
    input.put(new RepositoryRecord(run, repository, records.size(), tags.count(), layers.size(), problems.examples()));
    return problems;
  }

  private void listRevisions(Listing listed) {
    String directory = Layout.revisions(repository);
    for (Storage.Child child : listed.children(directory)) {
      Runnable unknown = () -> keepAll = "in a repository with revisions of an unknown algorithm";
      algorithm(directory, child, "everything in the repository is kept", unknown).ifPresent(algorithm ->
          eachDigest(listed, directory + "/" + child.name(), algorithm, Layout.LINK, (digest, leaf) -> {
            if (leaf.type() == Type.LINK_OUT_OF_ROOT) {
              unreadableLinks.add(digest);
              revisions.put(digest, UNKNOWN);
            } else if (leaf.stat() == null) {
              // What a manifest that was deleted through the API leaves behind.
              problem(EMPTY_DIRECTORY, directory + "/" + child.name() + "/" + digest.hex(), "it has no link");
            } else {
              revisions.put(digest, leaf.stat());
            }
          }));
    }
  }

  /** A tag may name what the list of revisions hasn't: pushed since, or linked as a layer, as registries of 2.1.0 did. */
  private void lookUpTagged() {
    tags.current().forEach((digest, names) -> {
      if (revisions.containsKey(digest)) {
        return;
      }
      storage.stat(Layout.revision(repository, digest) + "/" + Layout.LINK)
          .or(() -> storage.stat(Layout.layer(repository, digest) + "/" + Layout.LINK)
              .filter(link -> storage.stat(Layout.blob(digest) + "/" + Layout.DATA).isPresent()))
          .ifPresentOrElse(
              stat -> revisions.put(digest, stat),
              () -> names.forEach(tag ->
                  problem(DANGLING_TAG, repository + ":" + tag, "it names " + digest + ", which the repository does not hold")));
    });
  }

  private List<EnumeratedRecord.Manifest> readManifests() {
    List<Digest> digests = List.copyOf(revisions.keySet());
    List<Revision> read = Parallel.map(digests, storage.parallelism(), this::readRevision);
    List<EnumeratedRecord.Manifest> records = new ArrayList<>(read.size());
    for (Revision revision : read) {
      manifest(revision).ifPresent(records::add);
    }
    return records;
  }

  /**
   * What the storage says of a manifest that the repository holds.
   *
   * @param manifest empty if its blob is not there, or may not be read
   * @param forbidden why it may not be read, or null
   */
  private record Revision(Digest digest, LinkFile link, Optional<StoredManifest> manifest, String forbidden) {}

  private Revision readRevision(Digest digest) {
    Stat stat = revisions.get(digest);
    boolean asExpected = stat.md5() != null && stat.md5().equals(LinkFile.md5(digest));
    LinkFile link =
        asExpected
            ? new LinkFile.Names(digest)
            : LinkFile.at(storage, Layout.revision(repository, digest) + "/" + Layout.LINK);
    if (link instanceof LinkFile.Absent && !tagged(digest)) {
      return new Revision(digest, link, Optional.empty(), null);
    }
    try {
      return new Revision(digest, link, manifests.read(digest), null);
    } catch (ForbiddenException e) {
      return new Revision(digest, link, Optional.empty(), e.getMessage());
    }
  }

  private boolean tagged(Digest digest) {
    return tags.current().containsKey(digest) || mayBeNamed(digest);
  }

  private boolean mayBeNamed(Digest digest) {
    return unreadableLinks.contains(digest) || tags.mayBeNamed().contains(digest);
  }

  /** Empty if the manifest was deleted since it was listed. */
  private Optional<EnumeratedRecord.Manifest> manifest(Revision revision) {
    Digest digest = revision.digest();
    long modified = revisions.get(digest).modified();
    var optional = new TreeSet<Digest>();
    String pinned = mayBeNamed(digest) ? "a tag or link that can't be read may name it" : null;
    String where = repository + "@" + digest;
    switch (revision.link()) {
      case LinkFile.Names names -> {
        if (!names.digest().equals(digest)) {
          problem(MISDIRECTED_LINK, where, "the revision link names " + names.digest() + ": both are kept");
          pinned = "its revision link names " + names.digest();
          keepLayers = "in a repository with a revision link that names another digest";
          optional.add(names.digest());
          optional.addAll(namedBy(names.digest()));
        }
      }
      case LinkFile.Unreadable unreadable -> problem(MISDIRECTED_LINK, where, "the revision link can't be read: " + unreadable.why());
      case LinkFile.Absent absent -> {
        if (!tagged(digest)) {
          return Optional.empty();
        }
      }
    }
    List<String> names = tags.current().getOrDefault(digest, List.of());
    List<String> past = tags.history(digest);
    if (revision.forbidden() != null) {
      problem(UNREADABLE_MANIFEST, where, revision.forbidden() + ": everything in the repository is kept");
      keepAll = "in a repository with a manifest that may not be read";
      return Optional.of(new EnumeratedRecord.Manifest(
          digest, null, sizeIfKnown(digest), modified, names, past, List.of(), List.copyOf(optional), "it may not be read", false));
    }
    if (revision.manifest().isEmpty()) {
      problem(DANGLING_MANIFEST, where, names.isEmpty() ? "its blob is not there" : "its blob is not there, and tags name it");
      return Optional.of(new EnumeratedRecord.Manifest(
          digest, null, 0, modified, names, past, List.of(), List.copyOf(optional), pinned, optional.isEmpty()));
    }
    long size = revision.manifest().get().size();
    return Optional.of(
        switch (revision.manifest().get().content()) {
          case ManifestContent.Understood understood -> {
            optional.addAll(understood.foreign());
            if (understood.schema1()) {
              optional.addAll(signaturesOf(digest));
            }
            yield new EnumeratedRecord.Manifest(
                digest, understood.mediaType(), size, modified, names, past,
                understood.references().stream().distinct().toList(), List.copyOf(optional), pinned, false);
          }
          case ManifestContent.Doubtful doubtful -> {
            problem(UNREADABLE_MANIFEST, where, doubtful.why() + ": it is kept, with all that it names and all that the repository links");
            keepLayers = "in a repository with a manifest that can't be understood";
            optional.addAll(doubtful.named());
            yield new EnumeratedRecord.Manifest(
                digest, doubtful.mediaType(), size, modified, names, past, List.of(),
                List.copyOf(optional), doubtful.why(), false);
          }
        });
  }

  private long sizeIfKnown(Digest digest) {
    try {
      return storage.stat(Layout.blob(digest) + "/" + Layout.DATA).map(Stat::size).orElse(0L);
    } catch (ForbiddenException e) {
      return 0;
    }
  }

  /** What the manifest behind a misdirected link names: it is what the registry serves. */
  private Set<Digest> namedBy(Digest digest) {
    try {
      return manifests.read(digest)
          .map(manifest -> switch (manifest.content()) {
            case ManifestContent.Understood understood -> {
              var named = new TreeSet<>(understood.references());
              named.addAll(understood.foreign());
              yield (Set<Digest>) named;
            }
            case ManifestContent.Doubtful doubtful -> doubtful.named();
          })
          .orElse(Set.of());
    } catch (ForbiddenException e) {
      keepAll = "in a repository with a manifest that may not be read";
      return Set.of();
    }
  }

  /** Registries up to 2.5 kept the signatures of schema 1 manifests as blobs of their own. */
  private List<Digest> signaturesOf(Digest digest) {
    return DigestDirectory.list(storage, Layout.revision(repository, digest) + "/signatures");
  }

  private EnumeratedRecord.Manifest pinned(EnumeratedRecord.Manifest record) {
    return keepAll == null || record.pinned() != null || record.dangling()
        ? record
        : new EnumeratedRecord.Manifest(
            record.digest(), record.mediaType(), record.size(), record.modified(), record.tags(), record.history(),
            record.references(), record.optionalReferences(), keepAll, false);
  }

  /** Somebody has seen it. An enumerator that has another storage before it would say that nothing is in it. */
  private void requireThere() {
    if (storage.children(Layout.repository(repository)).isEmpty()) {
      throw new StorageException(
          "the repository " + repository + " was found, and is not in " + storage.description()
              + " (any more): was it removed just now, or has another service another storage?");
    }
  }

  private List<EnumeratedRecord.Layer> readLayers(Listing listed) {
    String directory = Layout.layers(repository);
    List<Digest.Algorithm> algorithms = new ArrayList<>();
    for (Storage.Child child : listed.children(directory)) {
      Runnable unknown = () -> keepLayers = "in a repository with layer links of an unknown algorithm";
      algorithm(directory, child, "all layer links of the repository are kept", unknown).ifPresent(algorithms::add);
    }
    List<EnumeratedRecord.Layer> layers = new ArrayList<>();
    String pinned = keepAll != null ? keepAll : keepLayers;
    for (Digest.Algorithm algorithm : algorithms) {
      eachDigest(listed, directory + "/" + algorithm.prefix(), algorithm, Layout.LINK, (digest, leaf) -> {
        if (leaf.type() == Type.LINK_OUT_OF_ROOT) {
          layers.add(new EnumeratedRecord.Layer(digest, 0, null, "a symbolic link out of the root"));
        } else if (leaf.stat() == null) {
          problem(EMPTY_DIRECTORY, directory + "/" + algorithm.prefix() + "/" + digest.hex(), "it has no link");
        } else {
          layers.add(new EnumeratedRecord.Layer(digest, leaf.stat().modified(), target(digest, leaf.stat()), pinned));
        }
      });
    }
    return layers;
  }

  /**
   * The digest that a layer link names, if it is not its path's. The registry links a blob that was pushed with a sha512
   * digest to the sha256 digest it is stored under. Only a link whose size is not that of its path's digest is read.
   */
  private Digest target(Digest digest, Stat stat) {
    if (stat.size() == digest.toString().length()) {
      return null;
    }
    String path = Layout.layer(repository, digest) + "/" + Layout.LINK;
    return switch (LinkFile.at(storage, path)) {
      case LinkFile.Names names -> names.digest().equals(digest) ? null : names.digest();
      case LinkFile.Absent absent -> null;
      case LinkFile.Unreadable unreadable -> {
        problem(MISDIRECTED_LINK, path, unreadable.why() + ": the digest of its path counts");
        yield null;
      }
    };
  }

  /**
   * The algorithm of a directory; what is under an unknown one can't be told, so what is beside it is kept.
   *
   * @param kept what that is, in words
   * @param unknown sees to it
   */
  private Optional<Digest.Algorithm> algorithm(String directory, Storage.Child child, String kept, Runnable unknown) {
    String path = directory + "/" + child.name();
    Optional<Digest.Algorithm> algorithm = Digest.Algorithm.named(child.name());
    switch (child.type()) {
      case FILE, OTHER -> {
        problem(STRAY, path, "it is no directory");
        return Optional.empty();
      }
      case LINK_OUT_OF_ROOT ->
          // What is there is live, and could name any blob.
          throw new ForbiddenException(
              path + " leads out of the root by a symbolic link, and Tidemark never follows those: mount what it leads to there instead");
      case DIRECTORY, LINK_IN_REGISTRY, NAMELESS -> {
        if (algorithm.isEmpty()) {
          problem(UNKNOWN_ALGORITHM, path, kept);
          unknown.run();
        }
        return algorithm;
      }
    }
    throw new IllegalStateException("not reached");
  }

  private void eachDigest(
      Listing listed, String directory, Digest.Algorithm algorithm, String leafName, BiConsumer<Digest, Leaf> each) {
    listed.leaves(directory, leafName, leaf -> {
      String path = directory + "/" + leaf.name();
      Digest digest = algorithm.ofHex(leaf.name()).orElse(null);
      if (digest == null) {
        problem(STRAY, path, "it is no digest");
      } else if (leaf.type() == Type.FILE || leaf.type() == Type.OTHER) {
        problem(STRAY, path, "it is no directory");
      } else {
        if (leaf.type() == Type.LINK_OUT_OF_ROOT) {
          problem(SYMBOLIC_LINK, path, "it leads out of the root: what it stands for is kept");
        }
        each.accept(digest, leaf);
      }
    });
  }

  private void problem(Problem.Kind kind, String where, String why) {
    problems.add(kind, where, why);
  }
}
