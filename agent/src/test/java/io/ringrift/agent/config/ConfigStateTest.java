package io.ringrift.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.ConfigDecision.Applied;
import io.ringrift.agent.config.ConfigDecision.Change;
import io.ringrift.agent.config.ConfigDecision.Refused;
import io.ringrift.agent.config.ConfigDecision.SecretFile;
import io.ringrift.agent.config.ConfigDecision.Unchanged;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of changes while the agent runs. */
class ConfigStateTest {
    private static final String[] ENVIRONMENT = {
        "RINGRIFT_NODE_ID=a",
        "RINGRIFT_PEERS=b=hb,c=hc",
        "RINGRIFT_CONFIG_DIR=/etc/ringrift/config",
        "RINGRIFT_BULLY_PRIORITY=3",
        "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/etc/ringrift/token",
        "RINGRIFT_GOSSIP_KEYS_FILE=/etc/ringrift/keys",
        "RINGRIFT_TLS_DIR=/etc/tls"
    };

    private final ConfigState state = state("RINGRIFT_CONFIG_GENERATION=7", "RINGRIFT_BULLY_PRIORITY=5");

    private static ConfigState state(String... directory) {
        return Inputs.started(ConfigState.start(
                        Inputs.input(Inputs.keys(ENVIRONMENT), Inputs.directory(directory), Inputs.files())))
                .state();
    }

    private ConfigDecision directory(String... assignments) {
        return state.directoryChanged(Inputs.directory(assignments));
    }

    private void assertRunning(long generation, long priority) {
        assertThat(state.config().generation()).isEqualTo(OptionalLong.of(generation));
        assertThat(state.config().bully().priority()).isEqualTo(priority);
        assertThat(state.status().generation()).isEqualTo(OptionalLong.of(generation));
    }

    private void assertRefused(ConfigDecision decision, String... sentenceBeginnings) {
        assertThat(decision).isInstanceOf(Refused.class);
        ConfigStatus.Refusal refusal = ((Refused) decision).refusal();
        assertThat(state.status().refused()).contains(refusal);
        assertThat(refusal.problems()).hasSameSizeAs(sentenceBeginnings);
        for (String beginning : sentenceBeginnings) {
            assertThat(refusal.problems()).anyMatch(problem -> problem.startsWith(beginning));
        }
    }

    @Test
    void aHigherGenerationIsAppliedAndTellsWhatChanged() {
        ConfigDecision decision = directory(
                "RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_BULLY_PRIORITY=5", "RINGRIFT_MEMBERSHIP_MODE=hybrid");
        assertThat(decision).isInstanceOf(Applied.class);
        Applied applied = (Applied) decision;
        assertThat(applied.config()).isEqualTo(state.config());
        assertThat(applied.config().membershipMode()).isEqualTo(MembershipMode.HYBRID);
        assertThat(applied.config().swim().enabled()).isTrue();
        assertThat(applied.changes())
                .containsExactly(
                        new Change("RINGRIFT_CONFIG_GENERATION", "7", "8"),
                        new Change("RINGRIFT_MEMBERSHIP_MODE", "not set", "hybrid"));
        assertThat(applied.reloaded()).isEmpty();
        assertRunning(8, 5);
    }

    @Test
    void aCanaryIsToldSomethingElseByTheSameDirectory() {
        String[] forBoth = {
            "RINGRIFT_CONFIG_GENERATION=7",
            "RINGRIFT_BULLY_PRIORITY=5",
            "canary.nodes=c, a",
            "canary.RINGRIFT_CONFIG_GENERATION=8",
            "canary.RINGRIFT_MEMBERSHIP_MODE=hybrid"
        };
        assertThat(directory(forBoth)).isInstanceOf(Applied.class);
        assertRunning(8, 5);
        assertThat(state.config().membershipMode()).isEqualTo(MembershipMode.HYBRID);

        forBoth[2] = "canary.nodes=b,c";
        assertRefused(directory(forBoth), "RINGRIFT_CONFIG_GENERATION");
        assertRunning(8, 5);
    }

    @Test
    void aCanaryThatStartsAnewIsToldTheSameAgain() {
        String[] directory = {
            "RINGRIFT_CONFIG_GENERATION=7",
            "canary.nodes=a",
            "canary.RINGRIFT_CONFIG_GENERATION=8",
            "canary.RINGRIFT_BULLY_PRIORITY=9"
        };
        ConfigState restarted = state(directory);
        assertThat(restarted.config().generation()).isEqualTo(OptionalLong.of(8));
        assertThat(restarted.config().bully().priority()).isEqualTo(9);
    }

    @Test
    void theSameContentIsUnchanged() {
        assertThat(directory("RINGRIFT_CONFIG_GENERATION=7", "RINGRIFT_BULLY_PRIORITY= 5"))
                .isEqualTo(new Unchanged());
        assertThat(state.refusedTotal()).isZero();
    }

    @Test
    void aRemovedKeyFallsBackToTheEnvironmentThenToTheDefault() {
        directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_LOG_LEVEL=DEBUG", "RINGRIFT_BULLY_PRIORITY=6");
        assertRunning(8, 6);
        directory("RINGRIFT_CONFIG_GENERATION=9");
        assertRunning(9, 3);
        assertThat(state.config().logging().level()).isEqualTo(System.Logger.Level.INFO);
    }

    @Test
    void aBadChangeIsRefusedWholeWithAllItsProblems() {
        assertRefused(
                directory(
                        "RINGRIFT_CONFIG_GENERATION=8",
                        "RINGRIFT_BULLY_PRIORITY=6",
                        "RINGRIFT_MEMBERSHIP_MODE=gossip",
                        "RAFT_VOTERS=a,b,x"),
                "RINGRIFT_MEMBERSHIP_MODE=gossip: ",
                "RAFT_VOTERS=a,b,x: x: ");
        assertThat(state.status().refused().orElseThrow().generation()).isEqualTo(OptionalLong.of(8));
        assertRunning(7, 5);
        assertThat(state.refusedTotal()).isEqualTo(1);
    }

    @Test
    void aRefusalEndsWithALaterChangeThatIsTaken() {
        directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_LOG_LEVEL=LOUD");
        directory("RINGRIFT_CONFIG_GENERATION=9", "RINGRIFT_BULLY_PRIORITY=6");
        assertThat(state.status().refused()).isEmpty();
        assertThat(state.refusedTotal()).isEqualTo(1);
        assertRunning(9, 6);
    }

    @Test
    void aRefusalEndsWhenTheDirectoryIsPutBack() {
        directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_LOG_LEVEL=LOUD");
        assertThat(directory("RINGRIFT_CONFIG_GENERATION=7", "RINGRIFT_BULLY_PRIORITY=5"))
                .isEqualTo(new Unchanged());
        assertThat(state.status().refused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "RINGRIFT_NODE_ID=z",
                "RINGRIFT_CLUSTER_NAME=other",
                "RINGRIFT_BIND_ADDR=127.0.0.1",
                "RINGRIFT_ADVERTISE_HOST=10.0.0.1",
                "RINGRIFT_P2P_PORT=9999",
                "RINGRIFT_SWIM_BIND_PORT=9999",
                "RINGRIFT_RAFT_PORT=9999",
                "RINGRIFT_DATA_DIR=/elsewhere",
                "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/elsewhere",
                "RINGRIFT_GOSSIP_KEYS_FILE=/elsewhere",
                "RINGRIFT_TLS_DIR=/elsewhere"
            })
    void whatIsFixedForTheProcessNeedsARestart(String assignment) {
        assertRefused(
                directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_BULLY_PRIORITY=6", assignment),
                assignment + ": cannot change while the agent runs: it needs a restart; allowed: ");
        assertRunning(7, 5);
    }

    @Test
    void aFixedKeyMayBeWrittenOutWithTheValueThatRuns() {
        assertThat(directory(
                        "RINGRIFT_CONFIG_GENERATION=8",
                        "RINGRIFT_P2P_PORT=8770",
                        "RINGRIFT_SWIM_BIND_PORT=7947",
                        "RINGRIFT_NODE_ID=a",
                        "RINGRIFT_DATA_DIR=ringrift-data/a"))
                .isInstanceOf(Applied.class);
    }

    @Test
    void aFixedKeyCannotBeRemoved() {
        ConfigState started = state("RINGRIFT_CLUSTER_NAME=team");
        assertThat(started.directoryChanged(Inputs.directory("RINGRIFT_BULLY_PRIORITY=1")))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.refusal().problems())
                                .singleElement()
                                .asString()
                                .startsWith(
                                        "RINGRIFT_CLUSTER_NAME: cannot be removed while the agent runs: it needs a restart"));
    }

    @Test
    void aFixedKeyAndAMistakeAreToldAtOnce() {
        assertRefused(
                directory("RINGRIFT_NODE_ID=z", "RAFT_VOTERS=a,b,z", "RINGRIFT_SWIM_PORT=x"),
                "RINGRIFT_NODE_ID=z: cannot change",
                "RAFT_VOTERS=a,b,z: z: neither a node of RINGRIFT_PEERS nor this node (a)",
                "RINGRIFT_SWIM_PORT=x: is not a whole number");
    }

    @Test
    void aLowerGenerationIsRefused() {
        assertRefused(
                directory("RINGRIFT_CONFIG_GENERATION=6", "RINGRIFT_BULLY_PRIORITY=6"),
                "RINGRIFT_CONFIG_GENERATION=6: is lower than the running generation 7; allowed: a generation higher than 7");
        assertRunning(7, 5);
    }

    @Test
    void theSameGenerationWithOtherContentIsRefused() {
        assertRefused(
                directory("RINGRIFT_CONFIG_GENERATION=7", "RINGRIFT_BULLY_PRIORITY=6"),
                "RINGRIFT_CONFIG_GENERATION=7: is the running generation 7, with other content");
        assertRefused(
                state.pushed(7, Map.of("RINGRIFT_BULLY_PRIORITY", "6")),
                "RINGRIFT_CONFIG_GENERATION=7: is the running generation 7, with other content");
        assertThat(state.refusedTotal()).isEqualTo(2);
        assertRunning(7, 5);
    }

    @Test
    void withoutAGenerationEveryChangeIsTaken() {
        assertThat(directory("RINGRIFT_BULLY_PRIORITY=6")).isInstanceOf(Applied.class);
        assertThat(state.config().generation()).isEmpty();
        assertThat(directory("RINGRIFT_BULLY_PRIORITY=7")).isInstanceOf(Applied.class);
        assertThat(directory("RINGRIFT_CONFIG_GENERATION=2", "RINGRIFT_BULLY_PRIORITY=8"))
                .isInstanceOf(Applied.class);
        assertRunning(2, 8);
    }

    @Test
    void aPushedDocumentReplacesTheDirectorysAndTheDirectoryCatchesUp() {
        Map<String, String> pushed = Map.of("RINGRIFT_BULLY_PRIORITY", "6");
        assertThat(state.pushed(9, pushed)).isInstanceOf(Applied.class);
        assertRunning(9, 6);
        assertThat(state.pushed(9, pushed)).isEqualTo(new Unchanged());
        // The kubelet is slow: first it still brings generation 8.
        assertThat(directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_BULLY_PRIORITY=1"))
                .isEqualTo(new Unchanged());
        assertRunning(9, 6);
        assertThat(directory("RINGRIFT_CONFIG_GENERATION=9", "RINGRIFT_BULLY_PRIORITY=6"))
                .isEqualTo(new Unchanged());
        assertThat(state.status().refused()).isEmpty();
        // Now it has caught up, and going back would be a change.
        assertRefused(
                directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_BULLY_PRIORITY=1"),
                "RINGRIFT_CONFIG_GENERATION=8: is lower");
        assertThat(directory("RINGRIFT_CONFIG_GENERATION=10")).isInstanceOf(Applied.class);
        assertRunning(10, 3);
    }

    @Test
    void aDirectoryThatGoesBackwardsWhileItLagsIsRefused() {
        state.pushed(9, Map.of("RINGRIFT_BULLY_PRIORITY", "6"));
        assertRefused(directory("RINGRIFT_CONFIG_GENERATION=6"), "RINGRIFT_CONFIG_GENERATION=6: is lower");
    }

    @Test
    void aDirectoryThatReachesThePushedGenerationWithOtherContentIsRefused() {
        state.pushed(9, Map.of("RINGRIFT_BULLY_PRIORITY", "6"));
        assertRefused(
                directory("RINGRIFT_CONFIG_GENERATION=9", "RINGRIFT_BULLY_PRIORITY=4"),
                "RINGRIFT_CONFIG_GENERATION=9: is the running generation 9, with other content");
        assertRunning(9, 6);
    }

    @Test
    void aRefusedPushStaysVisibleWhenTheDirectoryCatchesUpWithAnEarlierOne() {
        state.pushed(8, Map.of("RINGRIFT_BULLY_PRIORITY", "6"));
        assertRefused(state.pushed(9, Map.of("RINGRIFT_LOG_LEVEL", "LOUD")), "RINGRIFT_LOG_LEVEL=LOUD: ");
        assertThat(directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_BULLY_PRIORITY=6"))
                .isEqualTo(new Unchanged());
        assertThat(state.status().refused().orElseThrow().generation()).isEqualTo(OptionalLong.of(9));
    }

    @Test
    void aPushOfALowerGenerationIsRefused() {
        assertRefused(state.pushed(6, Map.of()), "RINGRIFT_CONFIG_GENERATION=6: is lower");
        assertRefused(state.pushed(-1, Map.of()), "RINGRIFT_CONFIG_GENERATION=-1: is out of range");
    }

    @Test
    void aPushThatNumbersItselfTwiceIsRefused() {
        assertRefused(
                state.pushed(9, Map.of("RINGRIFT_CONFIG_GENERATION", "8")),
                "RINGRIFT_CONFIG_GENERATION=8: differs from the generation 9 beside it");
        assertThat(state.pushed(9, Map.of("RINGRIFT_CONFIG_GENERATION", "9"))).isInstanceOf(Applied.class);
    }

    @Test
    void aDirectoryThatCannotBeReadIsVisibleUntilItCanAgain() {
        assertRefused(
                state.directoryChanged(new DirectoryRead.Failed("does not exist")),
                "RINGRIFT_CONFIG_DIR=/etc/ringrift/config: the directory does not exist");
        assertRunning(7, 5);
        assertThat(directory("RINGRIFT_CONFIG_GENERATION=7", "RINGRIFT_BULLY_PRIORITY=5"))
                .isEqualTo(new Unchanged());
        assertThat(state.status().refused()).isEmpty();
    }

    @Test
    void aDirectoryThatLagsAndCouldNotBeReadForAWhileIsForgiven() {
        state.pushed(9, Map.of());
        state.directoryChanged(new DirectoryRead.Failed("does not exist"));
        directory("RINGRIFT_CONFIG_GENERATION=7", "RINGRIFT_BULLY_PRIORITY=5");
        assertThat(state.status().refused()).isEmpty();
    }

    @Test
    void oneUnreadableFileRefusesTheWholeChange() {
        Map<String, FileRead> files = new HashMap<>();
        files.put("RINGRIFT_CONFIG_GENERATION", Inputs.text("8"));
        files.put("RINGRIFT_PEERS", new FileRead.Failed("cannot be read: permission denied"));
        assertRefused(
                state.directoryChanged(new DirectoryRead.Files(files)),
                "RINGRIFT_PEERS: the file cannot be read: permission denied");
    }

    @Test
    void anotherCredentialInTheFileIsTaken() {
        Map<Path, FileRead> files = named();
        files.put(Path.of("/etc/ringrift/token"), Inputs.text("the-next-credential\n"));
        assertThat(state.filesChanged(files)).isInstanceOfSatisfying(Applied.class, applied -> {
            assertThat(applied.reloaded()).containsExactly(SecretFile.AUTH_TOKEN);
            assertThat(applied.config().security().authToken()).contains(new Secret("the-next-credential"));
        });
    }

    @Test
    void otherGossipKeysAndCertificatesAreTaken() {
        Map<Path, FileRead> files = named();
        files.put(Path.of("/etc/ringrift/keys"), Inputs.text(Inputs.OTHER_GOSSIP_KEY));
        files.put(Path.of("/etc/tls/tls.crt"), Inputs.text("-----BEGIN CERTIFICATE-----\nnext"));
        assertThat(state.filesChanged(files))
                .isInstanceOfSatisfying(
                        Applied.class,
                        applied ->
                                assertThat(applied.reloaded()).containsExactly(SecretFile.GOSSIP_KEYS, SecretFile.TLS));
        assertThat(state.gossipKeys()).contains(new Secret(Inputs.OTHER_GOSSIP_KEY));
        assertThat(state.tls().orElseThrow()).containsEntry("tls.crt", new Secret("-----BEGIN CERTIFICATE-----\nnext"));
    }

    @Test
    void badFilesAreRefusedAndTheOldOnesStayInForce() {
        Map<Path, FileRead> files = named();
        files.put(Path.of("/etc/ringrift/token"), Inputs.text("short"));
        files.put(Path.of("/etc/tls/tls.key"), new FileRead.Failed("does not exist"));
        assertRefused(
                state.filesChanged(files),
                "RINGRIFT_CLUSTER_AUTH_TOKEN_FILE=/etc/ringrift/token: the credential in the file is too short",
                "RINGRIFT_TLS_DIR=/etc/tls: tls.key does not exist");
        assertThat(state.config().security().authToken()).contains(new Secret(Inputs.TOKEN));
        assertThat(state.tls().orElseThrow()).containsEntry("tls.key", new Secret("-----BEGIN PRIVATE KEY-----\n"));
        assertThat(state.filesChanged(named())).isEqualTo(new Unchanged());
        assertThat(state.status().refused()).isEmpty();
    }

    @Test
    void badFilesAndABadDocumentAreBothShownAndEachEndsByItself() {
        Map<Path, FileRead> files = named();
        files.put(Path.of("/etc/ringrift/keys"), Inputs.text("?"));
        state.filesChanged(files);
        directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_LOG_LEVEL=LOUD");
        assertThat(state.status().refused().orElseThrow().problems()).hasSize(2);
        directory("RINGRIFT_CONFIG_GENERATION=9");
        assertThat(state.status().refused().orElseThrow().problems())
                .singleElement()
                .asString()
                .startsWith("RINGRIFT_GOSSIP_KEYS_FILE=");
        state.filesChanged(named());
        assertThat(state.status().refused()).isEmpty();
        assertThat(state.refusedTotal()).isEqualTo(2);
    }

    @Test
    void aChangedCredentialIsNotPrinted() {
        ConfigState open = Inputs.started(Inputs.start("RINGRIFT_CLUSTER_AUTH_TOKEN=" + Inputs.TOKEN))
                .state();
        ConfigDecision decision = open.pushed(1, Map.of("RINGRIFT_CLUSTER_AUTH_TOKEN", "another-credential"));
        assertThat(((Applied) decision).changes())
                .contains(new Change("RINGRIFT_CLUSTER_AUTH_TOKEN", "(not shown)", "(not shown)"));
        assertThat(decision.toString()).doesNotContain("another-credential", Inputs.TOKEN);
    }

    @Test
    void onlyNewWarningsAreTold() {
        ConfigDecision first = directory("RINGRIFT_CONFIG_GENERATION=8", "RINGRIFT_LOG_LEVL=DEBUG");
        assertThat(((Applied) first).warnings()).hasSize(1);
        ConfigDecision second = directory("RINGRIFT_CONFIG_GENERATION=9", "RINGRIFT_LOG_LEVL=DEBUG", "RAFT_VOTERS=a,b");
        assertThat(((Applied) second).warnings()).singleElement().asString().startsWith("RAFT_VOTERS=a,b: 2 voters");
    }

    @Test
    void theRoadThroughTheStagesAndBackIsTaken() {
        String voters = "RAFT_VOTERS=a,b,c";
        String[][] stages = {
            {
                "RINGRIFT_SWIM_ENABLED=true",
                "RINGRIFT_MEMBERSHIP_MODE=hybrid",
                "RINGRIFT_RAFT_ENABLED=false",
                "RINGRIFT_CONSENSUS_MODE=bully"
            },
            {
                "RINGRIFT_SWIM_ENABLED=true",
                "RINGRIFT_MEMBERSHIP_MODE=swim",
                "RINGRIFT_RAFT_ENABLED=false",
                "RINGRIFT_CONSENSUS_MODE=bully"
            },
            {
                "RINGRIFT_SWIM_ENABLED=true",
                "RINGRIFT_MEMBERSHIP_MODE=swim",
                "RINGRIFT_RAFT_ENABLED=true",
                "RINGRIFT_CONSENSUS_MODE=hybrid",
                voters
            },
            {
                "RINGRIFT_SWIM_ENABLED=true",
                "RINGRIFT_MEMBERSHIP_MODE=swim",
                "RINGRIFT_RAFT_ENABLED=true",
                "RINGRIFT_CONSENSUS_MODE=raft",
                voters
            },
            {
                "RINGRIFT_SWIM_ENABLED=false",
                "RINGRIFT_MEMBERSHIP_MODE=http",
                "RINGRIFT_RAFT_ENABLED=false",
                "RINGRIFT_CONSENSUS_MODE=bully"
            }
        };
        long generation = 8;
        for (String[] stage : stages) {
            assertThat(state.pushed(generation, Inputs.keys(stage)))
                    .as(Arrays.toString(stage))
                    .isInstanceOf(Applied.class);
            assertThat(state.config().generation()).hasValue(generation++);
        }
        assertThat(state.config().raft().enabled()).isFalse();
    }

    private static Map<Path, FileRead> named() {
        Map<Path, FileRead> files = Inputs.files();
        files.keySet()
                .retainAll(Set.of(
                        Path.of("/etc/ringrift/token"),
                        Path.of("/etc/ringrift/keys"),
                        Path.of("/etc/tls/tls.crt"),
                        Path.of("/etc/tls/tls.key"),
                        Path.of("/etc/tls/ca.crt")));
        return files;
    }
}
