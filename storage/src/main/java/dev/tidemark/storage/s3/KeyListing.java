package dev.tidemark.storage.s3;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Lists all keys with a prefix. Each page tells where the next one starts, so a long listing is slow by nature: after a few pages, what
 * is left is cut in two, and each part is listed by itself, and cut again.
 */
final class KeyListing {

  /** Pages from which on a listing is long. */
  static final int LONG = 4;

  /** The order of keys: by the bytes of their UTF-8. */
  static final Comparator<String> ORDER =
      Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private static final char LOWEST = ' ';
  private static final char HIGHEST = 0x7f;
  private static final char AFTER_HEX = 'g';
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{16}");

  private final Pages pages;
  private final int atOnce;

  /** An object as a listing says it. */
  record Object(String key, Storage.Stat stat) {}

  /**
   * @param next where the listing goes on, or null at its end
   */
  record Page(List<Object> objects, String next) {}

  /** Where pages come from. */
  interface Pages {
    /**
     * The next page of the keys with the prefix.
     *
     * @param after only greater keys, on the first page; null for all
     * @param token null for the first page
     */
    Page get(String prefix, String after, String token);
  }

  /**
   * @param atOnce how many pages may be on their way at once
   */
  KeyListing(Pages pages, int atOnce) {
    this.pages = pages;
    this.atOnce = atOnce;
  }

  /**
   * All objects, in the order of their keys.
   *
   * @param cut all keys before it are listed before any key from it on is
   * @throws StorageException if any page can't be had
   */
  List<Object> list(String prefix, Optional<String> cut) {
    List<Object> all = new ArrayList<>();
    if (ends(prefix, null, null, all)) {
      return all;
    }
    String last = all.getLast().key();
    String end = prefix + HIGHEST;
    if (cut.isPresent() && ORDER.compare(last, cut.get()) < 0) {
      all.addAll(new Parts(prefix).list(last, cut.get()));
      last = cut.get();
    }
    all.addAll(new Parts(prefix).list(last, end));
    all.addAll(new Parts(prefix).list(end, null));
    return all;
  }

  /**
   * The objects with greater keys than the first, up to the second and with it, in order.
   *
   * @param prefix of all of them
   * @throws StorageException if any page can't be had
   */
  List<Object> between(String prefix, String after, String upTo) {
    List<Object> all = new ArrayList<>();
    if (!ends(prefix, after, upTo, all)) {
      all.addAll(new Parts(prefix).list(all.getLast().key(), upTo));
    }
    return all;
  }

  /** Adds the objects of the first few pages, until there are some: a page may have none and not be the last. Whether these were all. */
  private boolean ends(String prefix, String after, String upTo, List<Object> all) {
    String token = null;
    for (int page = 0; page < LONG || all.isEmpty(); page++) {
      Page next = pages.get(prefix, after, token);
      for (Object object : next.objects()) {
        if (upTo != null && ORDER.compare(object.key(), upTo) > 0) {
          return true;
        }
        all.add(object);
      }
      token = next.next();
      if (token == null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where to cut what is left of a listing: about in the middle of the directory that it is in, or of all that is left.
   *
   * @param first of the keys of a page
   * @param last of them
   * @param end of what is left
   * @return null if there is nothing between them
   */
  static String middle(String first, String last, String end) {
    int same = 0;
    while (same < first.length() && same < last.length() && first.charAt(same) == last.charAt(same)) {
      same++;
    }
    String directory = last.substring(0, last.lastIndexOf('/', same - 1) + 1);
    boolean digests = last.startsWith(directory) && HEX.matcher(last.substring(directory.length())).lookingAt();
    String near = between(last, directory + (digests ? AFTER_HEX : HIGHEST));
    if (inside(near, last, end)) {
      return near;
    }
    String middle = between(last, end);
    return inside(middle, last, end) ? middle : null;
  }

  private static boolean inside(String key, String low, String high) {
    return key != null && ORDER.compare(key, low) > 0 && ORDER.compare(key, high) < 0;
  }

  /** A key between the two, about in the middle as far as their first different character tells; null if there is none. */
  static String between(String low, String high) {
    int same = 0;
    while (same < low.length() && same < high.length() && low.charAt(same) == high.charAt(same)) {
      same++;
    }
    if (same == high.length()) {
      return null;
    }
    char from = same < low.length() ? low.charAt(same) : LOWEST;
    int middle = (from + high.charAt(same)) / 2;
    if (middle > from && middle < HIGHEST) {
      return high.substring(0, same) + (char) middle;
    }
    if (same >= low.length()) {
      return null;
    }
    // Neighbours: somewhere after the lower one's next character.
    char next = same + 1 < low.length() ? low.charAt(same + 1) : LOWEST;
    int after = (next + HIGHEST) / 2;
    return after > next && after < HIGHEST ? low.substring(0, same + 1) + (char) after : null;
  }

  /** The parts of one long listing. */
  private final class Parts {

    private final String prefix;
    private final SortedMap<String, List<Object>> found = new TreeMap<>(ORDER);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Semaphore requests = new Semaphore(atOnce);
    private final Phaser working = new Phaser(1);

    Parts(String prefix) {
      this.prefix = prefix;
    }

    /**
     * The objects with greater keys than the first, up to the second and with it; null for all.
     */
    List<Object> list(String after, String upTo) {
      begin(after, upTo);
      working.arriveAndAwaitAdvance();
      if (failure.get() instanceof RuntimeException e) {
        throw e;
      } else if (failure.get() instanceof Error e) {
        throw e;
      }
      return found.values().stream().flatMap(List::stream).toList();
    }

    private void begin(String after, String upTo) {
      working.register();
      Thread.ofVirtual().start(() -> {
        try {
          part(after, upTo);
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          working.arriveAndDeregister();
        }
      });
    }

    private void part(String after, String upTo) {
      List<Object> objects = new ArrayList<>();
      String end = upTo;
      String token = null;
      for (int page = 1; failure.get() == null; page++) {
        Page next = page(after, token);
        for (Object object : next.objects()) {
          if (end == null || ORDER.compare(object.key(), end) <= 0) {
            objects.add(object);
          }
        }
        token = next.next();
        String last = next.objects().isEmpty() ? after : next.objects().getLast().key();
        if (token == null || (end != null && ORDER.compare(last, end) >= 0)) {
          break;
        }
        boolean cut = page % LONG == 1 && end != null && !next.objects().isEmpty();
        String middle = cut ? middle(next.objects().getFirst().key(), last, end) : null;
        if (middle != null) {
          begin(middle, end);
          end = middle;
        }
      }
      synchronized (found) {
        found.put(after, objects);
      }
    }

    private Page page(String after, String token) {
      requests.acquireUninterruptibly();
      try {
        return pages.get(prefix, after, token);
      } finally {
        requests.release();
      }
    }
  }
}
