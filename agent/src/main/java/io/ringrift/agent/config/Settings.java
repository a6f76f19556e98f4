package io.ringrift.agent.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which text holds for each key: layers and aliases resolved, every text checked on its own. */
final class Settings {
    /** @param layer 0 for the one that wins */
    private record Written(String name, String text, int layer) {}

    /** By the key's first name, as is {@link #broken}. */
    private final Map<String, Written> written = new HashMap<>();

    private final Set<String> broken = new HashSet<>();

    private Settings() {}

    /** @param layers the first that sets a key, under whichever of its names, wins */
    static Settings resolve(List<Document> layers, Findings findings) {
        Settings settings = new Settings();
        for (Key<?> key : Keys.ALL) {
            for (int layer = 0; layer < layers.size() && !settings.isSet(key); layer++) {
                settings.resolve(key, layers.get(layer), layer, findings);
            }
        }
        return settings;
    }

    private <T> void resolve(Key<T> key, Document document, int layer, Findings findings) {
        List<T> values = new ArrayList<>();
        for (String name : key.names()) {
            String text = document.keys().get(name);
            if (text == null) {
                continue;
            }
            try {
                values.add(key.type().parse(text));
            } catch (InvalidValue e) {
                findings.add(key.problem(name, text, e.getMessage()));
                broken.add(key.name());
            }
            Written first = written.putIfAbsent(key.name(), new Written(name, text, layer));
            if (first != null && values.size() == 2 && !values.getFirst().equals(values.getLast())) {
                findings.add(new Problem(
                        name,
                        key.printable(text),
                        "differs from " + first.name() + "=" + key.printable(first.text()) + ", which means the same",
                        "one of the two, or the same value in both"));
                broken.add(key.name());
            }
        }
    }

    boolean isSet(Key<?> key) {
        return written.containsKey(key.name());
    }

    /** Whether none of these keys has a text that is no value; what holds between broken keys is not worth a word. */
    boolean usable(Key<?>... keys) {
        for (Key<?> key : keys) {
            if (broken.contains(key.name())) {
                return false;
            }
        }
        return true;
    }

    /** The value that is set; empty where none is, or none that is valid. */
    <T> Optional<T> get(Key<T> key) {
        if (!isSet(key) || broken.contains(key.name())) {
            return Optional.empty();
        }
        try {
            return Optional.of(key.type().parse(written.get(key.name()).text()));
        } catch (InvalidValue e) {
            throw new IllegalStateException(key.name() + " was valid before", e);
        }
    }

    /** The value that holds: the one that is set, else the key's fallback. */
    <T> T value(Key<T> key) {
        return get(key).orElseGet(key::fallbackValue);
    }

    /** Whether {@code key} is set in a layer that wins over the one that sets {@code other}. */
    boolean outranks(Key<?> key, Key<?> other) {
        return isSet(key)
                && (!isSet(other)
                        || written.get(key.name()).layer()
                                < written.get(other.name()).layer());
    }

    /** The name under which the key is set, else its first. */
    String name(Key<?> key) {
        return isSet(key) ? written.get(key.name()).name() : key.name();
    }

    /** The text that is set, safe to print; empty where none is. */
    Optional<String> printable(Key<?> key) {
        return isSet(key) ? Optional.of(key.printable(written.get(key.name()).text())) : Optional.empty();
    }

    /** The text that holds, saying so where it is not set by hand. */
    String printable(Key<?> key, String fallback) {
        return printable(key).orElse(fallback + " (default)");
    }

    /** The keys whose text is another one in {@code next}. */
    List<ConfigDecision.Change> changesTo(Settings next) {
        List<ConfigDecision.Change> changes = new ArrayList<>();
        for (Key<?> key : Keys.ALL) {
            if (!text(key).equals(next.text(key))) {
                changes.add(new ConfigDecision.Change(key.name(), describe(key), next.describe(key)));
            }
        }
        return List.copyOf(changes);
    }

    private Optional<String> text(Key<?> key) {
        return Optional.ofNullable(written.get(key.name())).map(Written::text);
    }

    private String describe(Key<?> key) {
        return printable(key).map(text -> text.isEmpty() ? "(not shown)" : text).orElse("not set");
    }
}
