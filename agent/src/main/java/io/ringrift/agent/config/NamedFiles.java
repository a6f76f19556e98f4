package io.ringrift.agent.config;

import java.nio.file.Path;

/** Reads a file that a key names: the credential, the gossip keys, the certificates. Never throws. */
@FunctionalInterface
public interface NamedFiles {
    FileRead read(Path path);
}
