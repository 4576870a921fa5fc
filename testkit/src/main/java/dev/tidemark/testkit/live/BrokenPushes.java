package dev.tidemark.testkit.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks again and again whether acknowledged pushes are whole, and takes down for how long they are not. */
final class BrokenPushes {

    /** Most of the machine is for what is watched. */
    private static final int PAUSE_BY_LENGTH = 10;

    private final List<Slot> slots;
    private final ImageOnDisk storage;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Map<Push, Broken> broken = new ConcurrentHashMap<>();
    private final List<Duration> windows = new ArrayList<>();
    private final long firstLook = System.nanoTime();
    private long lastLook = firstLook;
    private long looks;
    private long everBroken;
    private long replaced;

    /** Where a push is broken, and since when. */
    private record Broken(Slot slot, long at) {}

    BrokenPushes(List<Slot> slots, ImageOnDisk storage) {
        this.slots = slots;
        this.storage = storage;
    }

    /** Goes on until it is told to stop. */
    void watch() {
        try {
            long wait = 0;
            while (!stop.await(wait, TimeUnit.NANOSECONDS)) {
                long began = System.nanoTime();
                look();
                wait = PAUSE_BY_LENGTH * (System.nanoTime() - began);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() {
        stop.countDown();
    }

    synchronized void look() {
        long began = System.nanoTime();
        for (Slot slot : slots) {
            for (Push push : slot.asked(Slot::pushes)) {
                look(slot, push);
            }
        }
        // A push that a client has deleted or replaced is nobody's loss.
        List<Push> gone = broken.entrySet().stream()
                .filter(entry -> !entry.getValue().slot().asked(slot -> slot.stands(entry.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        replaced += gone.size();
        gone.forEach(broken::remove);
        lastLook = began;
        looks++;
    }

    private void look(Slot slot, Push push) {
        if (storage.missing(push).isEmpty()) {
            Optional.ofNullable(broken.remove(push))
                    .ifPresent(since -> windows.add(Duration.ofNanos(System.nanoTime() - since.at())));
        } else if (!broken.containsKey(push) && slot.asked(own -> brokenNow(own, push))) {
            // It was whole at the last look, or has come since. The moment in between is not known: the window is no
            // longer.
            broken.put(push, new Broken(slot, Math.max(push.at(), lastLook)));
            everBroken++;
        }
    }

    private boolean brokenNow(Slot slot, Push push) {
        return slot.stands(push) && storage.missing(push).isPresent();
    }

    /** Those that were acknowledged before a time, and are not whole: which, and the first file that is missing. */
    List<String> brokenSince(long before) {
        List<String> lost = new ArrayList<>();
        for (Slot slot : slots) {
            slot.asked(Slot::pushes).stream()
                    .filter(push -> push.at() - before < 0)
                    .filter(push -> slot.asked(own -> brokenNow(own, push)))
                    .forEach(push -> lost.add(push + " lacks "
                            + storage.missing(push).map(Object::toString).orElse("nothing any more")));
        }
        return lost;
    }

    /** Whether one of its pushes was not whole when it was last looked at. */
    boolean in(Slot slot) {
        return broken.values().stream().anyMatch(each -> each.slot().equals(slot));
    }

    synchronized long everBroken() {
        return everBroken;
    }

    synchronized long replaced() {
        return replaced;
    }

    /** The time from one look to the next, on average. A push that is broken for less may not be seen. */
    synchronized Duration everySoOften() {
        return Duration.ofNanos((lastLook - firstLook) / Math.max(1, looks));
    }

    /** How long the pushes were broken that are whole again, the shortest first. */
    synchronized List<Duration> windows() {
        return windows.stream().sorted().toList();
    }
}
