package io.ringrift.agent.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what a stranger sends: exactly one JSON value, no comments, no doubled keys, bounded nesting, names and numbers. */
final class StrictJson {
    static final int MAX_NESTING = 32;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxNumberLength(64)
                    .maxNameLength(1024)
                    .maxStringLength(Body.MAX_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private StrictJson() {}

    /** @throws ApiException INVALID_REQUEST with the place of the error */
    static Object parse(Buffer content) {
        if (content.length() == 0) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "The body is empty; a JSON value is expected.");
        }
        try (JsonParser parser = FACTORY.createParser(content.getBytes())) {
            return wrap(JacksonCodec.fromParser(parser, Object.class));
        } catch (DecodeException | IOException e) {
            Throwable cause = e instanceof DecodeException && e.getCause() != null ? e.getCause() : e;
            throw new ApiException(ErrorCode.INVALID_REQUEST, "The body is not valid JSON: " + reason(cause) + ".");
        }
    }

    /** Refuses only what surely is no JSON: curl calls it a form unless told otherwise, and some clients name no type at all. */
    static void checkContentType(MultiMap headers) {
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        if (type == null) {
            return;
        }
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean mayBeJson = media.isEmpty()
                || media.endsWith("json")
                || List.of("text/plain", "application/x-www-form-urlencoded", "application/octet-stream", "*/*")
                        .contains(media);
        if (!mayBeJson) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "Content-Type is not understood; send application/json.");
        }
    }

    private static Object wrap(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                @SuppressWarnings("unchecked")
                Map<String, Object> members = (Map<String, Object>) map;
                yield new JsonObject(members);
            }
            case List<?> list -> new JsonArray(list);
            case null, default -> value;
        };
    }

    /** The parser's own words speak of its switches, which the sender cannot turn; the place is what helps. */
    private static String reason(Throwable cause) {
        return switch (cause) {
            case StreamConstraintsException limit ->
                "it nests deeper than " + MAX_NESTING + " levels, or a name or number is too long";
            case JsonProcessingException wrong
            when wrong.getLocation() != null ->
                "line "
                        + wrong.getLocation().getLineNr() + ", column "
                        + wrong.getLocation().getColumnNr();
            default -> "it must be exactly one JSON value";
        };
    }
}
