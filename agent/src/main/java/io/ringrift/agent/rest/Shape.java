package io.ringrift.agent.rest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a JSON body must look like. All that is wrong is said at once, field by field.
 *
 * @param open fields that are not listed are taken too, as {@link RawJson} where others are listed
 * @param manyAllowed a list of such objects is taken too
 */
record Shape(List<Field> fields, boolean open, boolean manyAllowed) {
    private static final int MAX_MANY = 1000;
    private static final int MAX_SHOWN = 40;

    /** One field of an object. */
    record Field(String name, boolean required, Check check) {}

    static Shape of(Field... fields) {
        return new Shape(List.of(fields), false, false);
    }

    /** Any JSON object. */
    static Shape anyObject() {
        return new Shape(List.of(), true, false);
    }

    Shape withMore() {
        return new Shape(fields, true, manyAllowed);
    }

    Shape orMany() {
        return new Shape(fields, open, true);
    }

    static Field required(String name, Check check) {
        return new Field(name, true, check);
    }

    static Field optional(String name, Check check) {
        return new Field(name, false, check);
    }

    /** Whether a field's value is to be kept as it was sent. */
    boolean isRaw(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field.check().raw();
            }
        }
        return open && !fields.isEmpty();
    }

    /** @throws ApiException INVALID_REQUEST; details name every field that is wrong */
    void check(Object value) {
        Map<String, Object> problems = new TreeMap<>();
        switch (value) {
            case JsonObject object -> problems.putAll(problems(object, ""));
            case JsonArray array
            when manyAllowed && !array.isEmpty() && array.size() <= MAX_MANY -> {
                for (int i = 0; i < array.size(); i++) {
                    if (array.getValue(i) instanceof JsonObject object) {
                        problems.putAll(problems(object, "[" + i + "]."));
                    } else {
                        problems.put("[" + i + "]", "must be a JSON object");
                    }
                }
            }
            case null, default ->
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST,
                        manyAllowed
                                ? "The body must be a JSON object or a list of 1 to " + MAX_MANY + " of them."
                                : "The body must be a JSON object.");
        }
        Problems.refuse("field", problems);
    }

    private Map<String, String> problems(JsonObject object, String prefix) {
        Map<String, String> problems = new TreeMap<>();
        for (Field field : fields) {
            // A null is a field that is not there, as most JSON libraries write it.
            Object value = object.getValue(field.name());
            if (value == null && field.required()) {
                problems.put(
                        prefix + field.name(),
                        "is missing; it must be " + field.check().allowed());
            } else if (value != null && !field.check().holds().test(value)) {
                problems.put(prefix + field.name(), "must be " + field.check().allowed() + ", not " + shown(value));
            }
        }
        if (!open) {
            int most = problems.size() + MAX_SHOWN;
            for (String name : object.fieldNames()) {
                if (!isKnown(name) && problems.size() < most) {
                    problems.put(prefix + name, "is not known; known are " + String.join(", ", names()));
                }
            }
        }
        return problems;
    }

    private boolean isKnown(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private List<String> names() {
        return fields.stream().map(Field::name).toList();
    }

    private static String shown(Object value) {
        return switch (value) {
            case String text -> "\"" + cut(text) + "\"";
            case Number number -> cut(number.toString());
            case Boolean flag -> flag.toString();
            case JsonArray array -> "a list";
            case RawJson json -> cut(new String(json.utf8(), StandardCharsets.UTF_8));
            default -> "an object";
        };
    }

    private static String cut(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
