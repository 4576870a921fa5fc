package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Hold.Subject;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that all that is held is pinned, and so live, and that no tag of it goes: that nothing live was deleted is
 * proved elsewhere.
 */
final class HoldsCheck {

    private final Connection connection;
    private final Findings findings;
    private final boolean whole;

    /** @param whole all records of the enumerated manifests, layer links and blobs are there */
    HoldsCheck(Connection connection, Findings findings, boolean whole) {
        this.connection = connection;
        this.findings = findings;
        this.whole = whole;
    }

    /** @param holds that counted, by the run's own plan */
    void check(List<Hold> holds) {
        holds.forEach(this::check);
    }

    private void check(Hold hold) {
        switch (hold.subject()) {
            case Subject.OfDigest of -> {
                blob(hold, of.digest());
                going(hold, "(d.text = ? OR t.name GLOB ?)", of.digest().toString(), tags(of.digest()));
            }
            case Subject.OfManifest of -> {
                blob(hold, of.digest());
                manifest(hold, of.repository(), of.digest());
                unpinned(hold, "layer", """
        SELECT ?, k.record FROM layer k JOIN digest d ON d.id = k.digest JOIN repository p ON p.id = k.repository
        WHERE k.pinned IS NULL AND d.text = ? AND p.name = ?""", of.digest().toString(), of.repository());
            }
            case Subject.OfTag of -> tag(hold, of);
            case Subject.OfRepositories of ->
                repositories().stream().filter(of.glob()::matches).forEach(name -> {
                    unpinned(hold, "manifest", """
        SELECT ?, m.record FROM manifest m JOIN repository p ON p.id = m.repository
        WHERE m.pinned IS NULL AND NOT m.dangling AND p.name = ?""", name);
                    unpinned(hold, "layer link", """
        SELECT ?, k.record FROM layer k JOIN repository p ON p.id = k.repository WHERE k.pinned IS NULL
          AND p.name = ?""", name);
                    going(hold, "p.name = ?", name);
                });
        }
    }

    /**
     * Checks the manifest that the tag names. If the tag is gone, and not just its record, it is the one that the tag
     * named when the hold was made.
     */
    private void tag(Hold hold, Subject.OfTag of) {
        List<String> named = new ArrayList<>();
        Sql.each(
                connection,
                "SELECT d.text FROM tag t JOIN digest d ON d.id = t.digest JOIN repository p ON p.id = t.repository "
                        + "WHERE t.current AND t.name = ? AND p.name = ?",
                row -> named.add(row.getString(1)),
                of.tag(),
                of.repository());
        if (!named.isEmpty()) {
            manifest(hold, of.repository(), Digest.parse(named.getFirst()));
        } else if (hold.digest() != null && whole) {
            manifest(hold, of.repository(), hold.digest());
        }
    }

    private void blob(Hold hold, Digest digest) {
        unpinned(
                hold,
                "blob",
                "SELECT ?, b.record FROM blob b JOIN digest d ON d.id = b.digest WHERE b.pinned IS NULL AND d.text = ?",
                digest.toString());
    }

    private void manifest(Hold hold, String repository, Digest digest) {
        unpinned(hold, "manifest", """
        SELECT ?, m.record FROM manifest m JOIN digest d ON d.id = m.digest JOIN repository p ON p.id = m.repository
        WHERE m.pinned IS NULL AND NOT m.dangling AND d.text = ? AND p.name = ?""", digest.toString(), repository);
        going(hold, "(d.text = ? OR t.name GLOB ?) AND p.name = ?", digest.toString(), tags(digest), repository);
    }

    /** The tags of a digest's referrers, and some that no run lets go. */
    private static String tags(Digest digest) {
        return digest.toString().replace(':', '-') + "*";
    }

    private void going(Hold hold, String where, Object... values) {
        contradicted(hold, "a tag goes", """
        SELECT ?, m.record FROM tag t JOIN manifest m ON m.digest = t.digest AND m.repository = t.repository
          JOIN digest d ON d.id = t.digest JOIN repository p ON p.id = t.repository
        WHERE t.going IS NOT NULL AND\s""" + where, values);
    }

    private List<String> repositories() {
        List<String> names = new ArrayList<>();
        Sql.each(connection, "SELECT name FROM repository", row -> names.add(row.getString(1)));
        return names;
    }

    private void unpinned(Hold hold, String what, String select, Object... values) {
        contradicted(hold, "a " + what + " is not pinned", select, values);
    }

    private void contradicted(Hold hold, String what, String select, Object... values) {
        Object[] all = new Object[values.length + 1];
        all[0] = what + ", and " + hold.of() + " is " + hold.words();
        System.arraycopy(values, 0, all, 1, values.length);
        findings.addAll(Finding.Kind.CONTRADICTION, select, all);
    }
}
