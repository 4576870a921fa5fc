package dev.tidemark.enumerator.read;

import dev.tidemark.enumerator.pin.FoundLeftover;
import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.enumerator.pin.TagFacts;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.TagsRecord.Past;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.ManifestLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the links of a repository that name a manifest which is not there: tags, entries in their histories, and
 * revisions. No registry serves any of them. How long that has been so no file says: the runs that see it do.
 */
final class DanglingLinks {

    private final String repository;
    private final DanglingSource source;

    DanglingLinks(String repository, DanglingSource source) {
        this.repository = repository;
        this.source = source;
    }

    /** Those among what was read. A tag's history goes with the tag. */
    List<FoundLeftover> of(TagFacts tags, List<Revision> revisions) {
        Map<Digest, Revision> held = new HashMap<>();
        revisions.forEach(revision -> held.put(revision.digest(), revision));
        List<FoundLeftover> found = new ArrayList<>();
        for (Tag tag : tags.readable()) {
            Revision named = held.get(tag.digest());
            if (named == null || named.dangling()) {
                String why = whyKept(tag, named, held);
                found.add(link(ManifestLink.current(tag.name()), tag.digest(), tag.pushed(), why));
            } else {
                past(tag, tags.subjects(), held.keySet(), found);
            }
        }
        List<Revision> dangling = revisions.stream().filter(Revision::dangling).toList();
        Set<Digest> named = dangling.isEmpty()
                ? Set.of()
                : revisions.stream().flatMap(Revision::names).collect(Collectors.toSet());
        for (Revision revision : dangling) {
            Digest digest = revision.digest();
            String why = named.contains(digest)
                    ? "a manifest of the repository names it"
                    : tags.inUnreadable().contains(digest)
                            ? "a tag that can't be read may name it"
                            : uncertain(revision);
            found.add(link(ManifestLink.revision(digest), digest, revision.modified(), why));
        }
        return found;
    }

    /** Its history goes with a tag. By it a policy may keep the manifests that the tag has named before. */
    private static String whyKept(Tag tag, Revision named, Map<Digest, Revision> held) {
        if (tag.held() != null) {
            return tag.held();
        }
        boolean there = tag.history().stream()
                .map(past -> held.get(past.digest()))
                .anyMatch(past -> past != null && !past.dangling());
        return there ? "its history names a manifest that is there" : named == null ? null : uncertain(named);
    }

    /** An entry of which only the directory is left has no time, and is no link. */
    private void past(Tag tag, Set<Digest> subjects, Set<Digest> held, List<FoundLeftover> found) {
        for (Past past : tag.history()) {
            if (past.pushed() != TagReader.UNKNOWN && !held.contains(past.digest())) {
                String why = subjects.contains(past.digest()) ? LeftoverReader.TRACE : tag.held();
                found.add(link(ManifestLink.past(tag.name(), past.digest()), past.digest(), past.pushed(), why));
            }
        }
    }

    private static String uncertain(Revision revision) {
        return revision.outOfRoot()
                ? "its revision link is behind a symbolic link"
                : revision.link() instanceof Link.Unreadable ? "its revision link can't be read" : null;
    }

    private FoundLeftover link(ManifestLink link, Digest names, long modified, String why) {
        String path = link.path();
        return new FoundLeftover(
                Kind.LINK,
                Layout.leftoverDigest(repository, path),
                path,
                Math.max(modified, source.since(link.file(repository))),
                names.toString().length(),
                why != null ? why : source.kept(),
                names,
                link.isTag() ? link.tag() : null);
    }
}
