package io.ringrift.agent.runtime;

import io.ringrift.agent.config.DirectoryRead;
import io.ringrift.agent.config.FileRead;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches the configuration directory and the files that keys name, and tells their content whenever it is another one.
 *
 * <p>It polls, because not every mounted file system notifies, and reads only what has another stamp. A change counts when two polls
 * in a row read the same: a file that somebody is just writing, empty for a moment, is never taken for a change. So a change is told
 * after one to two intervals, and all between two polls as one.
 *
 * <p>Files are read on a thread of its own; the listeners are called on the context that called {@link #start}.
 */
public final class ConfigDirectory {
    /** How often the files are looked at. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    private static final System.Logger LOG = System.getLogger(ConfigDirectory.class.getName());

    private final Context context;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, run -> Thread.ofPlatform().daemon().name("ringrift-config").unstarted(run));
    private final Watched<DirectoryRead> directory;
    private final Watched<Map<Path, FileRead>> files;
    private volatile boolean closed;

    private ConfigDirectory(Context context, Watched<DirectoryRead> directory, Watched<Map<Path, FileRead>> files) {
        this.context = context;
        this.directory = directory;
        this.files = files;
    }

    /**
     * Starts watching. The first content is told too, since it may have changed after it was loaded. Where there is neither a
     * directory nor a file there is no thread either.
     *
     * @param directory empty where there is none
     * @param namedFiles may be empty
     */
    public static ConfigDirectory start(
            Vertx vertx,
            Optional<Path> directory,
            List<Path> namedFiles,
            Consumer<DirectoryRead> onDirectory,
            Consumer<Map<Path, FileRead>> onFiles) {
        ConfigDirectory watcher = new ConfigDirectory(
                vertx.getOrCreateContext(),
                new Watched<>(
                        () -> directory.map(ConfigFiles::stampOfDirectory).orElse(List.of()),
                        () -> directory.map(ConfigFiles::readDirectory).orElseGet(DirectoryRead.None::new),
                        onDirectory),
                new Watched<>(
                        () -> ConfigFiles.stampOfNamed(namedFiles), () -> ConfigFiles.readNamed(namedFiles), onFiles));
        if (directory.isPresent() || !namedFiles.isEmpty()) {
            watcher.thread.scheduleWithFixedDelay(watcher::poll, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
        return watcher;
    }

    /** Stops watching; no listener is called afterwards. Call it on the context that called {@link #start}. */
    public void close() {
        closed = true;
        thread.shutdownNow();
    }

    /** On its own thread: where nothing has changed nobody else is woken. */
    private void poll() {
        try {
            directory.look();
            files.look();
            if (directory.hasNews() || files.hasNews()) {
                tell();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException failed) {
            if (!closed) {
                LOG.log(System.Logger.Level.WARNING, "the configuration could not be looked at", failed);
            }
        }
    }

    /** Tells on the context, and waits for that: nothing is looked at meanwhile. */
    private void tell() throws InterruptedException, ExecutionException {
        CompletableFuture<Void> told = new CompletableFuture<>();
        context.runOnContext(run -> {
            try {
                if (!closed) {
                    directory.tell();
                    files.tell();
                }
                told.complete(null);
            } catch (RuntimeException failed) {
                told.completeExceptionally(failed);
            }
        });
        told.get();
    }
}
