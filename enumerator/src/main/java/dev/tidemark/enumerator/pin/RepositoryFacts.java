package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.TagsRecord.Subject;
import dev.tidemark.schemas.Tally;
import java.util.List;
import java.util.Map;

/**
 * A repository as its storage has it: the facts that were found, without a judgement. A repository may have
 * hundreds of thousands of each, so nothing is copied.
 *
 * @param validName whether a registry can serve a repository of this name
 * @param unknownRevisions whether there are revisions of a digest algorithm that we don't know
 * @param revisions the manifests that it holds, in the order in which they were found
 * @param unknownLayers whether there are layer links of a digest algorithm that we don't know
 * @param leftovers those in it, or the repository itself if it is one
 * @param subjects the facts that are known of the digests that tags of referrers are named for; empty where the run's
 *     policy does not ask
 * @param links files of its revisions, layer links and tags, with their bytes
 * @param histories the files in its tags' histories, with their bytes; null if some were not read
 */
public record RepositoryFacts(
        String name,
        boolean validName,
        boolean unknownRevisions,
        TagFacts tags,
        List<Revision> revisions,
        boolean unknownLayers,
        List<LayerLink> layers,
        List<FoundLeftover> leftovers,
        Map<Digest, Subject> subjects,
        Tally links,
        Tally histories) {}
