package io.ringrift.agent.rest;

import io.ringrift.agent.security.TlsMaterial;
import io.ringrift.agent.security.TlsWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Opens the planned listeners on one port, all or none, and follows the certificate. On one event loop only. */
final class HttpListeners {
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_LINE_BYTES = 8 * 1024;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Optional<TlsWatch> tls;
    private final Consumer<HttpServer> handlers;
    private final System.Logger log;
    private final List<HttpServer> open = new ArrayList<>();

    /** @param handlers sets the handlers of a server that is about to listen */
    HttpListeners(Vertx vertx, Optional<TlsWatch> tls, Consumer<HttpServer> handlers, System.Logger log) {
        this.vertx = vertx;
        this.tls = tls;
        this.handlers = handlers;
        this.log = log;
    }

    /** @param port 0: the system chooses one for the first, the others share it */
    Future<Integer> open(List<Listener> plan, int port) {
        Future<Integer> opened = Future.succeededFuture(port);
        for (Listener listener : plan) {
            opened = opened.compose(shared -> open(listener, shared));
        }
        return opened.onFailure(failed -> close());
    }

    Future<Void> close() {
        List<Future<Void>> closing =
                open.stream().map(server -> server.shutdown(LAST_ANSWERS)).toList();
        open.clear();
        return Future.join(closing).mapEmpty();
    }

    private Future<Integer> open(Listener listener, int port) {
        HttpServer server = vertx.createHttpServer(options(listener));
        handlers.accept(server);
        return server.listen(port, listener.host())
                .recover(cause -> Future.failedFuture(sentence(listener, port, cause)))
                .map(listening -> {
                    open.add(listening);
                    if (listener.tls()) {
                        tls.orElseThrow().follow(material -> renew(listening, material));
                    }
                    log.log(
                            Level.INFO,
                            "[HTTP] Listening on {0}:{1} ({2})",
                            listener.host(),
                            Integer.toString(listening.actualPort()),
                            listener.tls() ? "TLS" : "plain");
                    return listening.actualPort();
                });
    }

    /** HTTP/1.1 alone: it is what every client of this API speaks, and every further protocol is surface and memory. */
    private HttpServerOptions options(Listener listener) {
        HttpServerOptions options = new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setTcpKeepAlive(true)
                .setCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setSslHandshakeTimeout(5)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        if (listener.tls()) {
            var server = tls.orElseThrow().current().server();
            options.setSsl(true)
                    .setKeyCertOptions(server.getKeyCertOptions())
                    .setEnabledSecureTransportProtocols(server.getEnabledSecureTransportProtocols());
        }
        return options;
    }

    private void renew(HttpServer server, TlsMaterial material) {
        server.updateSSLOptions(material.server())
                .onFailure(cause -> log.log(
                        Level.ERROR,
                        "[TLS] The listener could not take the new certificate, the old one stays",
                        cause));
    }

    private static ListenException sentence(Listener listener, int port, Throwable cause) {
        String where = "HTTP port " + port + " on " + listener.host();
        boolean taken = causes(cause)
                .anyMatch(part -> part instanceof BindException
                        && String.valueOf(part.getMessage()).contains("in use"));
        String sentence = taken
                ? "Failed to bind to " + where + ": another process listens there; set RINGRIFT_P2P_PORT to a free one."
                : "Failed to bind to " + where + ": " + cause.getMessage()
                        + "; RINGRIFT_BIND_ADDR (with TLS also RINGRIFT_ADVERTISE_HOST) must be an address of this machine.";
        return new ListenException(sentence, cause);
    }

    private static Stream<Throwable> causes(Throwable cause) {
        return Stream.iterate(cause, part -> part != null, Throwable::getCause).limit(8);
    }
}
