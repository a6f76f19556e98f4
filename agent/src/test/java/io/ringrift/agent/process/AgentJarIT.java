package io.ringrift.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The build strips from the jar what nobody calls; what is found by a name that stands in a file has to be there. */
class AgentJarIT {
    private static final String SERVICES = "META-INF/services/";

    @Test
    void everyProviderOfAServiceThatCanBeAskedForIsThere() throws IOException {
        try (JarFile jar = new JarFile(AgentProcess.jar().toFile())) {
            List<JarEntry> services = jar.stream()
                    .filter(entry -> entry.getName().startsWith(SERVICES) && !entry.isDirectory())
                    .filter(entry -> has(jar, entry.getName().substring(SERVICES.length())))
                    .toList();
            assertThat(services).hasSizeGreaterThan(2);
            for (JarEntry service : services) {
                assertThat(names(jar, service))
                        .as(service.getName())
                        .isNotEmpty()
                        .allMatch(provider -> has(jar, provider));
            }
        }
    }

    @Test
    void everyClassThatAFollowerLoadsAheadIsThere() throws IOException {
        try (JarFile jar = new JarFile(AgentProcess.jar().toFile())) {
            assertThat(names(jar, jar.getJarEntry("io/ringrift/agent/raft/warm-up.txt")))
                    .hasSizeGreaterThan(10)
                    .filteredOn(name -> name.startsWith("io.") || name.startsWith("org."))
                    .allMatch(name -> has(jar, name));
        }
    }

    private static boolean has(JarFile jar, String type) {
        return jar.getEntry(type.replace('.', '/') + ".class") != null;
    }

    private static List<String> names(JarFile jar, JarEntry file) throws IOException {
        try (InputStream text = jar.getInputStream(file)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        }
    }
}
