package io.ringrift.e2e;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Where things lie: the project's files, and the programs that e2e/kube builds. */
public final class Tools {

    private Tools() {}

    /** A file or directory of the project, by its path from the root. */
    public static Path project(String path) {
        // Maven runs the tests of a module in the module's own directory.
        return Path.of("..").toAbsolutePath().normalize().resolve(path);
    }

    /** The Helm 4 program: the one that e2e/kube builds, else the one on the PATH. */
    public static String helm() {
        return program("helm");
    }

    /** The kubectl program: the one that e2e/kube builds, else the one on the PATH. */
    public static String kubectl() {
        return program("kubectl");
    }

    /** A program on the PATH. */
    static Optional<Path> onPath(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String program(String name) {
        Path built = kubeHome().resolve("bin").resolve(name);
        if (Files.isExecutable(built)) {
            return built.toString();
        }
        return onPath(name)
                .orElseThrow(() -> new AssertionError(name + " is neither at " + built
                        + " nor on the PATH: e2e/kube/kube build makes it, make test does so by itself"))
                .toString();
    }

    /** Where e2e/kube keeps its programs and clusters. */
    static Path kubeHome() {
        String home = System.getenv("RINGRIFT_KUBE_HOME");
        if (home != null) {
            return Path.of(home);
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        return (cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
                .resolve("ringrift-kube");
    }
}
