package dev.tidemark.release;

import dev.tidemark.cli.Main;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual pages of all commands, of section 1, to a directory that it makes. */
public final class ManualPages {

    private ManualPages() {}

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Path to = Files.createDirectories(Path.of(arguments[0]));
        Path sources = Files.createTempDirectory("manual");
        CommandLine tidemark = Main.commandLine();
        int exitCode = ManPageGenerator.generateManPage(
                sources.toFile(), null, new boolean[0], true, tidemark.getCommandSpec());
        if (exitCode != 0) {
            System.exit(exitCode);
        }
        try (Asciidoctor asciidoctor = Asciidoctor.Factory.create()) {
            for (File source : sources.toFile().listFiles()) {
                asciidoctor.convertFile(
                        source,
                        Options.builder()
                                .backend("manpage")
                                .safe(SafeMode.SAFE)
                                .toDir(to.toFile())
                                .build());
            }
        }
    }
}
