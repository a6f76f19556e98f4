package io.ringrift.agent.rest;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * A request under way.
 *
 * @param template the path template for metrics, never the path itself
 * @param began in time since the process started
 */
record Exchange(HttpServerRequest request, String template, Duration began) {
    /** The template of requests that no route matched. */
    static final String UNMATCHED = "unmatched";

    HttpConnection connection() {
        return request.connection();
    }
}
