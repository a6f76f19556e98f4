package io.ringrift.agent.security;

import io.ringrift.agent.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The certificate in {@code RINGRIFT_TLS_DIR}, looked at every {@value #PERIOD_MILLIS} ms. A new one that cannot be used is refused, once, with a line in the
 * log: the old one stays. Safe for use from any thread; followers are called on a Vert.x event loop.
 */
public final class TlsWatch {
    private static final long PERIOD_MILLIS = 5_000;

    private final Vertx vertx;
    private final Path directory;
    private final Metrics metrics;
    private final System.Logger log = System.getLogger(TlsWatch.class.getName());
    private final List<Consumer<TlsMaterial>> followers = new CopyOnWriteArrayList<>();
    private volatile TlsFiles seen;
    private volatile TlsMaterial current;
    private volatile long timer;

    private TlsWatch(Vertx vertx, Path directory, Metrics metrics) {
        this.vertx = vertx;
        this.directory = directory;
        this.metrics = metrics;
    }

    /** Reads the certificate and begins to watch; fails with {@link TlsException} where it cannot be used. */
    public static Future<TlsWatch> open(Vertx vertx, Path directory, Metrics metrics) {
        TlsWatch watch = new TlsWatch(vertx, directory, metrics);
        return TlsFiles.read(vertx, directory).map(files -> {
            watch.use(files, TlsMaterial.check(vertx, files));
            watch.timer = vertx.setPeriodic(PERIOD_MILLIS, tick -> watch.look());
            return watch;
        });
    }

    /** What is in use. */
    public TlsMaterial current() {
        return current;
    }

    /** Calls {@code follower} with every certificate that is taken from now on. */
    public void follow(Consumer<TlsMaterial> follower) {
        followers.add(follower);
    }

    /** Watches no longer. */
    public void close() {
        vertx.cancelTimer(timer);
    }

    private void look() {
        TlsFiles.read(vertx, directory)
                .onSuccess(this::consider)
                .onFailure(
                        cause -> log.log(Level.DEBUG, "[TLS] {0}; the certificate in use stays", cause.getMessage()));
    }

    private void consider(TlsFiles files) {
        if (files.equals(seen)) {
            return;
        }
        seen = files;
        try {
            TlsMaterial material = TlsMaterial.check(vertx, files);
            if (material.notAfter().isBefore(Instant.now())) {
                throw new TlsException("the certificate in tls.crt expired at " + material.notAfter());
            }
            use(files, material);
            followers.forEach(follower -> follower.accept(material));
        } catch (TlsException e) {
            metrics.certificateRefused();
            log.log(
                    Level.WARNING,
                    "[TLS] New certificate in {0} refused, the one in use stays: {1}",
                    directory,
                    e.getMessage());
        }
    }

    private void use(TlsFiles files, TlsMaterial material) {
        seen = files;
        current = material;
        metrics.certificateLoaded(material.notAfter());
        Instant now = Instant.now();
        if (material.notAfter().isBefore(now) || material.notBefore().isAfter(now)) {
            log.log(
                    Level.ERROR,
                    "[TLS] Peers will refuse this node''s certificate: it is valid from {0} to {1}",
                    material.notBefore(),
                    material.notAfter());
        } else {
            log.log(Level.INFO, "[TLS] Certificate in use, valid until {0}", material.notAfter());
        }
    }
}
