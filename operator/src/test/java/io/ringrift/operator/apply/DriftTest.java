package io.ringrift.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatOthersAddedIsNoneOfOurs() {
        assertThat(paths("{'a': {'b': 1}}", "{'a': {'b': 1, 'c': 2}, 'd': []}")).isEmpty();
    }

    @Test
    void namesWhatDiffers() {
        assertThat(paths("{'a': {'b': 1}, 'x': [1, {'y': 'z'}]}", "{'a': {'b': 2}, 'x': [1, {'y': 'q'}]}"))
                .containsExactlyInAnyOrder("/a/b", "/x/1/y");
    }

    @Test
    void whatIsMissingDiffers() {
        assertThat(paths("{'a': {'b': 1}}", "{}")).containsExactly("/a");
        assertThat(paths("{'a': 'text'}", "{'b': 1}")).containsExactly("/a");
    }

    @Test
    void aListIsOneThing() {
        assertThat(paths("{'a': [1, 2]}", "{'a': [1]}")).containsExactly("/a");
        assertThat(paths("{'a': [1]}", "{'a': [1, 2]}")).containsExactly("/a");
        assertThat(paths("{'a': [1, 2]}", "{'a': [2, 1]}")).containsExactlyInAnyOrder("/a/0", "/a/1");
    }

    @Test
    void nothingIsNothingHoweverItIsWritten() {
        assertThat(paths("{'a': {}, 'b': [], 'c': '', 'd': 0, 'e': false, 'f': null}", "{}"))
                .isEmpty();
        assertThat(paths("{'a': 0}", "{'a': 5}")).containsExactly("/a");
        assertThat(paths("{'a': []}", "{'a': [1]}")).containsExactly("/a");
        assertThat(paths("{'a': ''}", "{'a': 'b'}")).containsExactly("/a");
    }

    @Test
    void quantitiesAreComparedByValueWhereTheyAreQuantities() {
        assertThat(paths("{'limits': {'cpu': '1000m'}}", "{'limits': {'cpu': '1'}}"))
                .isEmpty();
        assertThat(paths("{'r': {'limits': {'cpu': '1000m'}}}", "{'r': {'limits': {'cpu': '1'}}}"))
                .isEmpty();
        assertThat(paths("{'r': {'limits': {'cpu': '2'}}}", "{'r': {'limits': {'cpu': '1'}}}"))
                .containsExactly("/r/limits/cpu");
        assertThat(paths("{'labels': {'version': '1000m'}}", "{'labels': {'version': '1'}}"))
                .containsExactly("/labels/version");
    }

    private static Set<String> paths(String wanted, String live) {
        try {
            return Drift.paths(JSON.readTree(wanted.replace('\'', '"')), JSON.readTree(live.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
