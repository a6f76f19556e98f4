package io.ringrift.agent.runtime;

import io.ringrift.agent.config.Token;
import io.ringrift.agent.consensus.raft.PeerId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads fields of an object that a stranger may have written: each is there, of its type and within its bounds, or it is malformed. */
final class Fields {
    private static final long MAX_EXACT = (1L << 53) - 1;
    private static final Pattern NODE_ID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern CLUSTER = Pattern.compile("[0-9A-Za-z._/-]{1,128}");
    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z.:_%-]{1,253}");
    private static final Pattern INSTANCE = Pattern.compile("[0-9a-f]{16}");
    private static final Pattern VIEW_HASH = Pattern.compile("[0-9a-f]{0,16}");

    private final JsonObject json;

    Fields(JsonObject json) {
        this.json = json;
    }

    Fields object(String name) throws Malformed {
        return new Fields(typed(name, JsonObject.class));
    }

    JsonArray array(String name, int maxSize) throws Malformed {
        JsonArray array = typed(name, JsonArray.class);
        check(array.size() <= maxSize, name);
        return array;
    }

    String text(String name, int maxLength) throws Malformed {
        String text = typed(name, String.class);
        check(text.length() <= maxLength, name);
        return text;
    }

    boolean flag(String name) throws Malformed {
        return typed(name, Boolean.class);
    }

    /** False where it is not there. */
    boolean optionalFlag(String name) throws Malformed {
        return json.containsKey(name) && flag(name);
    }

    /** A whole number that JSON keeps exact, from {@code min} on. */
    long number(String name, long min) throws Malformed {
        long number = anyNumber(name);
        check(number >= min && number <= MAX_EXACT, name);
        return number;
    }

    long anyNumber(String name) throws Malformed {
        Object value = json.getValue(name);
        check(value instanceof Integer || value instanceof Long, name);
        return ((Number) value).longValue();
    }

    OptionalLong optionalNumber(String name, long min) throws Malformed {
        return json.getValue(name) == null ? OptionalLong.empty() : OptionalLong.of(number(name, min));
    }

    int port(String name) throws Malformed {
        long port = number(name, 1);
        check(port <= 65_535, name);
        return (int) port;
    }

    String nodeId(String name) throws Malformed {
        return matching(name, NODE_ID);
    }

    Optional<String> optionalNodeId(String name) throws Malformed {
        return json.getValue(name) == null ? Optional.empty() : Optional.of(nodeId(name));
    }

    Optional<PeerId> optionalPeer(String name) throws Malformed {
        return json.getValue(name) == null
                ? Optional.empty()
                : Optional.of(PeerId.parse(text(name, 80)).orElseThrow(() -> new Malformed(name)));
    }

    String cluster(String name) throws Malformed {
        return matching(name, CLUSTER);
    }

    String host(String name) throws Malformed {
        return matching(name, HOST);
    }

    Optional<String> optionalHost(String name) throws Malformed {
        return json.getValue(name) == null ? Optional.empty() : Optional.of(host(name));
    }

    String viewHash(String name) throws Malformed {
        return matching(name, VIEW_HASH);
    }

    long instance(String name) throws Malformed {
        return Long.parseUnsignedLong(matching(name, INSTANCE), 16);
    }

    OptionalLong optionalInstance(String name) throws Malformed {
        return json.getValue(name) == null ? OptionalLong.empty() : OptionalLong.of(instance(name));
    }

    <T extends Enum<T> & Token> T token(String name, Class<T> type) throws Malformed {
        String token = typed(name, String.class);
        for (T constant : type.getEnumConstants()) {
            if (constant.token().equals(token)) {
                return constant;
            }
        }
        throw new Malformed(name);
    }

    private String matching(String name, Pattern pattern) throws Malformed {
        String text = typed(name, String.class);
        check(text.length() <= 253 && pattern.matcher(text).matches(), name);
        return text;
    }

    private <T> T typed(String name, Class<T> type) throws Malformed {
        Object value = json.getValue(name);
        check(type.isInstance(value), name);
        return type.cast(value);
    }

    private static void check(boolean holds, String name) throws Malformed {
        if (!holds) {
            throw new Malformed(name);
        }
    }
}
