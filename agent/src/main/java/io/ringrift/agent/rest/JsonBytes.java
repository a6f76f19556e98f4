package io.ringrift.agent.rest;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Writes one JSON object, stored documents byte by byte into it. */
final class JsonBytes {
    private final Buffer out;
    private boolean first = true;

    private JsonBytes(Buffer out) {
        this.out = out;
    }

    /** What writes the members of an object. */
    @FunctionalInterface
    interface Members<T> {
        void write(JsonBytes to, T of);
    }

    /** An object as a document of its own. */
    static <T> Buffer object(T of, Members<T> members) {
        Buffer out = Buffer.buffer(256);
        write(out, of, members);
        return out;
    }

    JsonBytes text(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    /** A text, or null. */
    JsonBytes textOrNull(String name, java.util.Optional<String> value) {
        return value.map(text -> text(name, text)).orElseGet(() -> plain(name, "null"));
    }

    JsonBytes number(String name, long value) {
        return plain(name, Long.toString(value));
    }

    /** Milliseconds as seconds, with a fraction where there is one. */
    JsonBytes seconds(String name, long millis) {
        return plain(name, millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0));
    }

    JsonBytes flag(String name, boolean value) {
        return plain(name, Boolean.toString(value));
    }

    /** A JSON document. */
    JsonBytes raw(String name, byte[] document) {
        name(name);
        out.appendBytes(document);
        return this;
    }

    /** The members of a JSON object that begins and ends with its braces. */
    JsonBytes members(byte[] object) {
        if (object.length > 2) {
            comma();
            out.appendBytes(object, 1, object.length - 2);
        }
        return this;
    }

    <T> JsonBytes many(String name, Iterable<T> values, Members<T> members) {
        name(name);
        out.appendByte((byte) '[');
        boolean some = false;
        for (T value : values) {
            if (some) {
                out.appendByte((byte) ',');
            }
            some = true;
            write(out, value, members);
        }
        out.appendByte((byte) ']');
        return this;
    }

    private static <T> void write(Buffer out, T of, Members<T> members) {
        out.appendByte((byte) '{');
        members.write(new JsonBytes(out), of);
        out.appendByte((byte) '}');
    }

    private JsonBytes plain(String name, String token) {
        name(name);
        out.appendBytes(token.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    private void name(String name) {
        comma();
        quote(name);
        out.appendByte((byte) ':');
    }

    private void comma() {
        if (!first) {
            out.appendByte((byte) ',');
        }
        first = false;
    }

    private void quote(String text) {
        out.appendByte((byte) '"');
        out.appendBytes(escaped(text).getBytes(StandardCharsets.UTF_8));
        out.appendByte((byte) '"');
    }

    private static String escaped(String text) {
        int at = 0;
        while (at < text.length() && !mustEscape(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (mustEscape(c)) {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static boolean mustEscape(char c) {
        return c < 0x20 || c == '"' || c == '\\';
    }
}
