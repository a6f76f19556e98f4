package io.ringrift.agent.security;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;

/**
 * The three files of {@code RINGRIFT_TLS_DIR} as they are on disk: {@code tls.crt} (the chain, leaf first), {@code tls.key}
 * (PKCS #8, PKCS #1 RSA or SEC 1 EC, unencrypted) and {@code ca.crt} (one or more authorities). Two are equal when their content is.
 */
public record TlsFiles(Buffer certificate, Buffer key, Buffer authority) {

    /** Reads the files without blocking the caller; fails with a {@link TlsException} that names the file. */
    public static Future<TlsFiles> read(Vertx vertx, Path directory) {
        Future<Buffer> certificate = read(vertx, directory, "tls.crt");
        Future<Buffer> key = read(vertx, directory, "tls.key");
        Future<Buffer> authority = read(vertx, directory, "ca.crt");
        return Future.all(certificate, key, authority)
                .map(all -> new TlsFiles(certificate.result(), key.result(), authority.result()));
    }

    private static Future<Buffer> read(Vertx vertx, Path directory, String name) {
        String path = directory.resolve(name).toString();
        return vertx.fileSystem()
                .readFile(path)
                .recover(cause -> Future.failedFuture(new TlsException(path + " cannot be read", cause)));
    }

    @Override
    public String toString() {
        return "TlsFiles";
    }
}
