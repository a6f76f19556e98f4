package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.ConfigStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an environment and real files to a configuration, or to the text that is printed. */
class ConfigLoaderTest {
    @TempDir
    Path temp;

    @Test
    void theDirectoryAndTheFilesThatItsKeysNameAreRead() throws IOException {
        Path token = Files.writeString(temp.resolve("token"), "a-real-credential\n");
        Path directory = Files.createDirectory(temp.resolve("config"));
        Files.writeString(directory.resolve("RINGRIFT_BULLY_PRIORITY"), "7\n");
        ConfigStart start = ConfigLoader.load(Map.of(
                "RINGRIFT_NODE_ID", "a",
                "RINGRIFT_CONFIG_DIR", directory.toString(),
                "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE", token.toString()));
        assertThat(start).isInstanceOfSatisfying(ConfigStart.Started.class, started -> {
            assertThat(started.state().config().bully().priority()).isEqualTo(7);
            assertThat(started.state()
                            .config()
                            .security()
                            .authToken()
                            .orElseThrow()
                            .matches("a-real-credential"))
                    .isTrue();
            assertThat(started.state().namedFiles()).containsExactly(token);
            assertThat(started.warnings()).isEmpty();
        });
    }

    @Test
    void everythingThatIsWrongIsInTheText() {
        Path nowhere = temp.resolve("nowhere");
        ConfigStart start = ConfigLoader.load(Map.of(
                "RINGRIFT_NODE_ID",
                "a",
                "RINGRIFT_CONFIG_DIR",
                nowhere.toString(),
                "RINGRIFT_TLS_DIR",
                nowhere.toString(),
                "RINGRIFT_SWIMPORT",
                "1"));
        assertThat(((ConfigStart.Invalid) start).text()).isEqualTo("""
                        ringrift-agent cannot start: 4 problems in its configuration
                          RINGRIFT_CONFIG_DIR=%1$s: the directory does not exist; allowed: the path of a readable directory
                          RINGRIFT_TLS_DIR=%1$s: tls.crt does not exist; allowed: a directory with tls.crt, tls.key and ca.crt, all PEM
                          RINGRIFT_TLS_DIR=%1$s: tls.key does not exist; allowed: a directory with tls.crt, tls.key and ca.crt, all PEM
                          RINGRIFT_TLS_DIR=%1$s: ca.crt does not exist; allowed: a directory with tls.crt, tls.key and ca.crt, all PEM
                          warning: RINGRIFT_SWIMPORT: unknown key, ignored; the nearest known one is RINGRIFT_SWIM_PORT
                        """.formatted(nowhere));
    }

    @Test
    void aDirectoryThatIsNoPathIsAProblemAndNoCrash() {
        ConfigStart start = ConfigLoader.load(Map.of("RINGRIFT_NODE_ID", "a", "RINGRIFT_CONFIG_DIR", "a\0b"));
        assertThat(((ConfigStart.Invalid) start).text()).contains("RINGRIFT_CONFIG_DIR=a\\u0000b");
    }

    @Test
    void withoutAnyKeyTheMachinesNameIsTheNodeId() {
        assertThat(ConfigLoader.load(Map.of("RINGRIFT_CONFIG_DIR", " "))).isNotNull();
        assertThat(ConfigLoader.directory(Map.of("RINGRIFT_CONFIG_DIR", " "))).isEmpty();
    }
}
