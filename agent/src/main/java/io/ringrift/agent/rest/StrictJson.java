package io.ringrift.agent.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Reads what a stranger sends: exactly one JSON value, no comments, no doubled keys, bounded nesting, names and numbers. */
final class StrictJson {
    static final int MAX_NESTING = 32;

    private static final byte[] NOTHING = {};

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
        return parse(content, name -> false);
    }

    /**
     * @param raw names of members of the object, or of the objects in the list, whose values are kept as {@link RawJson}
     * @throws ApiException INVALID_REQUEST with the place of the error
     */
    static Object parse(Buffer content, Predicate<String> raw) {
        if (content.length() == 0) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "The body is empty; a JSON value is expected.");
        }
        byte[] source = content.getBytes();
        try (JsonParser parser = FACTORY.createParser(source)) {
            parser.nextToken();
            Object value = switch (parser.currentToken()) {
                case START_OBJECT -> new JsonObject(members(parser, raw, source));
                case START_ARRAY -> new JsonArray(elements(parser, raw, source));
                case null, default -> value(parser);
            };
            if (parser.nextToken() != null) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST, "The body is not valid JSON: it must be exactly one JSON value.");
            }
            return value;
        } catch (IOException e) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "The body is not valid JSON: " + reason(e) + ".");
        }
    }

    private static Map<String, Object> members(JsonParser parser, Predicate<String> raw, byte[] source)
            throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, raw.test(name) ? raw(parser, source) : value(parser));
        }
        return members;
    }

    private static List<Object> elements(JsonParser parser, Predicate<String> raw, byte[] source) throws IOException {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(
                    parser.currentToken() == JsonToken.START_OBJECT ? members(parser, raw, source) : value(parser));
        }
        return elements;
    }

    private static RawJson raw(JsonParser parser, byte[] source) throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        return new RawJson(
                Arrays.copyOfRange(source, from, (int) parser.currentLocation().getByteOffset()));
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(parser, name -> false, NOTHING);
            case START_ARRAY -> elements(parser, name -> false, NOTHING);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new JsonParseException(parser, "a value is missing");
        };
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
