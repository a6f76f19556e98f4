package io.ringrift.operator.observe;

import static io.ringrift.operator.observe.Reports.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaderEventTest {
    private static final LeaderEvent RAFT = new LeaderEvent("demo-1", 6, Optional.of("raft"));

    @Test
    void whatAgentsSendIsRead() {
        assertThat(LeaderEvent.read("{\"leader\": \"demo-1\", \"epoch\": 6, \"source\": \"raft\", \"at\": \"...\"}"))
                .contains(RAFT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "5", "{\"leader\": \"a\", \"epoch\": \"b\"}", "{\"leader\": null}"})
    void whatIsNoLeaderIsNothing(String data) {
        assertThat(LeaderEvent.read(data)).isEmpty();
    }

    @Test
    void itCountsWhereItIsNewer() {
        assertThat(RAFT.in(healthy("demo-0", 1, "demo-0", 5)).leader()).contains("demo-1");
        assertThat(RAFT.in(healthy("demo-0", 1, null, 6)).source()).contains("raft");
        assertThat(RAFT.in(healthy("demo-0", 1, "demo-2", 6)).leader()).contains("demo-2");
        assertThat(RAFT.in(healthy("demo-0", 1, null, 7)).leader()).isEmpty();
    }
}
