package io.ringrift.agent.rest;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What a route takes as body, and the check of it. */
sealed interface Body {
    /** At most this many bytes, however they are sent, where a route says nothing else. */
    int MAX_BYTES = 1024 * 1024;

    Body NONE = new None();

    /** How large it may be. */
    default int maxBytes() {
        return MAX_BYTES;
    }

    /** What the handler gets. @throws ApiException INVALID_REQUEST */
    Object check(MultiMap headers, Buffer content);

    /** The route takes none; what is sent all the same is not looked at. */
    record None() implements Body {
        @Override
        public Object check(MultiMap headers, Buffer content) {
            return null;
        }
    }

    /** A JSON value of a shape. @param required false: no body stands for an object without fields */
    record Json(Shape shape, boolean required) implements Body {
        @Override
        public Object check(MultiMap headers, Buffer content) {
            if (content.length() == 0 && !required) {
                return new JsonObject();
            }
            StrictJson.checkContentType(headers);
            Object value = StrictJson.parse(content, shape::isRaw);
            shape.check(value);
            return value;
        }
    }

    /** Anything but nothing. */
    record Bytes(int maxBytes) implements Body {
        Bytes() {
            this(MAX_BYTES);
        }

        @Override
        public Object check(MultiMap headers, Buffer content) {
            if (content.length() == 0) {
                throw new ApiException(ErrorCode.INVALID_REQUEST, "The body is empty.");
            }
            return content;
        }
    }
}
