package dev.tidemark.images;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Makes the images of a program that {@code release/program} has laid out, without Docker. The file {@code
 * tidemark-service-VERSION-image.tar} has the services, without a broker, and {@code tidemark-VERSION-image.tar} the
 * command. The same files make the same bytes.
 */
public final class Images {

    private Images() {}

    /**
     * @param arguments the program, the directory deploy/image, the base, the version, the revision, the time of all
     *     files, and the directory that the images are written to
     */
    public static void main(String[] arguments) throws Exception {
        Path program = Path.of(arguments[0]);
        Path image = Path.of(arguments[1]);
        var origin = new Image.Origin(arguments[2], arguments[3], arguments[4], Instant.parse(arguments[5]));
        Path to = Path.of(arguments[6]);
        var layers = new Layers(program, image, origin.time());
        Path work = Files.createDirectories(to.resolve("layers"));
        for (Image made : List.of(
                new Image(
                        "tidemark-service",
                        "A garbage collector for container registries: enumerator, marker, sweeper",
                        layers.ofTheServices()),
                new Image(
                        "tidemark",
                        "A garbage collector for container registries: one command, with a Kafka inside",
                        layers.ofTheCommand()))) {
            Path file = to.resolve(made.name() + "-" + origin.version() + "-image.tar");
            System.out.println(file + ": " + made.write(origin, work, file));
        }
    }
}
