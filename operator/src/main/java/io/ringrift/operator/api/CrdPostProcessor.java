package io.ringrift.operator.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adds to the generated CRD what annotations cannot say. Used by the build alone: the generator's classes are not there at
 * run time.
 */
public final class CrdPostProcessor implements CRDPostProcessor {
    private static final List<String> SECTIONS_WITH_DEFAULTS =
            List.of("agent", "membership", "consensus", "rollout", "security", "ports");
    private static final Set<String> SINGLE_QUANTITIES = Set.of("divisor", "sizeLimit", "size");

    /**
     * What Kubernetes takes for a quantity: the pattern of its own generators. Without it a text such as "" gets as far as the
     * operator, which cannot read the resource then.
     */
    private static final String QUANTITY =
            "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

    @Override
    public HasMetadata process(HasMetadata resource, String crdSpecVersion) {
        if (resource instanceof CustomResourceDefinition crd) {
            crd.getMetadata().setLabels(Map.of("app.kubernetes.io/part-of", "ringrift"));
            crd.getSpec().getVersions().forEach(CrdPostProcessor::complete);
        }
        return resource;
    }

    private static void complete(CustomResourceDefinitionVersion version) {
        version.setAdditionalPrinterColumns(columns());
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        Map<String, JSONSchemaProps> spec = root.getProperties().get("spec").getProperties();
        boundName(root);
        addDefault(property(spec, "membership", "http"));
        SECTIONS_WITH_DEFAULTS.forEach(section -> addDefault(spec.get(section)));
        property(spec, "consensus", "voterNames").setXKubernetesListType("set");
        property(spec, "rollout", "steps").setXKubernetesListType("atomic");
        conditionsByType(root.getProperties().get("status").getProperties().get("conditions"));
        root.setDescription("A cluster of workers that know who is alive and agree on a leader.");
        root.getProperties().get("spec").setDescription("What the user wants. Everything but stage has a default.");
        root.getProperties().get("status").setDescription("What is so, and what the operator is about to do.");
        eachRuleOnce(root);
        eachQuantity(root);
    }

    /** The rules that see the name need to know how long it can be at most. */
    private static void boundName(JSONSchemaProps root) {
        JSONSchemaProps name = new JSONSchemaPropsBuilder()
                .withType("string")
                .withMaxLength((long) RingRiftCluster.MAX_NAME_LENGTH)
                .build();
        JSONSchemaProps metadata = new JSONSchemaPropsBuilder()
                .withType("object")
                .addToProperties("name", name)
                .build();
        root.getProperties().put("metadata", metadata);
    }

    /**
     * The API server fills in defaults below an object only where that object is there, and holds the object's rules
     * against its default: so the default is all of its properties' defaults.
     */
    private static void addDefault(JSONSchemaProps section) {
        ObjectNode defaults = JsonNodeFactory.instance.objectNode();
        section.getProperties().forEach((name, property) -> {
            if (property.getDefault() != null) {
                defaults.set(name, property.getDefault());
            }
        });
        section.setDefault(defaults);
    }

    /** Several writers can own a condition each, and server-side apply merges them by type. */
    private static void conditionsByType(JSONSchemaProps conditions) {
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
        JSONSchemaProps condition = conditions.getItems().getSchema();
        condition.setRequired(List.of("type", "status", "reason", "message", "lastTransitionTime"));
        condition.getProperties().get("lastTransitionTime").setFormat("date-time");
    }

    /** The generator meets a record's annotations twice, on the field and on its accessor. */
    private static void eachRuleOnce(JSONSchemaProps schema) {
        if (schema == null) {
            return;
        }
        schema.setXKubernetesValidations(
                schema.getXKubernetesValidations().stream().distinct().toList());
        schema.getProperties().values().forEach(CrdPostProcessor::eachRuleOnce);
        if (schema.getItems() != null) {
            eachRuleOnce(schema.getItems().getSchema());
        }
    }

    /** Maps of quantities are the only maps of numbers or texts here; three fields hold a single one. */
    private static void eachQuantity(JSONSchemaProps schema) {
        schema.getProperties().forEach((name, property) -> {
            if (SINGLE_QUANTITIES.contains(name)) {
                bindQuantity(property);
            }
            eachQuantity(property);
        });
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            bindQuantity(schema.getAdditionalProperties().getSchema());
            eachQuantity(schema.getAdditionalProperties().getSchema());
        }
        if (schema.getItems() != null) {
            eachQuantity(schema.getItems().getSchema());
        }
    }

    private static void bindQuantity(JSONSchemaProps schema) {
        if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
            schema.setPattern(QUANTITY);
        }
    }

    private static JSONSchemaProps property(Map<String, JSONSchemaProps> spec, String section, String name) {
        return spec.get(section).getProperties().get(name);
    }

    private static List<CustomResourceColumnDefinition> columns() {
        return List.of(
                column("Stage", "string", ".status.summary.stage", 0),
                column("Membership", "string", ".status.membership.mode", 0),
                column("Consensus", "string", ".status.consensus.mode", 0),
                column("Ready", "string", ".status.summary.ready", 0),
                column("Alive", "string", ".status.summary.alive", 0),
                column("Leader", "string", ".status.consensus.leader", 0),
                column("Age", "date", ".metadata.creationTimestamp", 0),
                column("Epoch", "integer", ".status.consensus.epoch", 1),
                column("Term", "integer", ".status.consensus.term", 1),
                column("Voters", "string", ".status.consensus.voters", 1),
                column("Phase", "string", ".status.phase", 1),
                column("Message", "string", ".status.rollout.message", 1));
    }

    private static CustomResourceColumnDefinition column(String name, String type, String path, int priority) {
        return new CustomResourceColumnDefinitionBuilder()
                .withName(name)
                .withType(type)
                .withJsonPath(path)
                .withPriority(priority)
                .build();
    }
}
