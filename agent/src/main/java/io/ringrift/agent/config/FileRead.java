package io.ringrift.agent.config;

/** What came of reading one file. */
public sealed interface FileRead {
    /** The file's text; a {@link Secret} because it may be one. */
    record Text(Secret content) implements FileRead {}

    /** @param why completes the sentence "the file ...", for example {@code does not exist} */
    record Failed(String why) implements FileRead {}
}
