package io.ringrift.agent.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the configuration is made from at start.
 *
 * @param environment the process's environment, other programs' variables included
 * @param hostName the node id where none is set; empty where the machine does not know its name
 * @param workingDirectory absolute; relative paths are under it
 * @param files reads what keys name
 */
public record ConfigInput(
        Map<String, String> environment,
        DirectoryRead directory,
        Optional<String> hostName,
        Path workingDirectory,
        NamedFiles files) {

    /** Only how much there is: the environment holds secrets. */
    @Override
    public String toString() {
        return "ConfigInput[%d environment variables]".formatted(environment.size());
    }
}
