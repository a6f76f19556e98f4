package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users store is kept as they sent it, and is JSON all the same. */
class StrictJsonTest {
    private static String raw(Object value) {
        return new String(((RawJson) value).utf8(), StandardCharsets.UTF_8);
    }

    private static Object parse(String text) {
        return StrictJson.parse(Buffer.buffer(text), "value"::equals);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-0.10e+400",
                "12345678901234567890123456789",
                "true",
                "null",
                "\"\"",
                "\"\\u00e9 \\\" \\ud800 é 𝄞\"",
                "{}",
                "[ 1 , {\"a\" : [ ]} ]",
                "{\"value\": {\"value\": 1.50}, \"b\": \"}\"}"
            })
    void aStoredValueIsKeptByteByByte(String value) {
        for (String layout :
                new String[] {"{\"value\":%s}", " { \"value\" :\n %s , \"n\": 1 } ", "{\"a\":{},\"value\":%s  }"}) {
            JsonObject object = (JsonObject) parse(layout.formatted(value));
            assertThat(raw(object.getValue("value"))).as(layout).isEqualTo(value);
        }
        JsonArray many = (JsonArray) parse("[{\"value\": " + value + "}, {\"value\":2}]");
        assertThat(raw(many.getJsonObject(0).getValue("value"))).isEqualTo(value);
        assertThat(raw(many.getJsonObject(1).getValue("value"))).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\": \"\u0001\"}",
                "{\"value\": {\"a\": 1, \"a\": 2}}",
                "{\"value\": [1,]}",
                "{\"value\": tru}",
                "{\"value\": 01}",
                "{\"value\": \"open}",
                "{\"value\"",
                "{\"value\": }",
                "{\"value\": 1",
                "[",
                "[{\"value\": 1}",
                "\u00ff{}"
            })
    void whatIsNoJsonIsRefusedInsideOfStoredValuesToo(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(ApiException.class);
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        Buffer broken = Buffer.buffer("{\"value\": \"").appendByte((byte) 0xC3).appendString("\"}");
        assertThatThrownBy(() -> StrictJson.parse(broken, "value"::equals)).isInstanceOf(ApiException.class);
    }

    @Test
    void whatIsWrittenCanBeReadAgain() {
        Buffer written = JsonBytes.object(
                "odd \" \\ \n \u0000 é 𝄞",
                (to, text) -> to.text("text", text)
                        .textOrNull("none", Optional.empty())
                        .seconds("seconds", 1_500)
                        .members("{\"a\": 1, \"b\": []}".getBytes(StandardCharsets.UTF_8))
                        .members("{}".getBytes(StandardCharsets.UTF_8))
                        .flag("flag", true));
        assertThat(written.toJsonObject())
                .isEqualTo(new JsonObject()
                        .put("text", "odd \" \\ \n \u0000 é 𝄞")
                        .put("none", null)
                        .put("seconds", 1.5)
                        .put("a", 1)
                        .put("b", new JsonArray())
                        .put("flag", true));
    }
}
