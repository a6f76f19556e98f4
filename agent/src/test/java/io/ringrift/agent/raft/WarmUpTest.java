package io.ringrift.agent.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/** A name that leads nowhere would go unnoticed: it only makes an election slow. */
class WarmUpTest {
    @Test
    void everyClassThatIsLoadedAheadIsThere() {
        assertThat(WarmUp.names())
                .hasSizeGreaterThan(100)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThatCode(
                                () -> Class.forName(name, false, getClass().getClassLoader()))
                        .doesNotThrowAnyException());
    }
}
