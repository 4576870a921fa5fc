package dev.tidemark.testkit.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The images of one number in one repository, and what clients believe of its tags. One client at a time is at it, so
 * that there is no doubt what to believe; what its images share with those of other slots is everybody's.
 */
final class Slot {

    private final String repository;
    private final int number;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Push> tags = new HashMap<>();

    Slot(String repository, int number) {
        this.repository = repository;
        this.number = number;
    }

    String repository() {
        return repository;
    }

    TinyImage image(int variant) {
        return new TinyImage(number, variant);
    }

    /** One of its two tags. */
    String tag(int which) {
        return "t" + number + "-" + which;
    }

    /** Does something, if nobody else is at it. */
    boolean alone(Runnable work) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            work.run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Answers while nobody else is at it. */
    <T> T asked(Function<Slot, T> question) {
        lock.lock();
        try {
            return question.apply(this);
        } finally {
            lock.unlock();
        }
    }

    /** The pushes that were acknowledged, and that no client has deleted or replaced since. */
    List<Push> pushes() {
        return new ArrayList<>(tags.values());
    }

    boolean stands(Push push) {
        return push.equals(tags.get(push.tag()));
    }

    void acknowledged(String tag, TinyImage image) {
        tags.put(tag, new Push(repository, tag, image, System.nanoTime()));
    }

    /** Nobody knows what a tag names: there was no answer. */
    void inDoubt(String tag) {
        tags.remove(tag);
    }

    /** A client has deleted an image's manifest, or may have: its tags go with it, and its indexes are not whole. */
    void deleted(TinyImage image) {
        tags.values().removeIf(push -> push.image().needs(image));
    }
}
