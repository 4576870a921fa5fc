package dev.tidemark.bench.result;

import dev.tidemark.bench.collector.Measurement;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The median of some measurements, and how far they lie apart. */
public record Spread(double median, double min, double max) {

    public static Spread of(List<Measurement> measurements, ToDoubleFunction<Measurement> figure) {
        return of(measurements.stream().mapToDouble(figure));
    }

    public static Spread of(DoubleStream figures) {
        double[] sorted = figures.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}
