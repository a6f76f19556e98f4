package io.ringrift.agent.config;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keys and values that came together: an environment, a directory or a pushed body. Values are stripped; an empty one counts as
 * not set, as everywhere where environment variables configure programs.
 *
 * @param keys the agent's own keys only
 * @param unreadable key and why its file could not be read
 */
record Document(SortedMap<String, String> keys, SortedMap<String, String> unreadable) {
    static final Document EMPTY = of(Map.of());

    Document {
        keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
        unreadable = Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
    }

    static Document of(Map<String, String> values) {
        SortedMap<String, String> keys = new TreeMap<>();
        values.forEach((name, value) -> {
            if (Keys.isOurs(name) && !value.isBlank()) {
                keys.put(name, value.strip());
            }
        });
        return new Document(keys, new TreeMap<>());
    }

    /** What the directory tells {@code nodeId}. */
    static Document of(DirectoryRead.Files read, String nodeId) {
        Map<String, String> values = new TreeMap<>();
        SortedMap<String, String> unreadable = new TreeMap<>();
        Canary.filesFor(nodeId, read.files()).forEach((name, file) -> {
            switch (file) {
                case FileRead.Text text -> values.put(name, text.content().reveal());
                case FileRead.Failed failed -> unreadable.put(name, failed.why());
            }
        });
        return new Document(of(values).keys(), unreadable);
    }

    /** The number of this document; empty where it has none or what it has is no number. */
    OptionalLong generation() {
        String text = keys.get(Keys.CONFIG_GENERATION.name());
        try {
            return text == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Keys.CONFIG_GENERATION.type().parse(text));
        } catch (InvalidValue e) {
            return OptionalLong.empty();
        }
    }

    /** Names only: values may be secret. */
    @Override
    public String toString() {
        return "Document" + keys.keySet();
    }
}
