package io.ringrift.agent.config;

import java.util.Map;

/** What came of reading the directory that {@code RINGRIFT_CONFIG_DIR} names. */
public sealed interface DirectoryRead {
    /** There is none: the environment is all. */
    record None() implements DirectoryRead {}

    /** @param files by name; only names that {@link #isKey} accepts */
    record Files(Map<String, FileRead> files) implements DirectoryRead {}

    /** @param why completes the sentence "the directory ...", for example {@code does not exist} */
    record Failed(String why) implements DirectoryRead {}

    /** Whether a file of this name is a key of the agent's; others, and what Kubernetes keeps beside them, are not read. */
    static boolean isKey(String fileName) {
        return Keys.isOurs(fileName) || Canary.isKey(fileName);
    }
}
