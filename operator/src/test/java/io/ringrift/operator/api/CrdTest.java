package io.ringrift.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CRD that is checked in is the one that the types stand for. */
class CrdTest {
    private static final Path CHECKED_IN = Path.of("..", "crds", "ringriftclusters.ringrift.io.yaml");
    private static final Path IN_CHART = Path.of("..", "helm", "ringrift", "files", "crd.yaml");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @TempDir
    static Path directory;

    private static String generated;
    private static JsonNode crd;

    @BeforeAll
    static void generate() throws IOException {
        new CRDGenerator()
                .customResourceClasses(RingRiftCluster.class)
                .withPostProcessor(new CrdPostProcessor())
                .inOutputDir(directory.toFile())
                .detailedGenerate();
        try (var files = Files.list(directory)) {
            generated = Files.readString(files.findFirst().orElseThrow());
        }
        crd = YAML.readTree(generated);
        if (Boolean.getBoolean("ringrift.crd.update")) {
            Files.writeString(CHECKED_IN, generated);
            Files.writeString(IN_CHART, generated);
        }
    }

    @Test
    void isTheOneCheckedIn() throws IOException {
        assertThat(Files.readString(CHECKED_IN))
                .as("run `make crd` after a change of the types")
                .isEqualTo(generated);
    }

    @Test
    void isTheOneInTheChart() throws IOException {
        assertThat(Files.readString(IN_CHART))
                .as("run `make crd` after a change of the types")
                .isEqualTo(generated);
    }

    @Test
    void fitsIntoTheAnnotationOfAClientSideApply() throws IOException {
        int bytes = new ObjectMapper().writeValueAsBytes(crd).length;
        assertThat(bytes).as("bytes of compact JSON").isLessThan(128 * 1024);
    }

    @Test
    void describesEveryFieldOfOurs() {
        List<String> bare = new ArrayList<>();
        collectUndescribed(schema(), "", bare);
        assertThat(bare).isEmpty();
    }

    @Test
    void boundsEverythingThatARuleSees() {
        JsonNode spec = schema().at("/properties/spec/properties");
        List<String> unbounded = new ArrayList<>();
        spec.properties().forEach(field -> {
            if (!field.getKey().equals("template")) {
                collectUnbounded(field.getValue(), field.getKey(), unbounded);
            }
        });
        assertThat(unbounded).isEmpty();
    }

    private static JsonNode schema() {
        return crd.at("/spec/versions/0/schema/openAPIV3Schema");
    }

    /** Fields of Kubernetes' own types keep the names that everybody knows, and no description: they would fill the CRD. */
    private static void collectUndescribed(JsonNode schema, String path, List<String> bare) {
        schema.path("properties").properties().forEach(field -> {
            String child = path + "/" + field.getKey();
            if (child.equals("/metadata")) {
                return;
            }
            if (field.getValue().path("description").asText().isBlank()) {
                bare.add(child);
            }
            boolean foreign = child.equals("/spec/template")
                    || child.equals("/spec/agent/resources")
                    || child.equals("/status/conditions");
            if (!foreign) {
                JsonNode nested =
                        field.getValue().has("items") ? field.getValue().get("items") : field.getValue();
                collectUndescribed(nested, child, bare);
            }
        });
    }

    private static void collectUnbounded(JsonNode schema, String path, List<String> unbounded) {
        if (path.equals("agent.resources")) {
            return;
        }
        String type = schema.path("type").asText();
        if (type.equals("string") && !schema.has("maxLength") && !schema.has("enum")) {
            unbounded.add(path);
        }
        if (type.equals("array") && !schema.has("maxItems")) {
            unbounded.add(path);
        }
        if (schema.has("items")) {
            collectUnbounded(schema.get("items"), path + "[]", unbounded);
        }
        schema.path("properties")
                .properties()
                .forEach(field -> collectUnbounded(field.getValue(), path + "." + field.getKey(), unbounded));
    }
}
