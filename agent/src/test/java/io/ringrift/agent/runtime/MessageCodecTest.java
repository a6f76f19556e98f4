package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.ringrift.agent.coordinator.Message;
import io.ringrift.agent.coordinator.Message.Body;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final List<Object> ANYTHING = List.of(
            "",
            "poll",
            "x".repeat(300),
            "a\r\nb",
            "../..",
            -1,
            0,
            1.5,
            65_536,
            Long.MAX_VALUE,
            Double.NaN,
            true,
            new JsonObject(),
            new JsonArray().add(1).add(new JsonObject().put("node", 1)));

    static Stream<Message> messages() {
        return Messages.ofEveryKind();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatItWrites(Message message) {
        JsonObject sent = new JsonObject(MessageCodec.encode(message).encode());
        assertThat(MessageCodec.decode(sent)).contains(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void passesOverWhatItDoesNotKnow(Message message) {
        JsonObject newer = MessageCodec.encode(message).put("colour", "blue");
        newer.getJsonObject("from").put("zone", new JsonArray());
        assertThat(MessageCodec.decode(newer)).contains(message);
    }

    /** Whatever is missing, of another type or out of range: no message, and no exception. */
    @ParameterizedTest
    @MethodSource("messages")
    void neverThrows(Message message) {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 3_000; i++) {
            JsonObject json = new JsonObject(MessageCodec.encode(message).encode());
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                damage(json, random);
            }
            String text = json.encode();
            assertThatCode(() -> MessageCodec.decode(json)).as(text).doesNotThrowAnyException();
        }
    }

    @Test
    void everyFieldOfTheSenderIsNeededAndBounded() {
        for (String path : List.of(
                "cluster",
                "from",
                "to",
                "type",
                "from.node",
                "from.instance",
                "from.incarnation",
                "from.ports",
                "from.ports.http",
                "from.modes.membership",
                "from.election.epoch",
                "from.election.fresh")) {
            for (Object value : java.util.Arrays.asList(null, new JsonArray(), "\u0000", "x".repeat(300))) {
                JsonObject json = MessageCodec.encode(Messages.with(new Body.Noted()));
                put(json, path, value);
                assertThat(MessageCodec.decode(json)).as("%s = %s", path, value).isEmpty();
            }
        }
    }

    @Test
    void tooManyHintsAreNoMessage() {
        JsonArray hints = new JsonArray();
        for (int i = 0; i < 257; i++) {
            hints.add(new JsonObject().put("node", "n" + i).put("host", "h").put("port", 1));
        }
        JsonObject json = MessageCodec.encode(Messages.with(new Body.Noted()))
                .put("type", "poll-answer")
                .put("view_hash", "")
                .put("members", hints);
        assertThat(MessageCodec.decode(json)).isEmpty();
        hints.remove(0);
        assertThat(MessageCodec.decode(json)).isPresent();
    }

    private static void put(JsonObject json, String path, Object value) {
        String[] names = path.split("\\.");
        JsonObject object = json;
        for (int i = 0; i < names.length - 1; i++) {
            object = object.getJsonObject(names[i]);
        }
        object.put(names[names.length - 1], value);
    }

    private static void damage(JsonObject json, SplittableRandom random) {
        List<String> names = new ArrayList<>(json.fieldNames());
        if (names.isEmpty()) {
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        if (json.getValue(name) instanceof JsonObject inner && random.nextInt(4) > 0) {
            damage(inner, random);
        } else if (random.nextInt(4) == 0) {
            json.remove(name);
        } else {
            json.put(name, ANYTHING.get(random.nextInt(ANYTHING.size())));
        }
    }
}
