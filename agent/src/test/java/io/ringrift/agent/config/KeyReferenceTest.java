package io.ringrift.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of keys is complete, fits what is built from it, and stands in the documentation word for word. */
class KeyReferenceTest {
    private static final Path DOCUMENTATION = Path.of("../docs/configuration.md");

    @Test
    void theDocumentationHoldsThisTable() throws IOException {
        assertThat(Files.readString(DOCUMENTATION)).contains(table());
    }

    @Test
    void everyKeyThatNeedsARestartIsComparedAtRunTime() {
        Set<Key<?>> needRestart = Keys.ALL.stream()
                .filter(key -> key.change() == Key.Change.RESTART)
                .filter(key -> key != Keys.CONFIG_DIR)
                .collect(Collectors.toSet());
        assertThat(Fixed.parts()).extracting(Fixed.Part::key).containsExactlyInAnyOrderElementsOf(needRestart);
    }

    @Test
    void noNameIsUsedTwice() {
        assertThat(Keys.names()).doesNotHaveDuplicates().allMatch(Keys::isOurs);
    }

    static Set<Key<?>> keysWithAFallbackInWords() {
        return Set.of(
                Keys.CONFIG_DIR,
                Keys.CONFIG_GENERATION,
                Keys.NODE_ID,
                Keys.PEERS,
                Keys.ADVERTISE_HOST,
                Keys.SWIM_ENABLED,
                Keys.RAFT_ENABLED,
                Keys.RAFT_VOTERS,
                Keys.DATA_DIR,
                Keys.AUTH_TOKEN,
                Keys.AUTH_TOKEN_FILE,
                Keys.GOSSIP_KEYS_FILE,
                Keys.TLS_DIR);
    }

    static Set<Key<?>> keysWithAFallbackValue() {
        return Keys.ALL.stream()
                .filter(key -> !keysWithAFallbackInWords().contains(key))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("keysWithAFallbackValue")
    void aFallbackIsAValidValue(Key<?> key) {
        assertThat(key.fallbackValue()).isNotNull();
    }

    private static String table() {
        return """
                | key | default | allowed | while running | meaning |
                |---|---|---|---|---|
                """ + Keys.ALL.stream().map(KeyReferenceTest::row).collect(Collectors.joining());
    }

    private static String row(Key<?> key) {
        String names = key.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", alias "));
        String change = switch (key.change()) {
            case LIVE -> "changes";
            case RESTART -> "needs a restart";
        };
        return "| %s | %s | %s | %s | %s |\n"
                .formatted(names, key.fallback(), key.type().allowed(), change, key.meaning());
    }
}
