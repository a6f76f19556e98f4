package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The table in docs/swim.md of what users of others reported, against the tests that it names. */
class PainsTest {
    private static final Path PAGE = Path.of("..", "docs", "swim.md");
    private static final Pattern THREAD = Pattern.compile("[A-Za-z0-9-]+/[A-Za-z0-9-]+#\\d+");

    @Test
    void everyStagedThreadStandsInTheTableBesideItsTest() throws IOException {
        List<String> rows = Files.readAllLines(PAGE);
        for (Class<?> tests : List.of(ReportedElsewhereTest.class, ReportedAtScaleTest.class, HealingTest.class)) {
            Arrays.stream(tests.getDeclaredMethods())
                    .flatMap(method -> Stream.ofNullable(method.getAnnotation(DisplayName.class)))
                    .flatMap(name -> THREAD.matcher(name.value()).results().map(MatchResult::group))
                    .forEach(thread -> assertThat(rows)
                            .as(thread)
                            .anyMatch(row -> row.contains(thread) && row.contains(tests.getSimpleName())));
        }
    }

    @Test
    void everyTestThatTheTableNamesExists() throws IOException {
        List<String> names = Pattern.compile("\\b([A-Z]\\w+Test)\\b")
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();

        assertThat(names)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(getClass().getResource(name + ".class"))
                        .as(name)
                        .isNotNull());
    }
}
