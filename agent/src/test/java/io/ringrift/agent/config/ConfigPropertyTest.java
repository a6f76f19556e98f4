package io.ringrift.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever strangers write: the parser answers, in bounded lines, and keeps secrets. */
class ConfigPropertyTest {
    private static final String SECRET = "7fQx-very-secret-9Zk";

    @Provide
    Arbitrary<Map<String, String>> environments() {
        Arbitrary<String> names = Arbitraries.oneOf(
                Arbitraries.of(Keys.names().toList()),
                Arbitraries.of(Keys.names().toList()).map(name -> name + "X"),
                Arbitraries.strings().ofMaxLength(20).map(tail -> "RINGRIFT_" + tail));
        return Arbitraries.maps(names, values()).ofMaxSize(20);
    }

    private static Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                Arbitraries.strings().withChars("0123456789.ms -:=,[]%ab/\0\n").ofMaxLength(30),
                Arbitraries.of(
                        "true",
                        "false",
                        "http",
                        "swim",
                        "hybrid",
                        "raft",
                        "bully",
                        "1",
                        "8770",
                        "a,b,c",
                        "a=b,c=d",
                        "fast",
                        "5s",
                        "/etc/ringrift/token",
                        "/etc/ringrift/keys",
                        "/etc/tls",
                        "999999999.999999999m"));
    }

    @Property
    void everyInputHasAnAnswer(@ForAll("environments") Map<String, String> environment) {
        ConfigStart start = ConfigState.start(Inputs.input(environment, new DirectoryRead.None(), Inputs.files()));
        switch (start) {
            case ConfigStart.Started started ->
                assertThat(started.state().status().refused()).isEmpty();
            case ConfigStart.Invalid invalid -> {
                assertThat(invalid.problems()).isNotEmpty();
                assertThat(invalid.text().lines())
                        .hasSize(1
                                + invalid.problems().size()
                                + invalid.warnings().size());
            }
        }
    }

    @Property
    void everyPushHasAnAnswerAndARefusedOneChangesNothing(
            @ForAll("environments") Map<String, String> keys, @ForAll long generation) {
        ConfigState state =
                Inputs.started(Inputs.start("RINGRIFT_CONFIG_GENERATION=5")).state();
        AgentConfig before = state.config();
        switch (state.pushed(generation, keys)) {
            case ConfigDecision.Applied applied -> {
                assertThat(generation).isGreaterThan(5);
                assertThat(state.config()).isEqualTo(applied.config());
            }
            case ConfigDecision.Unchanged _ -> assertThat(state.config()).isEqualTo(before);
            case ConfigDecision.Refused refused -> {
                assertThat(state.config()).isEqualTo(before);
                assertThat(state.status().refused()).contains(refused.refusal());
                assertThat(refused.refusal().problems()).isNotEmpty();
            }
        }
    }

    /** The secret in its key, in its file, under a mistyped key, with mistakes around it. */
    @Property
    void aSecretIsNeverPrinted(
            @ForAll("environments") Map<String, String> environment,
            @ForAll("broken") String broken,
            @ForAll boolean inFile) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("RINGRIFT_CLUSTER_AUTH_TOKN", SECRET + broken);
        all.put(
                inFile ? "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE" : "RINGRIFT_CLUSTER_AUTH_TOKEN",
                inFile ? "/f" : SECRET + broken);
        all.put("RINGRIFT_GOSSIP_KEYS_FILE", "/f");
        ConfigInput input = new ConfigInput(
                all, new DirectoryRead.None(), Optional.of("host"), Path.of("/"), path -> Inputs.text(SECRET + broken));
        String said = switch (ConfigState.start(input)) {
            case ConfigStart.Started started -> started + " " + started.state().config() + started.warnings();
            case ConfigStart.Invalid invalid -> invalid + invalid.text();
        };
        assertThat(said + input).doesNotContain(SECRET);
    }

    @Provide
    Arbitrary<String> broken() {
        return Arbitraries.oneOf(
                Arbitraries.of("", "\u00fc", " x", "\nsecond line"),
                Arbitraries.strings().ofMaxLength(5));
    }

    @Property
    void theNearestKeyToATypingErrorIsTheOneMeant(@ForAll("typed") List<Object> typed) {
        String meant = (String) typed.get(0);
        String wrong = (String) typed.get(1);
        assertThat(KeyWarnings.distance(wrong, KeyWarnings.nearest(wrong)))
                .isLessThanOrEqualTo(KeyWarnings.distance(wrong, meant))
                .isLessThanOrEqualTo(1);
    }

    @Provide
    Arbitrary<List<Object>> typed() {
        return Arbitraries.of(Keys.names().toList())
                .flatMap(name -> Arbitraries.integers()
                        .between(9, name.length() - 1)
                        .map(at -> List.of(name, name.substring(0, at) + name.substring(at + 1))));
    }
}
