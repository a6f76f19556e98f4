package io.ringrift.e2e.chart;

import com.marcnuri.helm.Helm;
import io.ringrift.e2e.Command;
import io.ringrift.e2e.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Renders and checks the chart: by both majors of Helm that are in use. */
enum Renderer {
    /** Embedded. */
    HELM_3 {
        @Override
        String render(String values, String kubernetes) {
            return withValues(values, file -> {
                try {
                    return new Helm(CHART)
                            .template()
                            .withName(RELEASE)
                            .withNamespace(NAMESPACE)
                            .withKubeVersion(kubernetes)
                            .withValuesFile(file)
                            .call();
                } catch (IllegalStateException e) {
                    throw new Refused(e.getMessage());
                }
            });
        }

        @Override
        String lint() {
            var result = new Helm(CHART).lint().strict().call();
            String said = String.join("\n", result.getMessages());
            if (result.isFailed()) {
                throw new Refused(said);
            }
            return said;
        }
    },

    /** A program. */
    HELM_4 {
        @Override
        String render(String values, String kubernetes) {
            return withValues(
                    values,
                    file -> helm(
                            "template",
                            RELEASE,
                            CHART.toString(),
                            "-n",
                            NAMESPACE,
                            "-f",
                            file.toString(),
                            "--kube-version",
                            kubernetes));
        }

        @Override
        String lint() {
            return helm("lint", "--strict", CHART.toString());
        }
    };

    static final Path CHART = Tools.project("helm/ringrift");
    static final String RELEASE = "ringrift";
    static final String KUBERNETES = "1.36.3";
    static final String NAMESPACE = "ringrift-system";

    /** Helm would not do it. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** The chart's objects for a version of Kubernetes, as one YAML text; throws {@link Refused} with Helm's words where the values are not allowed. */
    abstract String render(String values, String kubernetes);

    /** What a strict lint says; throws {@link Refused} where it is not content. */
    abstract String lint();

    private interface WithFile {
        String apply(Path file);
    }

    private static String withValues(String values, WithFile action) {
        try {
            Path file = Files.writeString(Files.createTempFile("values", ".yaml"), values);
            try {
                return action.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String helm(String... arguments) {
        var command = new String[arguments.length + 1];
        command[0] = Tools.helm();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var result = Command.run(command);
        if (result.exit() != 0) {
            throw new Refused(result.err() + result.out());
        }
        return result.out();
    }
}
