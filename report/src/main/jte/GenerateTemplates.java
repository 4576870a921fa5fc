import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.resolve.DirectoryCodeResolver;
import java.nio.file.Path;

/**
 * Makes Java classes of the templates beside it, for the build: no template is read, and nothing is compiled, when a
 * report is made.
 */
class GenerateTemplates {

  /** Takes the templates' folder, and the folder for the classes. */
  public static void main(String[] folders) {
    var templates = new DirectoryCodeResolver(Path.of(folders[0]));
    TemplateEngine engine =
        TemplateEngine.create(templates, Path.of(folders[1]), ContentType.Html, null, "dev.tidemark.report.page");
    engine.setTrimControlStructures(true);
    engine.generateAll();
  }
}
