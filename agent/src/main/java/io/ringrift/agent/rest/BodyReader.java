package io.ringrift.agent.rest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;

/** Receives bodies: as large as their route allows each, and at most {@value #MAX_BYTES_TOGETHER} together. On the server's event loop only. */
final class BodyReader {
    private static final long MAX_BYTES_TOGETHER = 8L * Body.MAX_BYTES;

    private long held;

    /**
     * Must be called before the event loop is left, else parts of the body are missed. The future fails with TOO_LARGE as soon as that is
     * known, from the announced length already; the bytes count as held until {@link #release}.
     */
    Future<Buffer> read(HttpServerRequest request, int maxBytes) {
        if (announced(request).orElse(0) > maxBytes) {
            return Future.failedFuture(tooLarge(maxBytes));
        }
        if (held >= MAX_BYTES_TOGETHER) {
            return Future.failedFuture(new ApiException(
                    ErrorCode.OVERLOADED, "This agent is receiving too many bodies at once; try again in a moment."));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        return receive(request, maxBytes);
    }

    /** The body is no longer needed. */
    void release(Buffer body) {
        held -= body.length();
    }

    private Future<Buffer> receive(HttpServerRequest request, int maxBytes) {
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        if (request.isEnded()) {
            return Future.succeededFuture(body);
        }
        request.handler(part -> {
            if (promise.future().isComplete()) {
                return;
            }
            if (body.length() + part.length() > maxBytes) {
                release(body);
                promise.fail(tooLarge(maxBytes));
                return;
            }
            body.appendBuffer(part);
            held += part.length();
        });
        request.exceptionHandler(broken -> {
            if (promise.tryFail(new ApiException(ErrorCode.INVALID_REQUEST, "The body did not arrive whole."))) {
                release(body);
            }
        });
        request.endHandler(end -> promise.tryComplete(body));
        return promise.future();
    }

    private static OptionalLong announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length.strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static ApiException tooLarge(int maxBytes) {
        return new ApiException(
                ErrorCode.TOO_LARGE,
                "The body is larger than " + maxBytes + " bytes.",
                new JsonObject().put("max_bytes", maxBytes));
    }
}
