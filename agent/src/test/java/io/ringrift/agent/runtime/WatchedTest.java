package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a content counts, look by look. */
class WatchedTest {
    private final List<String> told = new ArrayList<>();
    private String content = "a";
    private int stamp;
    private int reads;

    private final Watched<String> watched = new Watched<>(
            () -> List.of("" + stamp),
            () -> {
                reads++;
                return content;
            },
            told::add);

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            watched.look();
            watched.tell();
        }
    }

    private void write(String next) {
        content = next;
        stamp++;
    }

    @Test
    void aContentCountsWhenItWasReadTwice() {
        look(1);
        assertThat(told).isEmpty();
        look(1);
        assertThat(told).containsExactly("a");
    }

    @Test
    void aFileThatIsEmptyForAMomentIsNoChange() {
        look(2);
        write("");
        look(1);
        write("b");
        look(2);
        assertThat(told).containsExactly("a", "b");
    }

    @Test
    void aChangeThatIsPutBackAtOnceIsNoChange() {
        look(2);
        write("b");
        look(1);
        write("a");
        look(5);
        assertThat(told).containsExactly("a");
    }

    @Test
    void aChangeThatLeavesTheStampIsSeenWhileTheStampIsFresh() {
        look(3);
        content = "b";
        look(2);
        assertThat(told).containsExactly("a", "b");
    }

    @Test
    void whatStandsStillIsReadNoMore() {
        look(100);
        assertThat(reads).isLessThan(12);
        write("b");
        look(2);
        assertThat(told).containsExactly("a", "b");
    }
}
