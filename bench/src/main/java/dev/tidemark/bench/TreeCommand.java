package dev.tidemark.bench;

import dev.tidemark.bench.output.Json;
import dev.tidemark.bench.tree.TreeOnDisk;
import dev.tidemark.bench.tree.TreeSize;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes registry trees, and does nothing else. */
@Command(
        name = "tree",
        mixinStandardHelpOptions = true,
        description = "Makes the registry trees of these sizes, and says what is in them.")
final class TreeCommand implements Callable<Integer> {

    @Mixin
    private WorkDirectory directory;

    @Option(
            names = "--leftovers",
            paramLabel = "N",
            defaultValue = "0",
            description = "with so many leftovers: uploads, empty directories and repositories, dangling links, and "
                    + "layer links without a blob")
    private int leftovers;

    @Parameters(paramLabel = "SIZE", arity = "1..*", description = "25k, 260k, 1m, or any number of blobs")
    private List<String> sizes;

    @Override
    public Integer call() {
        for (TreeSize size :
                sizes.stream().map(size -> TreeSize.of(size).with(leftovers)).toList()) {
            var tree = TreeOnDisk.in(
                    directory.path(), size, Runtime.getRuntime().availableProcessors(), System.err::println);
            System.out.println(Json.text(tree.facts()));
        }
        return 0;
    }
}
