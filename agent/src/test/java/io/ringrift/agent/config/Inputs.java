package io.ringrift.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations for tests, written as {@code KEY=value} lines. Files are a map, nothing is read from disk. */
final class Inputs {
    static final Path HOME = Path.of("/work-dir");
    static final String TOKEN = "kd83-Ljw02-nnMQ7-Xy";
    static final String GOSSIP_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    static final String OTHER_GOSSIP_KEY = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private Inputs() {}

    static Map<String, String> keys(String... assignments) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            keys.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return keys;
    }

    static DirectoryRead directory(String... assignments) {
        Map<String, FileRead> files = new HashMap<>();
        keys(assignments).forEach((name, value) -> files.put(name, text(value + "\n")));
        return new DirectoryRead.Files(files);
    }

    static FileRead text(String content) {
        return new FileRead.Text(new Secret(content));
    }

    /** The files that tests name, all good. */
    static Map<Path, FileRead> files() {
        Map<Path, FileRead> files = new HashMap<>();
        files.put(Path.of("/etc/ringrift/token"), text(TOKEN + "\n"));
        files.put(Path.of("/etc/ringrift/short-token"), text("short\n"));
        files.put(Path.of("/etc/ringrift/keys"), text(GOSSIP_KEY + "\n\n" + OTHER_GOSSIP_KEY + "\n"));
        files.put(Path.of("/etc/ringrift/bad-keys"), text(GOSSIP_KEY + "\nc2hvcnQ=\n"));
        files.put(Path.of("/etc/ringrift/no-keys"), text("\n"));
        files.put(Path.of("/etc/ringrift/same-keys"), text(GOSSIP_KEY + "\n" + GOSSIP_KEY + "\n"));
        files.put(Path.of("/etc/tls/tls.crt"), text("-----BEGIN CERTIFICATE-----\n"));
        files.put(Path.of("/etc/tls/tls.key"), text("-----BEGIN PRIVATE KEY-----\n"));
        files.put(Path.of("/etc/tls/ca.crt"), text("-----BEGIN CERTIFICATE-----\n"));
        files.put(Path.of("/etc/half-tls/tls.crt"), text("-----BEGIN CERTIFICATE-----\n"));
        files.put(Path.of("/etc/half-tls/ca.crt"), text("not PEM\n"));
        return files;
    }

    static ConfigInput input(Map<String, String> environment, DirectoryRead directory, Map<Path, FileRead> files) {
        return new ConfigInput(
                environment,
                directory,
                Optional.of("Host-7.example.org"),
                HOME,
                path -> files.getOrDefault(path, new FileRead.Failed("does not exist")));
    }

    static ConfigStart start(String... environment) {
        return ConfigState.start(input(keys(environment), new DirectoryRead.None(), files()));
    }

    static ConfigStart.Started started(ConfigStart start) {
        assertThat(start).isInstanceOf(ConfigStart.Started.class);
        return (ConfigStart.Started) start;
    }

    static AgentConfig config(String... environment) {
        return started(start(environment)).state().config();
    }

    static List<String> warnings(String... environment) {
        return started(start(environment)).warnings();
    }

    static List<Problem> problems(String... environment) {
        ConfigStart start = start(environment);
        assertThat(start).isInstanceOf(ConfigStart.Invalid.class);
        return ((ConfigStart.Invalid) start).problems();
    }
}
