package dev.tidemark.sweeper.undo;

import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.storage.layout.LayoutEntry.NamedTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The files that come back, as they are added up. Several threads do so. */
final class UndoSum {

    private final Set<String> manifests = new TreeSet<>();
    private final List<String> tags = new ArrayList<>();
    private final List<LayoutEntry> broken = new ArrayList<>();
    private final List<NamedTag> tagsOfNothing = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private Tally restored = Tally.NONE;
    private long inPlace;

    synchronized void back(Trashed file) {
        restored = restored.plus(file.size());
        LayoutEntry.of(file.path())
                .or(() -> LayoutEntry.manifestOf(file.path()))
                .filter(entry -> entry.kind() == Kind.MANIFEST)
                .ifPresent(revision -> manifests.add(revision.repository() + "@" + revision.digest()));
        LayoutEntry.tagOf(file.path()).ifPresent(tag -> tags.add(tag.repository() + ":" + tag.tag()));
    }

    synchronized void broken(LayoutEntry revision) {
        broken.add(revision);
    }

    synchronized void ofNothing(NamedTag tag) {
        tagsOfNothing.add(tag);
    }

    /** The images that seemed to lack something. */
    synchronized List<LayoutEntry> broken() {
        return List.copyOf(broken);
    }

    /** The tags that seemed to name nothing. */
    synchronized List<NamedTag> tagsOfNothing() {
        return List.copyOf(tagsOfNothing);
    }

    synchronized void add(Tally more) {
        restored = restored.plus(more);
    }

    synchronized void inPlace() {
        inPlace++;
    }

    synchronized void failed(String why) {
        failed.add(why);
    }

    synchronized Undo.Outcome outcome() {
        return new Undo.Outcome(
                restored,
                inPlace,
                List.copyOf(manifests),
                tags.stream().sorted().toList(),
                List.copyOf(failed));
    }
}
