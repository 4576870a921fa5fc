package dev.tidemark.testkit.live;

import java.time.Duration;
import java.util.List;

/**
 * The outcome of the pushes of a registry's clients, in numbers.
 *
 * @param pushed images and indexes that clients tried to push
 * @param acknowledged pushes and tags that the registry has answered with success
 * @param refused pushes that it has refused: most of these clients try once more, and upload all
 * @param unanswered requests to which there was no answer
 * @param deleted manifests that clients have deleted
 * @param brokenPulls pulls of clients that did not get an image whole
 * @param broken acknowledged pushes that were seen not to be whole in the storage
 * @param replaced of these, those that a client replaced or deleted before they were whole again
 * @param windows of the others, how long each was broken at most, the shortest first
 * @param look the time from one look at all of them to the next, on average: shorter windows may not be seen
 */
public record PushFigures(
        long pushed,
        long acknowledged,
        long refused,
        long unanswered,
        long deleted,
        long brokenPulls,
        long broken,
        long replaced,
        List<Duration> windows,
        Duration look) {

    private Duration window(double part) {
        return windows.isEmpty() ? Duration.ZERO : windows.get((int) Math.round(part * (windows.size() - 1)));
    }

    @Override
    public String toString() {
        return ("%d images pushed, %d acknowledged, %d refused, %d without an answer; %d deleted; %d broken pulls; "
                        + "%d pushes broken, of these %d replaced, %d healed after %d ms (median), %d ms (maximum), "
                        + "looked at every %d ms")
                .formatted(
                        pushed,
                        acknowledged,
                        refused,
                        unanswered,
                        deleted,
                        brokenPulls,
                        broken,
                        replaced,
                        windows.size(),
                        window(0.5).toMillis(),
                        window(1).toMillis(),
                        look.toMillis());
    }
}
