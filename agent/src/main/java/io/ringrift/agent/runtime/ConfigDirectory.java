package io.ringrift.agent.runtime;

import io.ringrift.agent.config.DirectoryRead;
import io.ringrift.agent.config.FileRead;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final Vertx vertx;
    private final Context context;
    private final WorkerExecutor worker;
    private final Watched<DirectoryRead> directory;
    private final Watched<Map<Path, FileRead>> files;
    private long timer;
    private boolean closed;

    private ConfigDirectory(Vertx vertx, Watched<DirectoryRead> directory, Watched<Map<Path, FileRead>> files) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.worker = vertx.createSharedWorkerExecutor("ringrift-config", 1);
        this.directory = directory;
        this.files = files;
    }

    /**
     * Starts watching. The first content is told too, since it may have changed after it was loaded.
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
                vertx,
                new Watched<>(
                        () -> directory.map(ConfigFiles::stampOfDirectory).orElse(List.of()),
                        () -> directory.map(ConfigFiles::readDirectory).orElseGet(DirectoryRead.None::new),
                        onDirectory),
                new Watched<>(
                        () -> ConfigFiles.stampOfNamed(namedFiles), () -> ConfigFiles.readNamed(namedFiles), onFiles));
        watcher.context.runOnContext(ignored -> watcher.poll());
        return watcher;
    }

    /** Stops watching; no listener is called afterwards. Call it on the context that called {@link #start}. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        return worker.close();
    }

    private void poll() {
        if (closed) {
            return;
        }
        worker.executeBlocking(() -> {
                    directory.look();
                    files.look();
                    return null;
                })
                .onComplete(looked -> {
                    if (closed) {
                        return;
                    }
                    timer = vertx.setTimer(INTERVAL.toMillis(), ignored -> poll());
                    if (looked.failed()) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "the configuration could not be looked at",
                                looked.cause());
                    }
                    directory.tell();
                    files.tell();
                });
    }
}
