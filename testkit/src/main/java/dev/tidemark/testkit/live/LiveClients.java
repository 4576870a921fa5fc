package dev.tidemark.testkit.live;

import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.DockerRegistry.RefusedException;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Clients of a live registry, which push images, push again what was just deleted, tag, delete and pull; and the model
 * of what they believe: an image whose push was acknowledged, and that none of them has deleted, is there.
 */
public final class LiveClients implements AutoCloseable {

    private static final List<String> REPOSITORIES = List.of("team/app", "team/web", "other");

    /** In ms. */
    private static final int LONGEST_PAUSE = 100;

    private final Supplier<DockerRegistry> registry;
    private final BooleanSupplier hurry;
    private final List<Slot> slots = new ArrayList<>();
    private final BrokenPushes broken;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> clients = new ArrayList<>();
    private Future<?> watch;
    private volatile boolean stopped;

    private final AtomicLong pushed = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong deleted = new AtomicLong();
    private final AtomicLong brokenPulls = new AtomicLong();

    /** The way in which a client makes sure that a blob is there. */
    private enum Way {
        /** It asks for it, and uploads it only if it is not there. */
        ASK,
        /** It has another repository's linked, and uploads it if there is none. */
        MOUNT,
        UPLOAD
    }

    /**
     * Clients that have not begun yet.
     *
     * @param registry as it is reached at the moment
     * @param storage of the registry
     * @param hurry whether the moment is one that hurts: clients make no pauses then
     * @param images how many there are in each repository, each in {@link TinyImage#VARIANTS} variants
     */
    public LiveClients(Supplier<DockerRegistry> registry, RegistryOnDisk storage, BooleanSupplier hurry, int images) {
        this.registry = registry;
        this.hurry = hurry;
        for (String repository : REPOSITORIES) {
            for (int number = 0; number < images; number++) {
                slots.add(new Slot(repository, number));
            }
        }
        broken = new BrokenPushes(slots, new ImageOnDisk(storage));
    }

    /** Lets so many clients begin. */
    public void start(int count, Random random) {
        watch = threads.submit(broken::watch);
        for (int client = 0; client < count; client++) {
            var own = new Random(random.nextLong());
            clients.add(threads.submit(() -> work(own)));
        }
    }

    private void work(Random random) {
        while (!stopped) {
            Slot slot = slots.get(random.nextInt(slots.size()));
            // A push that is broken is to be healed by others, and not by the next one.
            if (!broken.in(slot)) {
                slot.alone(() -> act(slot, random));
            }
            if (!hurry.getAsBoolean()) {
                pause(random.nextInt(LONGEST_PAUSE));
            }
        }
    }

    private void act(Slot slot, Random random) {
        List<Push> pushes = slot.pushes();
        int dice = random.nextInt(100);
        if (dice < 35) {
            push(slot, slot.tag(random.nextInt(2)), slot.image(random.nextInt(TinyImage.VARIANTS)), random);
            return;
        }
        // Half of the slots are empty then, for a sweep to find something.
        if (pushes.isEmpty()) {
            return;
        }
        Push push = pushes.get(random.nextInt(pushes.size()));
        if (dice < 45) {
            tag(slot, push, slot.tag(random.nextInt(2)));
        } else if (dice < 90) {
            delete(slot, push);
        } else {
            pull(push);
        }
    }

    private void push(Slot slot, String tag, TinyImage image, Random random) {
        pushed.incrementAndGet();
        if (!pushed(slot, tag, image, Way.values()[random.nextInt(Way.values().length)], random)) {
            pushed(slot, tag, image, Way.UPLOAD, random);
        }
    }

    /** @return false if it was refused, and may be tried again */
    private boolean pushed(Slot slot, String tag, TinyImage image, Way way, Random random) {
        return asked(
                () -> {
                    for (TinyImage child : image.images()) {
                        upload(slot.repository(), child.digest(), child, way, random);
                    }
                    upload(slot.repository(), tag, image, way, random);
                    slot.acknowledged(tag, image);
                    acknowledged.incrementAndGet();
                },
                () -> slot.inDoubt(tag));
    }

    /**
     * Asks the registry for something.
     *
     * @param inDoubt what to believe if it may have been done, or may not
     * @return false if it was refused, and nothing has changed by it
     */
    private boolean asked(Runnable requests, Runnable inDoubt) {
        try {
            requests.run();
        } catch (RefusedException e) {
            refused.incrementAndGet();
            if (e.inVain()) {
                return false;
            }
            inDoubt.run();
        } catch (UncheckedIOException e) {
            unanswered();
            inDoubt.run();
        }
        return true;
    }

    private void upload(String repository, String reference, TinyImage image, Way way, Random random) {
        for (String blob : image.blobs()) {
            if (!there(repository, TinyImage.digest(blob), way, random)) {
                registry.get().pushBlob(repository, TinyImage.bytes(blob));
            }
        }
        registry.get().pushManifest(repository, reference, image.mediaType(), image.manifest());
    }

    private boolean there(String repository, String digest, Way way, Random random) {
        return switch (way) {
            case ASK -> registry.get().has(repository, digest);
            case MOUNT ->
                registry.get().mounted(repository, digest, REPOSITORIES.get(random.nextInt(REPOSITORIES.size())));
            case UPLOAD -> false;
        };
    }

    /** Gives an image another tag, without a look at what it is made of. */
    private void tag(Slot slot, Push push, String tag) {
        TinyImage image = push.image();
        asked(
                () -> {
                    Optional<byte[]> manifest = registry.get().manifest(push.repository(), push.tag());
                    if (manifest.isPresent()) {
                        registry.get().pushManifest(push.repository(), tag, image.mediaType(), image.manifest());
                        slot.acknowledged(tag, image);
                        acknowledged.incrementAndGet();
                    } else {
                        brokenPulls.incrementAndGet();
                    }
                },
                () -> slot.inDoubt(tag));
    }

    /** Deletes an image. An index of it goes first: nobody breaks his own. */
    private void delete(Slot slot, Push push) {
        asked(
                () -> {
                    push.image().indexes().stream()
                            .filter(index -> registry.get()
                                    .manifest(push.repository(), index.digest())
                                    .isPresent())
                            .forEach(index -> delete(slot, index));
                    delete(slot, push.image());
                },
                () -> slot.deleted(push.image()));
    }

    private void delete(Slot slot, TinyImage image) {
        registry.get().deleteManifest(slot.repository(), image.digest());
        deleted.incrementAndGet();
        slot.deleted(image);
    }

    /** A registry that is not there is asked again later. */
    private void unanswered() {
        unanswered.incrementAndGet();
        pause(LONGEST_PAUSE);
    }

    private void pull(Push push) {
        if (!new ImageServed(registry.get()).whole(push)) {
            brokenPulls.incrementAndGet();
        }
    }

    /** The pushes and tags that the registry has acknowledged so far. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /**
     * The pushes that were acknowledged before a time, that no client has deleted or replaced since, and that are not
     * whole in the storage: which, and what is missing.
     *
     * @param before as {@link System#nanoTime} tells it
     */
    public List<String> notWhole(long before) {
        return broken.brokenSince(before);
    }

    /** The same of all, as a registry serves them. */
    public List<String> notServed(DockerRegistry by) {
        return slots.stream()
                .flatMap(slot -> slot.asked(Slot::pushes).stream())
                .filter(push -> !new ImageServed(by).whole(push))
                .map(Push::toString)
                .toList();
    }

    /** Lets the clients end what they are at. Those that are broken are watched further. */
    public void stop() throws Exception {
        stopped = true;
        for (Future<?> client : clients) {
            client.get();
        }
    }

    /** The outcome of the pushes, in numbers. */
    public PushFigures figures() {
        broken.look();
        return new PushFigures(
                pushed.get(),
                acknowledged.get(),
                refused.get(),
                unanswered.get(),
                deleted.get(),
                brokenPulls.get(),
                broken.everBroken(),
                broken.replaced(),
                broken.windows(),
                broken.everySoOften());
    }

    private static void pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws Exception {
        stopped = true;
        broken.stop();
        threads.shutdown();
        if (watch != null) {
            watch.get();
        }
        threads.awaitTermination(1, TimeUnit.MINUTES);
    }
}
