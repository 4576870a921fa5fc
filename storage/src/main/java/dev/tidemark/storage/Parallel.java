package dev.tidemark.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes many calls of a storage at once, as many as it is the faster for. */
public final class Parallel {

    private Parallel() {}

    /**
     * Makes the call for each item, and returns the results in the items' order.
     *
     * @param width how many calls may be under way at once; with 1, the caller's own thread makes them
     * @throws RuntimeException the first that a call throws: no further call is begun then
     * @throws StorageException if it is interrupted
     */
    public static <T, R> List<R> map(List<T> all, int width, Function<T, R> call) {
        if (width == 1 || all.size() < 2) {
            return all.stream().map(call).toList();
        }
        Object[] results = new Object[all.size()];
        run(all.size(), width, index -> results[index] = call.apply(all.get(index)));
        @SuppressWarnings("unchecked") // only results of the call are in it
        List<R> inOrder = (List<R>) Arrays.asList(results);
        return inOrder;
    }

    /** The same for calls without a result. */
    public static <T> void forEach(List<T> all, int width, Consumer<T> call) {
        if (width == 1 || all.size() < 2) {
            all.forEach(call);
        } else {
            run(all.size(), width, index -> call.accept(all.get(index)));
        }
    }

    private interface Call {
        void of(int index);
    }

    private static void run(int size, int width, Call call) {
        var next = new AtomicInteger();
        var failure = new AtomicReference<RuntimeException>();
        Runnable worker = () -> {
            for (int index = next.getAndIncrement();
                    index < size && failure.get() == null;
                    index = next.getAndIncrement()) {
                try {
                    call.of(index);
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                }
            }
        };
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < Math.min(width, size); i++) {
                all.add(workers.submit(worker));
            }
            await(all, workers);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** An interrupted caller interrupts its workers. */
    private static void await(List<Future<?>> all, ExecutorService workers) throws ExecutionException {
        try {
            for (Future<?> one : all) {
                one.get();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
            throw StorageException.settled("interrupted", e);
        }
    }
}
