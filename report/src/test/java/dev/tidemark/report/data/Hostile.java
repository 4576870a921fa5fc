package dev.tidemark.report.data;

import dev.tidemark.evidence.index.TrashInventory.OfRepository;
import dev.tidemark.evidence.index.TrashInventory.OfRun;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Kind;
import java.time.Duration;
import java.util.List;

/** Names as somebody would choose them who can push, or write to the topics, and means harm. */
public final class Hostile {

    /** The script that hostile names try to run. */
    public static final String HARM = "document.documentElement.dataset.harmed='yes'";

    private Hostile() {}

    /**
     * The names.
     *
     * @param elsewhere an address that they would have asked for
     */
    public static List<String> names(String elsewhere) {
        return List.of(
                "</script><script>" + HARM + "</script>",
                "<!--<script>",
                "]]>",
                "\"><img src=x onerror=\"" + HARM + "\">",
                "' autofocus onfocus='" + HARM,
                "<img src=" + elsewhere + "/img><link rel=stylesheet href=" + elsewhere + "/css>",
                "</title></style><svg onload=\"" + HARM + "\">",
                "{{rows}}",
                "{}",
                "$1\\",
                "__proto__",
                "&lt;b&gt;",
                "a\u2028b\u2029c",
                "\u202etxt.exe",
                "bell\u0007\u001b[31m\u0000end",
                "half\ud800",
                "javascript:" + HARM,
                "url(" + elsewhere + "/url)",
                "ünïcode/名前");
    }

    public static ReportedRun index(String elsewhere) {
        List<String> names = names(elsewhere);
        var index = new ReportedRun().named("/registry/" + String.join("", names), String.join(" ", names));
        int number = 0;
        for (String name : names) {
            String blob = "blob" + number++;
            // SQLite keeps text as UTF-8, which has no halves.
            String repository = name.replace("\ud800", "");
            index.trash(new OfRun(repository, 1, 1, 1, 1, List.of(new OfRepository(repository, 1, 1))))
                    .hold(new Hold("held/" + number, null, name, name, 1, null))
                    .blob(blob, 1000L * number, repository)
                    .eligible(Kind.LAYER, blob, repository, 0, repository, Duration.ofDays(3))
                    .eligible(Kind.BLOB, blob, null, 1000L * number, repository, Duration.ofDays(3))
                    .eligible(Kind.MANIFEST, blob, repository, 0, repository, Duration.ofDays(3), name, repository);
        }
        return index;
    }
}
