package dev.tidemark.enumerator.read;

import dev.tidemark.enumerator.pin.StoredBlob;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Problem;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.layout.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Some of the up to 256 directories that the blobs of a digest algorithm are spread over.
 *
 * @param first the name of the first: the first two hex digits of the digests in it
 * @param last the name of the last; if it is another, both are hex digits, and all between them belong to it, there or
 *     not
 */
public record BlobShards(Digest.Algorithm algorithm, String first, String last) {

    private static final int NAME_LENGTH = 2;
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{2}");

    /** About as many blobs are read in one piece: what fits one page of a bucket's listing, most of the time. */
    private static final int BLOBS_OF_A_PIECE = 900;

    /** All shards that there are, a few together where they hold little. */
    public static List<BlobShards> list(Storage storage, Problems problems) {
        List<BlobShards> pieces = new ArrayList<>();
        for (Storage.Child child : storage.children(Layout.BLOBS)) {
            String directory = Layout.BLOBS + "/" + child.name();
            var algorithm =
                    Digest.Algorithm.named(child.name()).filter(known -> isDirectory(child, directory, problems));
            if (algorithm.isEmpty()) {
                boolean stray = child.type() != Storage.Type.NAMELESS && !Layout.mayBeAlgorithm(child.name());
                problems.leftAlone(
                        new Problem(
                                stray ? Problem.Kind.STRAY : Problem.Kind.UNKNOWN_ALGORITHM,
                                directory,
                                "nothing in it is collected"),
                        storage,
                        child.type());
                continue;
            }
            List<String> hex = new ArrayList<>();
            NavigableSet<String> outside = new TreeSet<>();
            for (Storage.Child shard : storage.children(directory)) {
                if (shard.type() == Storage.Type.LINK_OUT_OF_ROOT) {
                    outside.add(shard.name());
                }
                if (isDirectory(shard, directory + "/" + shard.name(), problems)) {
                    if (HEX.matcher(shard.name()).matches()) {
                        hex.add(shard.name());
                    } else if (shard.name().length() == NAME_LENGTH) {
                        pieces.add(new BlobShards(algorithm.get(), shard.name(), shard.name()));
                    } else {
                        problems.leftAlone(
                                stray(directory + "/" + shard.name(), "it is no shard of blobs"),
                                storage,
                                shard.type());
                    }
                } else if (shard.type() == Storage.Type.FILE) {
                    problems.unknown(storage.files(directory + "/" + shard.name()));
                }
            }
            hex.sort(null);
            pieces.addAll(pieces(algorithm.get(), hex, outside, shardsOfAPiece(storage, directory, hex)));
        }
        return pieces;
    }

    private static Problem stray(String path, String why) {
        return new Problem(Problem.Kind.STRAY, path, why);
    }

    private static boolean isDirectory(Storage.Child child, String path, Problems problems) {
        switch (child.type()) {
            case DIRECTORY, LINK_IN_REGISTRY -> {
                return true;
            }
            case LINK_OUT_OF_ROOT ->
                problems.add(Problem.Kind.SYMBOLIC_LINK, path, "it leads out of the root: nothing in it is collected");
            case NAMELESS -> problems.add(Problem.Kind.STRAY, path, "its name is no text in this locale");
            case FILE, OTHER -> problems.add(Problem.Kind.STRAY, path, "it is no directory");
        }
        return false;
    }

    /** Digests are spread evenly: a few shards tell how much is in all of them. */
    private static int shardsOfAPiece(Storage storage, String directory, List<String> names) {
        if (names.isEmpty()) {
            return 1;
        }
        List<String> some = Stream.of(names.getFirst(), names.get(names.size() / 2), names.getLast())
                .distinct()
                .toList();
        int most = Parallel.map(
                        some, storage.parallelism(), name -> storage.count(directory + "/" + name, BLOBS_OF_A_PIECE))
                .stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        return BLOBS_OF_A_PIECE / Math.max(1, most);
    }

    /**
     * @param outside names that no piece may have in it
     */
    private static List<BlobShards> pieces(
            Digest.Algorithm algorithm, List<String> names, NavigableSet<String> outside, int shardsOfAPiece) {
        List<BlobShards> pieces = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= names.size(); to++) {
            String last = names.get(to - 1);
            if (to == names.size()
                    || to - from == shardsOfAPiece
                    || !outside.subSet(last, names.get(to)).isEmpty()) {
                pieces.add(new BlobShards(algorithm, names.get(from), last));
                from = to;
            }
        }
        return pieces;
    }

    /**
     * Reads the shards' blobs.
     *
     * @param to takes each
     * @param left takes the directory of a blob whose bytes are not there
     */
    public BlobTotals read(Storage storage, Consumer<StoredBlob> to, Consumer<String> left, Problems problems) {
        String directory = Layout.BLOBS + "/" + algorithm.prefix();
        Digest ofNothing = algorithm.of(new byte[0]);
        long[] totals = {0, 0};
        storage.leaves(directory, names(), Layout.DATA, (name, leaf) -> {
            String path = directory + "/" + name + "/" + leaf.name();
            Digest digest = algorithm.ofHex(leaf.name()).orElse(null);
            if (digest == null || !leaf.name().startsWith(name)) {
                problems.leftAlone(stray(path, "it is no blob of this shard"), storage, leaf.type());
                return;
            }
            switch (leaf.type()) {
                case DIRECTORY, LINK_IN_REGISTRY -> {
                    if (leaf.stat() == null) {
                        left.accept(path);
                    } else {
                        if (leaf.stat().size() == 0 && !digest.equals(ofNothing)) {
                            problems.add(
                                    Problem.Kind.EMPTIED_BLOB,
                                    path,
                                    "it has 0 bytes, as a crash leaves a file: an image that needs it is broken");
                        }
                        totals[0]++;
                        totals[1] += leaf.stat().size();
                        to.accept(new StoredBlob(
                                digest, leaf.stat().size(), leaf.stat().modified(), false));
                    }
                }
                case LINK_OUT_OF_ROOT -> {
                    problems.add(Problem.Kind.SYMBOLIC_LINK, path, "it leads out of the root: it is not collected");
                    totals[0]++;
                    to.accept(new StoredBlob(digest, 0, 0, true));
                }
                case NAMELESS, FILE, OTHER ->
                    problems.leftAlone(stray(path, "it is no directory"), storage, leaf.type());
            }
        });
        return new BlobTotals(totals[0], totals[1]);
    }

    /** Whether a blob of that digest would be in one of them. */
    public boolean mayHave(Digest digest) {
        String name = digest.hex().substring(0, NAME_LENGTH);
        return digest.algorithm() == algorithm && first.compareTo(name) <= 0 && name.compareTo(last) <= 0;
    }

    /** From the first to the last, in order. */
    private List<String> names() {
        if (first.equals(last)) {
            return List.of(first);
        }
        if (!HEX.matcher(first).matches() || !HEX.matcher(last).matches() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException("no shards: from " + first + " to " + last);
        }
        return IntStream.rangeClosed(Integer.parseInt(first, 16), Integer.parseInt(last, 16))
                .mapToObj("%02x"::formatted)
                .toList();
    }

    /** How many blobs there are, and their bytes. */
    public record BlobTotals(long blobs, long bytes) {}
}
