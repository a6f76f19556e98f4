package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The hand-kept document and what the server answers to are the same. */
class OpenApiTest {
    @Test
    void everyRouteAndMethodIsDocumentedAndServedAndNothingElse() {
        try (TestAgent agent = TestAgent.standard()) {
            JsonObject document = TestAgent.json(agent.get("/openapi.json"));
            RouteTable table = TestAgent.routes(agent);
            Set<String> served = table.routes().stream()
                    .map(route -> route.method() + " " + route.path())
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> documented = new TreeSet<>();
            document.getJsonObject("paths")
                    .forEach(path -> ((JsonObject) path.getValue())
                            .fieldNames()
                            .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
            assertThat(documented).isEqualTo(served);

            for (String path : document.getJsonObject("paths").fieldNames()) {
                Set<String> methods = new TreeSet<>();
                document.getJsonObject("paths")
                        .getJsonObject(path)
                        .fieldNames()
                        .forEach(method -> methods.add(method.toUpperCase(Locale.ROOT)));
                if (methods.contains("GET")) {
                    methods.add("HEAD");
                }
                HttpResponse<String> refused =
                        agent.send(HttpRequest.newBuilder(agent.uri(path.replaceAll("\\{\\w+}", "x")))
                                .method("PATCH", HttpRequest.BodyPublishers.noBody()));
                assertThat(refused.statusCode()).as(path).isEqualTo(405);
                assertThat(refused.headers().firstValue("allow")).as(path).contains(String.join(", ", methods));
            }
        }
    }

    @Test
    void whatNeedsTheCredentialSaysSoAndPathVariablesAreDescribed() {
        try (TestAgent agent = TestAgent.standard()) {
            JsonObject document = TestAgent.json(agent.get("/openapi.json"));
            for (Route route : TestAgent.routes(agent).routes()) {
                JsonObject operation = document.getJsonObject("paths")
                        .getJsonObject(route.path())
                        .getJsonObject(route.method().toLowerCase(Locale.ROOT));
                assertThat(operation.containsKey("security"))
                        .as(route.method() + " " + route.path())
                        .isEqualTo(route.access() != Route.Access.OPEN);
                Set<String> described = operation.getJsonArray("parameters", new JsonArray()).stream()
                        .map(JsonObject.class::cast)
                        .filter(parameter -> "path".equals(parameter.getString("in")))
                        .map(parameter -> parameter.getString("name"))
                        .collect(Collectors.toSet());
                assertThat(described).as(route.path()).isEqualTo(route.variables());
                assertThat(operation.containsKey("requestBody"))
                        .as(route.method() + " " + route.path())
                        .isEqualTo(!(route.body() instanceof Body.None));
            }
        }
    }
}
