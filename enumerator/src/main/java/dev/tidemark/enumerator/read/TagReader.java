package dev.tidemark.enumerator.read;

import static dev.tidemark.schemas.Problem.Kind.STRAY;
import static dev.tidemark.schemas.Problem.Kind.UNREADABLE_TAG;

import dev.tidemark.enumerator.pin.TagFacts;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.TagsRecord.Past;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Child;
import dev.tidemark.storage.Storage.Leaf;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.Storage.Type;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the tags of a repository: the manifest that each names, and, where manifests may be deleted, those that it has
 * named before.
 */
final class TagReader {

    private static final String INVALID = "its name is not valid";

    /** The time of an entry of which only the directory is left: long ago. */
    static final long UNKNOWN = 0;

    private final Storage storage;
    private final Listing listed;
    private final String repository;
    private final boolean withHistory;
    private final Problems problems;

    private final Map<Digest, List<String>> current = new HashMap<>();
    private final Map<Digest, List<String>> histories = new HashMap<>();
    private final List<Tag> readable = new ArrayList<>();
    private final Set<Digest> inUnreadable = new HashSet<>();
    private final List<String> left = new ArrayList<>();
    private boolean unreadableWithoutHistory;
    private long count;
    private Tally files = Tally.NONE;
    private Tally pastFiles = Tally.NONE;

    /** @param files with their bytes; null if they were not read */
    private record History(List<Past> past, Tally files) {

        static final History UNREAD = new History(List.of(), null);
    }

    /**
     * @param listed the repository's manifests, as one listing had them
     */
    TagReader(Storage storage, Listing listed, String repository, boolean withHistory, Problems problems) {
        this.storage = storage;
        this.listed = listed;
        this.repository = repository;
        this.withHistory = withHistory;
        this.problems = problems;
    }

    /**
     * Reads all tags.
     *
     * @param revisions what a tag most likely names
     */
    TagFacts read(Set<Digest> revisions) {
        List<Leaf> leaves = new ArrayList<>();
        listed.leaves(Layout.tags(repository), Layout.CURRENT_LINK, leaves::add);
        Map<String, Digest> byMd5 = leaves.stream()
                        .anyMatch(leaf -> leaf.stat() != null && leaf.stat().md5() != null)
                ? byMd5(revisions)
                : Map.of();
        List<LinkFile> links = Parallel.map(leaves, storage.parallelism(), leaf -> link(leaf, byMd5));
        for (int i = 0; i < leaves.size(); i++) {
            readTag(leaves.get(i), links.get(i));
        }
        return new TagFacts(count, current, histories, readable, inUnreadable, unreadableWithoutHistory);
    }

    /** The current links, with their bytes. */
    Tally files() {
        return files;
    }

    /** The links in the histories, with their bytes; null if some were not read. */
    Tally pastFiles() {
        return pastFiles;
    }

    /** The names of directories that have no current link. */
    List<String> left() {
        return left;
    }

    private static Map<String, Digest> byMd5(Set<Digest> revisions) {
        Map<String, Digest> byMd5 = new HashMap<>();
        revisions.forEach(digest -> byMd5.put(LinkFile.md5(digest), digest));
        return byMd5;
    }

    private LinkFile link(Leaf leaf, Map<String, Digest> byMd5) {
        boolean isTag = leaf.type() == Type.DIRECTORY || leaf.type() == Type.LINK_IN_REGISTRY;
        if (!isTag || leaf.stat() == null) {
            return new LinkFile.Absent();
        }
        Digest known = leaf.stat().md5() == null ? null : byMd5.get(leaf.stat().md5());
        return known != null
                ? new LinkFile.Names(known)
                : LinkFile.at(storage, Layout.currentLink(repository, leaf.name()));
    }

    private void readTag(Leaf leaf, LinkFile link) {
        String tag = leaf.name();
        String path = Layout.tags(repository) + "/" + tag;
        switch (leaf.type()) {
            case FILE, OTHER -> {
                problems.leftAlone(new Problem(STRAY, path, "it is no directory"), listed, leaf.type());
                return;
            }
            case LINK_OUT_OF_ROOT -> {
                count++;
                unreadableTag(path, "it is a symbolic link out of the root", List.of());
                return;
            }
            case NAMELESS -> {
                count++;
                unreadableTag(path, "its name is no text in this locale", List.of());
                return;
            }
            case DIRECTORY, LINK_IN_REGISTRY -> {
                // A tag.
            }
        }
        History history = historyOf(tag);
        List<Past> past = history.past();
        if (leaf.stat() == null) {
            left.add(tag);
            return;
        }
        files = files.plus(leaf.stat().size());
        pastFiles = pastFiles == null || history.files() == null ? null : pastFiles.plus(history.files());
        switch (link) {
            case LinkFile.Names names -> {
                count++;
                current.computeIfAbsent(names.digest(), digest -> new ArrayList<>())
                        .add(tag);
                readable.add(new Tag(tag, names.digest(), leaf.stat().modified(), null, past, held(leaf), null, null));
            }
            case LinkFile.Absent absent -> {
                // Deleted since it was listed: no tag any more.
            }
            case LinkFile.Unreadable unreadable -> {
                count++;
                unreadableTag(path, unreadable.why(), past);
            }
        }
    }

    /**
     * It names one of those that it has named before; if even those aren't known, any of the repository's, and that is
     * kept whole.
     */
    private void unreadableTag(String path, String why, List<Past> past) {
        if (past.isEmpty()) {
            problems.add(UNREADABLE_TAG, path, why + ": every manifest and layer link of the repository is kept");
            unreadableWithoutHistory = true;
        } else {
            problems.add(UNREADABLE_TAG, path, why + ": everything in its history is kept");
            past.forEach(entry -> inUnreadable.add(entry.digest()));
        }
    }

    /** Why a tag stays whatever a policy says, or null: no sweep deletes through a link, nor by another name. */
    private static String held(Leaf leaf) {
        if (leaf.type() == Type.LINK_IN_REGISTRY) {
            return "it is behind a symbolic link";
        }
        return Layout.validTag(leaf.name()) ? null : INVALID;
    }

    private History historyOf(String tag) {
        String history = Layout.history(repository, tag);
        if (!withHistory) {
            return listed.atHand() ? new History(List.of(), listed.files(history)) : History.UNREAD;
        }
        List<Past> past = new ArrayList<>();
        Tally[] files = {Tally.NONE};
        for (Child child : listed.children(history)) {
            Digest.Algorithm.named(child.name())
                    .ifPresent(algorithm -> listed.leaves(
                            history + "/" + child.name(),
                            Layout.LINK,
                            entry -> algorithm.ofHex(entry.name()).ifPresent(digest -> {
                                Stat stat = entry.stat();
                                past.add(new Past(digest, stat == null ? UNKNOWN : stat.modified()));
                                files[0] = stat == null ? files[0] : files[0].plus(stat.size());
                            })));
        }
        if (Layout.validTag(tag)) {
            past.forEach(entry -> histories
                    .computeIfAbsent(entry.digest(), d -> new ArrayList<>())
                    .add(tag));
        }
        return new History(past, files[0]);
    }
}
