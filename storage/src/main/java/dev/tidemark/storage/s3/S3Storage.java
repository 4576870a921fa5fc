package dev.tidemark.storage.s3;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.layout.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A registry in a bucket (distribution's {@code s3} driver). There are no directories in it, only keys: what has keys below it counts
 * as a directory.
 */
public final class S3Storage implements Storage {

  private static final int KEYS_OF_A_REQUEST = 1000;
  private static final int DELETIONS_AT_ONCE = 8;

  /** A request waits for its answer most of the time. */
  private static final int CALLS_AT_ONCE = 64;

  /** What follows a name is greater than all that is below it as a directory. */
  private static final char AFTER_SLASH = '/' + 1;

  /** S3 says when an object was written to the second, rounded down. */
  private static final long A_SECOND = 1000;

  private final S3AsyncClient client;
  private final String bucket;
  private final String base;
  private final String description;
  private final S3Failures failures;
  private final RequestCount count = new RequestCount();
  private final Patience patience = new Patience();
  private final Semaphore connections = new Semaphore(S3Client.CONNECTIONS);
  private final KeyListing listing;

  /** What is waited for: the SDK goes on with it when it is closed, until a try has taken as long as one may. */
  private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  private S3Storage(StorageSettings.S3 settings, S3Client.Limits limits) {
    client = S3Client.of(settings, count, patience, limits);
    bucket = settings.bucket();
    base = base(settings.rootDirectory());
    description = "s3://" + bucket + "/" + base.substring(0, base.length() - Layout.BASE.length() - 1).replaceAll("/$", "");
    failures = new S3Failures(settings);
    listing = new KeyListing(this::page, CALLS_AT_ONCE);
  }

  /** What all keys begin with: how the driver joins its root directory and a path ({@code s3Path} in s3.go). */
  private static String base(String rootDirectory) {
    String root = rootDirectory.replaceAll("/+$", "");
    return (root + "/" + Layout.BASE + "/").replaceAll("^/+", "");
  }

  /**
   * Opens the storage.
   *
   * @throws StorageException if the bucket can't be listed, or holds no registry
   */
  public static S3Storage open(StorageSettings.S3 settings) {
    return open(settings, S3Client.LIMITS);
  }

  /**
   * @param limits of each try of a request
   */
  static S3Storage open(StorageSettings.S3 settings, S3Client.Limits limits) {
    var storage = new S3Storage(settings, limits);
    try {
      storage.requireRegistry();
      return storage;
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  private void requireRegistry() {
    if (count(base, null, 1) == 0) {
      throw StorageException.settled(
          description + " has no object below " + base + ": it is not the storage of a registry (bucket, rootdirectory)", null);
    }
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public int parallelism() {
    return CALLS_AT_ONCE;
  }

  @Override
  public Map<String, Long> requests() {
    return count.byOperation();
  }

  @Override
  public long retries() {
    return count.retries();
  }

  @Override
  public List<Child> children(String directory) {
    String prefix = prefix(directory);
    List<Child> children = new ArrayList<>();
    pages(ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).delimiter("/").build(), page -> {
      page.commonPrefixes().forEach(below ->
          children.add(new Child(below.prefix().substring(prefix.length(), below.prefix().length() - 1), Type.DIRECTORY)));
      page.contents().stream()
          .map(object -> object.key().substring(prefix.length()))
          .filter(name -> !name.isEmpty())
          .forEach(name -> children.add(new Child(name, Type.FILE)));
      return true;
    });
    return children;
  }

  @Override
  public void leaves(String directory, String leaf, Consumer<Leaf> to) {
    listed(directory).leaves(directory, leaf, to);
  }

  @Override
  public void leaves(String parent, List<String> directories, String leaf, BiConsumer<String, Leaf> to) {
    if (directories.size() == 1) {
      Storage.super.leaves(parent, directories, leaf, to);
      return;
    }
    String prefix = prefix(parent);
    var all = new ListedDirectory(
        this, parent, prefix, listing.between(prefix, prefix + directories.getFirst() + "/", prefix + directories.getLast() + AFTER_SLASH));
    for (String name : directories) {
      all.leaves(parent + "/" + name, leaf, found -> to.accept(name, found));
    }
  }

  @Override
  public int count(String directory, int limit) {
    return count(prefix(directory), "/", limit);
  }

  /** How many keys there are with the prefix, and groups of them up to the delimiter, until there are as many as the limit. */
  private int count(String prefix, String delimiter, int limit) {
    int[] count = {0};
    pages(ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).delimiter(delimiter).maxKeys(limit).build(), page -> {
      count[0] += page.contents().size() + page.commonPrefixes().size();
      return count[0] < limit;
    });
    return Math.min(limit, count[0]);
  }

  /**
   * One page after the other, as long as there are more. A page may have no keys and not be the last.
   *
   * @param goOn takes a page, and says whether the next one is wanted
   */
  private void pages(ListObjectsV2Request request, Predicate<ListObjectsV2Response> goOn) {
    var keys = new KeyOrder(null);
    var groups = new KeyOrder(null);
    String token = null;
    do {
      ListObjectsV2Response page = list(request.toBuilder().continuationToken(token).build());
      if (token != null || page.isTruncated()) {
        keys.page(keys(page));
        groups.page(groups(page));
      }
      token = goOn.test(page) ? next(page, request.prefix(), token) : null;
    } while (token != null);
  }

  @Override
  public Storage listed(String directory) {
    String prefix = prefix(directory);
    // Where the revisions are listed with the tags: none of them after a tag (RepositoryReader says why).
    String cut = directory.endsWith("/" + Layout.MANIFESTS) ? prefix + "tags/" : null;
    return new ListedDirectory(this, directory, prefix, listing.list(prefix, Optional.ofNullable(cut)));
  }

  @Override
  public Optional<Stat> stat(String path) {
    try {
      HeadObjectResponse head = answer("look at", path, () -> client.headObject(request -> request.bucket(bucket).key(key(path))));
      return Optional.of(stat(path, head.contentLength(), head.lastModified(), head.eTag()));
    } catch (NotThereException e) {
      return listedAlone(path);
    }
  }

  /** The answer to a look has no words: a bucket that is gone, or something before the server, answers "not found" just the same. */
  private Optional<Stat> listedAlone(String path) {
    String key = key(path);
    List<Stat> found = new ArrayList<>(1);
    pages(ListObjectsV2Request.builder().bucket(bucket).prefix(key).maxKeys(1).build(), page -> {
      page.contents().stream().filter(object -> object.key().equals(key)).forEach(object -> found.add(object(object).stat()));
      return page.contents().isEmpty();
    });
    return found.stream().findFirst();
  }

  @Override
  public Optional<InputStream> open(String path) {
    try {
      return Optional.of(new ObjectStream(
          path,
          answer("read", path, () ->
              client.getObject(request -> request.bucket(bucket).key(key(path)), AsyncResponseTransformer.toBlockingInputStream()))));
    } catch (NotThereException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Long> delete(String path) {
    Optional<Stat> stat = stat(path);
    if (stat.isPresent()) {
      answer("delete", path, () -> client.deleteObject(request -> request.bucket(bucket).key(key(path))));
    }
    return stat.map(Stat::size);
  }

  @Override
  public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
    List<String> all = List.copyOf(paths);
    List<List<String>> requests = new ArrayList<>();
    for (int from = 0; from < all.size(); from += KEYS_OF_A_REQUEST) {
      requests.add(all.subList(from, Math.min(all.size(), from + KEYS_OF_A_REQUEST)));
    }
    Map<String, StorageException> failed = new LinkedHashMap<>();
    Parallel.map(requests, DELETIONS_AT_ONCE, request -> deleteTogether(request, allowed)).forEach(failed::putAll);
    return failed;
  }

  private Map<String, StorageException> deleteTogether(List<String> paths, BooleanSupplier allowed) {
    List<ObjectIdentifier> keys = paths.stream().map(path -> ObjectIdentifier.builder().key(key(path)).build()).toList();
    DeleteObjectsResponse response;
    try {
      response = answer(
          "delete", paths.getFirst(), () -> client.deleteObjects(request ->
              request.bucket(bucket).delete(delete -> delete.objects(keys)).overrideConfiguration(Allowance.of(allowed))));
    } catch (StorageException e) {
      return paths.stream().collect(Collectors.toMap(path -> path, path -> e));
    }
    Set<String> gone = response.deleted().stream().map(DeletedObject::key).collect(Collectors.toSet());
    Map<String, S3Error> errors = response.errors().stream().collect(Collectors.toMap(S3Error::key, error -> error, (one, other) -> one));
    Map<String, StorageException> failed = new LinkedHashMap<>();
    for (String path : paths) {
      S3Error error = errors.get(key(path));
      if (error != null && !"NoSuchKey".equals(error.code())) {
        failed.put(path, failures.ofDeletion(path, error));
      } else if (error == null && !gone.contains(key(path))) {
        // What nobody says is gone may be there.
        failed.put(path, failures.ofDeletion(path));
      }
    }
    return failed;
  }

  @Override
  public void prune(String directory, String notIncluding) {
    // A directory is gone with its last key.
  }

  @Override
  public boolean mayHoldRepositories(String linkOutOfRoot) {
    throw new IllegalArgumentException("a bucket has no links: " + linkOutOfRoot);
  }

  @Override
  public void close() {
    closed = true;
    pending.forEach(answer -> answer.cancel(true));
    client.close();
  }

  /** A page of the keys after one, for {@link KeyListing}. */
  private KeyListing.Page page(String prefix, String after, String token) {
    ListObjectsV2Response page =
        list(ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).startAfter(token == null ? after : null).continuationToken(token).build());
    return new KeyListing.Page(page.contents().stream().map(this::object).toList(), next(page, prefix, token));
  }

  private KeyListing.Object object(S3Object object) {
    return new KeyListing.Object(object.key(), stat(object.key(), object.size(), object.lastModified(), object.eTag()));
  }

  /** A page that nobody has written as a listing could be read as one of nothing, and what is not listed holds nothing. */
  private ListObjectsV2Response list(ListObjectsV2Request request) {
    ListObjectsV2Response page = answer("list", request.prefix().substring(base.length()), () -> client.listObjectsV2(request));
    if (page.isTruncated() == null) {
      throw new StorageException("cannot list " + request.prefix() + ": what is answered is no listing, it does not say whether it is whole");
    }
    Stream.concat(keys(page).stream(), groups(page).stream()).filter(key -> !key.startsWith(request.prefix())).findFirst().ifPresent(key -> {
      throw new StorageException("cannot list " + request.prefix() + ": the server answers with something else, “" + key + "” was not asked for");
    });
    return page;
  }

  private static List<String> keys(ListObjectsV2Response page) {
    return page.contents().stream().map(S3Object::key).toList();
  }

  private static List<String> groups(ListObjectsV2Response page) {
    return page.commonPrefixes().stream().map(CommonPrefix::prefix).toList();
  }

  /** Where a listing goes on. One that is cut short must not pass for a whole one. */
  private static String next(ListObjectsV2Response page, String prefix, String asked) {
    if (!page.isTruncated()) {
      return null;
    }
    String token = page.nextContinuationToken();
    if (token == null || token.isEmpty() || token.equals(asked)) {
      throw new StorageException("the listing of " + prefix + " was cut short: there is more, and the server does not say where it goes on");
    }
    return token;
  }

  /** As late as it may have been written: what is younger than the cutoff has to count as that. */
  private static Stat stat(String name, Long size, Instant modified, String etag) {
    if (size == null || modified == null) {
      throw new StorageException("the server does not say how large " + name + " is and when it was written");
    }
    long at = modified.toEpochMilli();
    return new Stat(size, at % A_SECOND == 0 ? at + A_SECOND - 1 : at, md5(etag));
  }

  private static String md5(String etag) {
    String tag = etag == null ? "" : etag.replace("\"", "");
    return tag.matches("[0-9a-f]{32}") ? tag : null;
  }

  private String prefix(String directory) {
    return base + directory + "/";
  }

  private String key(String path) {
    return base + path;
  }

  /**
   * @throws NotThereException if there is no such key to read or to look at
   * @throws StorageException if there is no answer, however often it was asked for
   */
  private <T> T answer(String verb, String path, Supplier<CompletableFuture<T>> request) {
    try {
      connections.acquire();
    } catch (InterruptedException e) {
      throw interrupted(verb, path, e);
    }
    long began = System.nanoTime();
    try {
      T answer = awaited(verb, path, request.get());
      patience.answered();
      return answer;
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      if (closed) {
        // Whichever part of the SDK was the first to say so: in its own words they are hard to understand.
        throw failures.closed(verb, path, e);
      }
      if (S3Failures.unanswered(e)) {
        patience.inVain();
      }
      throw failures.of(verb, path, e, Duration.ofNanos(System.nanoTime() - began));
    } finally {
      connections.release();
    }
  }

  private <T> T awaited(String verb, String path, CompletableFuture<T> answer) {
    pending.add(answer);
    try {
      if (closed) {
        // Closed between the question and now: nobody else cancels it.
        answer.cancel(true);
      }
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw interrupted(verb, path, e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
    } finally {
      pending.remove(answer);
    }
  }

  private StorageException interrupted(String verb, String path, InterruptedException e) {
    Thread.currentThread().interrupt();
    return failures.interrupted(verb, path, e);
  }

  /** What is not there. */
  static final class NotThereException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotThereException(Throwable cause) {
      super(cause);
    }
  }

  /** An object's content: what fails on the way is the storage's failure. */
  private final class ObjectStream extends InputStream {

    private final String path;
    private final InputStream content;

    ObjectStream(String path, InputStream content) {
      this.path = path;
      this.content = content;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      try {
        return content.read(buffer, from, length);
      } catch (RuntimeException e) {
        throw failures.ofContent(path, e);
      }
    }

    @Override
    public void close() throws IOException {
      content.close();
    }
  }
}
