package io.ringrift.agent.runtime;

import io.ringrift.agent.config.ConfigInput;
import io.ringrift.agent.config.ConfigStart;
import io.ringrift.agent.config.ConfigState;
import io.ringrift.agent.config.DirectoryRead;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Loads the configuration at start: the environment, the directory it names and the files that keys name. */
public final class ConfigLoader {
    /** The exit status of an agent whose configuration is bad: EX_CONFIG of sysexits.h. */
    public static final int EXIT_STATUS = 78;

    private static final String DIRECTORY_KEY = "RINGRIFT_CONFIG_DIR";
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private ConfigLoader() {}

    /**
     * Reads and checks everything; blocks. Where it is {@link ConfigStart.Invalid}, print {@link ConfigStart.Invalid#text()} and exit
     * with {@link #EXIT_STATUS}.
     */
    public static ConfigStart load(Map<String, String> environment) {
        return ConfigState.start(new ConfigInput(
                environment,
                readDirectory(environment),
                hostName(),
                Path.of("").toAbsolutePath(),
                ConfigFiles::readNamed));
    }

    /** The watched directory; empty where the environment names none. */
    public static Optional<Path> directory(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(DIRECTORY_KEY))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> Path.of(text).toAbsolutePath());
    }

    private static DirectoryRead readDirectory(Map<String, String> environment) {
        try {
            return directory(environment).map(ConfigFiles::readDirectory).orElseGet(DirectoryRead.None::new);
        } catch (InvalidPathException e) {
            return new DirectoryRead.Failed("is not a path");
        }
    }

    /** The kernel's word first: asking the resolver takes seconds where DNS is down. */
    private static Optional<String> hostName() {
        try {
            return Optional.of(Files.readString(KERNEL_HOST_NAME).strip());
        } catch (IOException e) {
            try {
                return Optional.of(InetAddress.getLocalHost().getHostName());
            } catch (UnknownHostException unknown) {
                return Optional.empty();
            }
        }
    }
}
