package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A digest and its algorithms are initialised by whichever threads come first, several at once: neither may wait for
 * the other.
 */
class DigestLoadingTest {

    private static final int TRIES = 200;
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void noTwoThreadsWaitForEachOther() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<URLClassLoader> loaders = new ArrayList<>();
        var initialised = new AtomicInteger();
        for (int i = 0; i < TRIES; i++) {
            var loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
            loaders.add(loader);
            var together = new CyclicBarrier(2);
            for (String name : List.of(Digest.class.getName(), Digest.Algorithm.class.getName())) {
                loader.loadClass(name);
                var thread = new Thread(() -> {
                    try {
                        together.await();
                        Class.forName(name, true, loader);
                        initialised.incrementAndGet();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }

        long deadline = System.nanoTime() + LONG.toNanos();
        for (Thread thread : threads) {
            thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
        assertThat(initialised).hasValue(2 * TRIES);
    }

    private static URL[] classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(DigestLoadingTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(String path) {
        try {
            return new File(path).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
