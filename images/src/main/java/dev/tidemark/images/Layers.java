package dev.tidemark.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The layers of the images. Those that change least come first, and both images share all that the services need: what
 * only the command needs, the broker most of all, comes on top of it.
 *
 * @param program a directory that {@code release/program} has made, which may have a start-up cache and a list of
 *     components
 * @param image the scripts of the images and their users
 * @param time of every file: with it the same files make the same bytes, and the start-up cache fits
 */
record Layers(Path program, Path image, Instant time) {

    /** The user of the images. Any other can have a new volume, too: it takes the mode of the directory. */
    private static final String USER = "65532:65532";

    private static final AbsoluteUnixPath HOME = AbsoluteUnixPath.get("/opt/tidemark");
    private static final String OWN_JAR = "tidemark-";
    private static final String SQLITE = "libsqlitejdbc.so";

    List<FileEntriesLayer> ofTheServices() throws IOException {
        Set<String> jars = jarsOfTheServices();
        return List.of(
                layer("java", below("java", file -> true)),
                layer("native", below("native", file -> !name(file).equals(SQLITE))),
                layer("lib", below("lib", file -> jars.contains(name(file)) && !isOwn(file))),
                layer("drivers", below("drivers", file -> true)),
                settings(),
                layer(
                        "tidemark",
                        Stream.concat(
                                below("lib", file -> jars.contains(name(file)) && isOwn(file)),
                                ofThose("LICENSE", "NOTICE", "sbom.cdx.json"))));
    }

    List<FileEntriesLayer> ofTheCommand() throws IOException {
        Set<String> jars = jarsOfTheServices();
        Stream<Path> command = Stream.of(
                        below("lib", file -> !jars.contains(name(file)) && isOwn(file)),
                        ofThose("tidemark", "complete"))
                .flatMap(files -> files);
        Stream<Path> libraries = Stream.concat(
                below("lib", file -> !jars.contains(name(file)) && !isOwn(file)),
                below("native", file -> name(file).equals(SQLITE)));
        return Stream.concat(
                        ofTheServices().stream(),
                        Stream.of(
                                layer("lib of the command", libraries),
                                layer("command", command),
                                layer("start-up cache", below("cache", file -> true))))
                .filter(layer -> !layer.getEntries().isEmpty())
                .toList();
    }

    /** What is not of the program: the entry point, the users instead of the base's, and the directory for data. */
    private FileEntriesLayer settings() throws IOException {
        var layer = FileEntriesLayer.builder().setName("settings");
        for (String script : List.of("tidemark", "tidemark-health")) {
            layer.addEntry(
                    image.resolve(script),
                    AbsoluteUnixPath.get("/usr/local/bin/" + script),
                    FilePermissions.fromOctalString("755"),
                    time);
        }
        for (String file : List.of("passwd", "group")) {
            layer.addEntry(
                    image.resolve(file),
                    AbsoluteUnixPath.get("/etc/" + file),
                    FilePermissions.fromOctalString("644"),
                    time);
        }
        return layer.addEntry(
                        image,
                        AbsoluteUnixPath.get("/var/lib/tidemark"),
                        FilePermissions.fromOctalString("777"),
                        time,
                        USER)
                .build();
    }

    private FileEntriesLayer layer(String name, Stream<Path> files) throws IOException {
        var layer = FileEntriesLayer.builder().setName(name);
        for (Path file : files.toList()) {
            layer.addEntry(
                    file,
                    HOME.resolve(program.relativize(file)),
                    FilePermissions.fromPosixFilePermissions(Files.getPosixFilePermissions(file)),
                    time);
        }
        return layer.build();
    }

    private Stream<Path> below(String directory, Predicate<Path> which) throws IOException {
        Path top = program.resolve(directory);
        if (!Files.exists(top)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(Files::isRegularFile).filter(which).sorted().toList().stream();
        }
    }

    private Stream<Path> ofThose(String... names) {
        return Stream.of(names).map(program::resolve).filter(Files::exists);
    }

    /** The jar of the services names the jars that it needs. */
    private Set<String> jarsOfTheServices() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(program.resolve("lib"), OWN_JAR + "service-*.jar")) {
            Path service = jars.iterator().next();
            try (var jar = new JarFile(service.toFile())) {
                String needed = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
                return Stream.concat(Stream.of(name(service)), Stream.of(needed.split(" ")))
                        .collect(Collectors.toUnmodifiableSet());
            }
        }
    }

    private static boolean isOwn(Path jar) {
        return name(jar).startsWith(OWN_JAR);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
