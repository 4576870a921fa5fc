package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RowCodecTest {

  private static final Digest SHA256 = RandomInput.digest("a");
  private static final Digest SHA512 = Digest.Algorithm.SHA512.of(new byte[] {1});

  @Property
  void rowsReadBackAsTheyWereWritten(
      @ForAll long run, @ForAll @IntRange(max = 127) int reasons, @ForAll boolean a, @ForAll boolean b, @ForAll boolean c, @ForAll long number, @ForAll @AlphaChars @StringLength(min = 2) String name) {
    var digest = new Row.OfDigest(run, reasons, a, number, number + 1, b, c, a ? SHA512 : null, a ? name : null, number + 2, number + 3);
    var link = new Row.OfLink(run, a, b, number, c ? SHA256 : null);
    var manifest =
        new Row.OfManifest(run, a, number, List.of(name, "latest"), List.of(new Row.Reference(SHA256, b), new Row.Reference(SHA512, c)));

    var all = new DigestRows(a ? digest : null, b ? Map.of(name, link, "b", link) : Map.of(), c ? Map.of(name, manifest) : Map.of(), b);
    assertThat(RowCodec.digestRows(RowCodec.encode(all))).isEqualTo(all);
    assertThat(RowCodec.ofLink(RowCodec.encode(link))).isEqualTo(link);
    assertThat(RowCodec.ofManifest(RowCodec.encode(manifest))).isEqualTo(manifest);
  }

  @Property
  void aKeyTellsItsDigestKindAndRepository(@ForAll String repository, @ForAll boolean sha512) {
    Digest digest = sha512 ? SHA512 : SHA256;
    String name = repository.replaceAll("[^\\x20-\\x7e]", "");
    byte[] key = RowCodec.key(digest, RowCodec.LINK, name);

    assertThat(RowCodec.digest(key)).isEqualTo(digest);
    assertThat(RowCodec.kind(key)).isEqualTo(RowCodec.LINK);
    assertThat(RowCodec.repository(key)).isEqualTo(name);
    assertThat(RowCodec.sameDigest(key, RowCodec.key(digest))).isTrue();
    assertThat(RowCodec.sameDigest(key, RowCodec.key(sha512 ? SHA256 : SHA512))).isFalse();
  }

  @Test
  void theDigestsOwnRowComesFirst() {
    byte[] digest = RowCodec.key(SHA256);
    byte[] link = RowCodec.key(SHA256, RowCodec.LINK, "a");
    byte[] manifest = RowCodec.key(SHA256, RowCodec.MANIFEST, "");

    assertThat(Arrays.compareUnsigned(digest, link)).isNegative();
    assertThat(Arrays.compareUnsigned(link, manifest)).isNegative();
  }

  @Property
  void progressReadsBackAsItWasWritten(@ForAll long run, @ForAll @IntRange(min = 1, max = 12) int partitions, @ForAll boolean deciding) {
    var progress = new Progress(partitions);
    progress.start(run);
    progress.options = new Options(run, deciding, !deciding);
    progress.received[1] = 7;
    progress.promised[2] = 9;
    progress.superstep = 3;
    progress.sent = 11;
    progress.sequenceOut[partitions - 1] = 5;
    progress.sequenceIn[0] = 6;
    progress.ended[0] = 2;
    progress.sentBy[0][1] = 13;
    progress.lastDecided = 17;
    if (deciding) {
      progress.phase = Progress.Phase.DECIDING;
      progress.cursor = RowCodec.key(SHA256);
      progress.eligible = 19;
      progress.checksum = Checksum.of(new byte[] {23});
      progress.totals = new Totals(new Tally(1, 2), Tally.NONE, Map.of(), 3, 4, 5, 6, Map.of("a", 7L), 0, List.of());
    }

    Progress read = Progress.decode(progress.encode());

    assertThat(read).usingRecursiveComparison().isEqualTo(progress);
  }
}
