package io.ringrift.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringrift.agent.consensus.bully.Remembered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochStoreTest {
    @TempDir
    Path directory;

    @Test
    void aNewNodeRemembersNothing() {
        EpochStore.Opened opened = EpochStore.open(directory.resolve("not/yet/there"));
        assertThat(opened.remembered().epoch()).isZero();
        assertThat(opened.incarnation()).isZero();
        assertThat(opened.problem()).isEmpty();
    }

    @Test
    void remembersTheHighestPromiseAndTheIncarnation() throws IOException {
        EpochStore store = EpochStore.open(directory.resolve("data")).store();
        store.begin(1_790_000_000_000L);
        store.promise(new Remembered(31, false));
        store.promise(new Remembered(30, false));

        EpochStore.Opened again = EpochStore.open(directory.resolve("data"));

        assertThat(again.remembered().epoch()).isEqualTo(31);
        assertThat(again.incarnation()).isEqualTo(1_790_000_000_000L);
        again.store().begin(1_790_000_000_001L);
        assertThat(EpochStore.open(directory.resolve("data")).remembered().epoch())
                .as("a new run keeps the promise")
                .isEqualTo(31);
    }

    @Test
    void remembersWhomTheLastPromiseWasTo() throws IOException {
        EpochStore store = EpochStore.open(directory).store();
        store.promise(new Remembered(31, false));
        store.promise(new Remembered(32, true));
        assertThat(EpochStore.open(directory).remembered()).isEqualTo(new Remembered(32, true));

        store.begin(7);
        assertThat(EpochStore.open(directory).remembered()).isEqualTo(new Remembered(32, true));

        store.promise(new Remembered(32, false));
        assertThat(EpochStore.open(directory).remembered()).isEqualTo(new Remembered(32, false));
    }

    @Test
    void remembersWhetherEveryMemberRunsRaftAlone() throws IOException {
        EpochStore store = EpochStore.open(directory).store();
        store.promise(new Remembered(31, false));
        assertThat(EpochStore.open(directory).raftOnly()).isFalse();

        store.raftOnly(true);
        store.promise(new Remembered(32, false));
        store.begin(7);
        assertThat(EpochStore.open(directory).raftOnly()).isTrue();
        assertThat(EpochStore.open(directory).remembered()).isEqualTo(new Remembered(32, false));

        store.raftOnly(false);
        assertThat(EpochStore.open(directory).raftOnly()).isFalse();
    }

    @Test
    void aFileOfAnAgentThatDidNotWriteWhomItPromisedIsTakenForBullys() throws IOException {
        EpochStore.open(directory).store().promise(new Remembered(31, true));
        Path file = directory.resolve("promise.json");
        Files.writeString(file, Files.readString(file).replace(",\"leader_by\":\"raft\",\"raft_only\":false", ""));

        EpochStore.Opened opened = EpochStore.open(directory);

        assertThat(opened.problem()).isEmpty();
        assertThat(opened.remembered()).isEqualTo(new Remembered(31, false));
        assertThat(opened.raftOnly()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"epoch\":31}",
                "{\"epoch\":\"31\",\"incarnation\":1,\"crc32\":\"0\"}",
                "{\"epoch\":32,\"incarnation\":1,\"crc32\":\"deadbeef\"}"
            })
    void aDamagedFileIsSaidAndKeptBeside(String content) throws IOException {
        Files.writeString(directory.resolve("promise.json"), content);

        EpochStore.Opened opened = EpochStore.open(directory);

        assertThat(opened.remembered().epoch()).isZero();
        assertThat(opened.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("promise.json", "not remembered"));
        assertThat(directory.resolve("promise.unreadable.json")).hasContent(content);
    }

    @Test
    void oneChangedDigitIsNoticed() throws IOException {
        EpochStore store = EpochStore.open(directory).store();
        store.promise(new Remembered(31, false));
        Path file = directory.resolve("promise.json");
        Files.writeString(file, Files.readString(file, StandardCharsets.UTF_8).replace("31", "13"));

        assertThat(EpochStore.open(directory).problem()).isPresent();
    }

    @Test
    void aHalfWrittenSuccessorChangesNothing() throws IOException {
        EpochStore.open(directory).store().promise(new Remembered(31, false));
        Files.writeString(directory.resolve("promise.json.tmp"), "{\"epoch\":3");

        assertThat(EpochStore.open(directory).remembered().epoch()).isEqualTo(31);
    }

    @Test
    void whatCannotBeWrittenIsNotPromised() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        EpochStore store = EpochStore.open(file.resolve("data")).store();

        assertThatThrownBy(() -> store.promise(new Remembered(1, false))).isInstanceOf(IOException.class);
    }
}
