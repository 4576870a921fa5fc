package dev.tidemark.bench.tree;

import dev.tidemark.bench.tree.ManifestText.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The layers that images share, in stacks as base images have them, and who needs each. */
final class Stacks {

    /** The images that use a stack. The higher the bit, the more it protects the stack's layers. */
    enum Use {
        UNTAGGED(1),
        CHILD_OF_TAGGED(2),
        TAGGED(4);

        private final int bit;

        Use(int bit) {
            this.bit = bit;
        }
    }

    private final List<List<Part>> layers = new ArrayList<>();
    private final AtomicIntegerArray uses;

    Stacks(int number, long seed) {
        uses = new AtomicIntegerArray(number);
        for (int stack = 0; stack < number; stack++) {
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < TreePlan.SHARED_LAYERS; i++) {
                byte[] content = content(stack, i, seed);
                parts.add(new Part(Sha256.of(content), content.length));
            }
            layers.add(List.copyOf(parts));
        }
    }

    int number() {
        return layers.size();
    }

    /** The layers of a stack; it is used from now on. */
    List<Part> use(int stack, Use use) {
        uses.accumulateAndGet(stack, use.bit, (before, bit) -> before | bit);
        return layers.get(stack);
    }

    /** Writes all stacks, once it is known who uses them. */
    void write(TreeWriter writer, long seed) {
        for (int stack = 0; stack < number(); stack++) {
            for (int i = 0; i < TreePlan.SHARED_LAYERS; i++) {
                Sha256 layer = writer.blob(content(stack, i, seed)).digest();
                int use = uses.get(stack);
                if (use == 0) {
                    writer.counts.garbage(layer);
                } else if (use == Use.UNTAGGED.bit) {
                    writer.counts.untagged(layer);
                } else if ((use & Use.TAGGED.bit) == 0) {
                    writer.counts.lostBy28(layer);
                }
            }
        }
    }

    private static byte[] content(int stack, int layer, long seed) {
        return "shared layer %d of %d, %x\n".formatted(layer, stack, seed).getBytes(StandardCharsets.UTF_8);
    }
}
