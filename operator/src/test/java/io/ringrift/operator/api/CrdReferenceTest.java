package io.ringrift.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/resource.md is what the CRD says, for people who read rather than explain. */
class CrdReferenceTest {
    private static final Path CRD = Path.of("..", "crds", "ringriftclusters.ringrift.io.yaml");
    private static final Path REFERENCE = Path.of("..", "docs", "resource.md");
    private static final String HEAD = """
            # The custom resource

            `RingRiftCluster`, `ringrift.io/v1alpha1`, short name `rrc`. Made from the CRD by `make crd`; `kubectl explain rrc.spec` says the same.
            The pod template has the schema of Kubernetes' own and is not repeated here.
            """;

    @Test
    void isTheOneCheckedIn() throws IOException {
        String made = reference(new ObjectMapper(new YAMLFactory()).readTree(CRD.toFile()));
        if (Boolean.getBoolean("ringrift.crd.update")) {
            Files.writeString(REFERENCE, made);
        }

        assertThat(Files.readString(REFERENCE))
                .as("run `make crd` after a change of the types")
                .isEqualTo(made);
    }

    private static String reference(JsonNode crd) {
        JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
        var out = new StringBuilder(HEAD);
        for (String part : new String[] {"spec", "status"}) {
            JsonNode root = schema.path("properties").path(part);
            out.append("\n## ").append(part).append("\n\n");
            out.append(text(root)).append("\n\n| field | type | default | |\n|---|---|---|---|\n");
            rows(root, "", out);
            rules(root, out);
        }
        return out.toString();
    }

    private static void rows(JsonNode schema, String path, StringBuilder out) {
        schema.path("properties").properties().forEach(field -> {
            JsonNode property = field.getValue();
            String name = path + field.getKey();
            out.append("| `%s` | %s | %s | %s |\n".formatted(name, type(property), preset(property), text(property)));
            if (!name.equals("template") && !name.endsWith("resources")) {
                rows(property, name + ".", out);
                rows(property.path("items"), name + "[].", out);
            }
        });
    }

    private static void rules(JsonNode root, StringBuilder out) {
        String rules = root.findValues("x-kubernetes-validations").stream()
                .flatMap(JsonNode::valueStream)
                .map(rule -> rule.path("message").asText())
                .distinct()
                .map(message -> "- " + message + "\n")
                .collect(Collectors.joining());
        if (!rules.isEmpty()) {
            out.append(
                            "\nThe API server refuses what breaks one of these rules, with the sentence that stands here:\n\n")
                    .append(rules);
        }
    }

    private static String type(JsonNode property) {
        if (property.has("enum")) {
            return property.path("enum")
                    .valueStream()
                    .map(value -> "`" + value.asText() + "`")
                    .collect(Collectors.joining(", "));
        }
        String type = property.path("type").asText("number or string");
        return type.equals("array") ? "list of " + type(property.path("items")) : type + range(property);
    }

    private static String range(JsonNode property) {
        if (property.has("maximum")) {
            return ", " + property.path("minimum").asLong() + " to "
                    + property.path("maximum").asLong();
        }
        return property.has("minimum")
                ? ", at least " + property.path("minimum").asLong()
                : "";
    }

    /** The default of a section is only its fields' defaults once more. */
    private static String preset(JsonNode property) {
        JsonNode preset = property.path("default");
        return preset.isMissingNode() || preset.isObject()
                ? ""
                : "`" + preset.toString().replace("\"", "") + "`";
    }

    private static String text(JsonNode property) {
        return property.path("description").asText("").replace("|", "\\|").replace("\n", " ");
    }
}
