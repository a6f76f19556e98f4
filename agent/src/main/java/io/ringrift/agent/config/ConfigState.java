package io.ringrift.agent.config;

import io.ringrift.agent.config.ConfigDecision.Applied;
import io.ringrift.agent.config.ConfigDecision.Refused;
import io.ringrift.agent.config.ConfigDecision.SecretFile;
import io.ringrift.agent.config.ConfigDecision.Unchanged;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The running configuration, and who may change it. The watched directory and the pushed body are the same document: the one with
 * the higher generation is in force. A change is taken whole or not at all.
 *
 * <p>Not thread safe: one event loop owns it.
 */
public final class ConfigState {
    private static final FileRead NOT_READ = new FileRead.Failed("was not read");

    private final Document environment;
    private final ConfigInput input;
    private final Fixed fixed;

    private Running running;

    /** Whether the document in force was pushed and the directory has not caught up with it. */
    private boolean directoryLags;

    /** The generation that the directory held last. */
    private OptionalLong directoryGeneration;

    private final Refusals refusals = new Refusals();

    /** What is in force. */
    private record Running(
            Document document,
            Map<Path, FileRead> files,
            Settings settings,
            AgentConfig config,
            List<String> warnings) {}

    private ConfigState(ConfigInput input, Document environment, Fixed fixed, Running running) {
        this.input = input;
        this.environment = environment;
        this.fixed = fixed;
        this.running = running;
        this.directoryGeneration = running.document().generation();
    }

    /** Parses everything; tells every problem at once. */
    public static ConfigStart start(ConfigInput input) {
        Findings findings = new Findings();
        Document environment = Document.of(input.environment());
        Document document = documentAtStart(input, environment, findings);
        Settings settings = Settings.resolve(List.of(document, environment), findings);
        Fixed fixed = Fixed.of(settings, input.hostName(), input.workingDirectory(), findings);
        Map<Path, FileRead> files = new LinkedHashMap<>();
        fixed.namedFiles().forEach(path -> files.put(path, input.files().read(path)));
        AgentConfig config = ConfigParser.parse(settings, fixed, files::get, findings);
        KeyWarnings.warn(environment, document, findings);
        if (findings.hasProblems()) {
            return new ConfigStart.Invalid(findings.problems(), findings.warnings());
        }
        Running running = new Running(document, Map.copyOf(files), settings, config, findings.warnings());
        return new ConfigStart.Started(new ConfigState(input, environment, fixed, running), findings.warnings());
    }

    private static Document documentAtStart(ConfigInput input, Document environment, Findings findings) {
        return switch (input.directory()) {
            case DirectoryRead.None _ -> Document.EMPTY;
            case DirectoryRead.Files files -> {
                Document document = Document.of(files, nodeIdAtStart(files, environment, input));
                checkReadable(document, findings);
                yield document;
            }
            case DirectoryRead.Failed failed -> {
                String path = environment.keys().getOrDefault(Keys.CONFIG_DIR.name(), "");
                findings.add(Keys.CONFIG_DIR.problem(Keys.CONFIG_DIR.name(), path, "the directory " + failed.why()));
                yield Document.EMPTY;
            }
        };
    }

    /** Whom the directory speaks to; whether the id is valid is checked with everything else. */
    private static String nodeIdAtStart(DirectoryRead.Files files, Document environment, ConfigInput input) {
        Document forEverybody = Document.of(files, "");
        Settings settings = Settings.resolve(List.of(forEverybody, environment), new Findings());
        return Fixed.of(settings, input.hostName(), input.workingDirectory(), new Findings())
                .nodeId();
    }

    /** What runs. */
    public AgentConfig config() {
        return running.config();
    }

    /** What {@code /status} says. */
    public ConfigStatus status() {
        return new ConfigStatus(running.config().generation(), refusals.current());
    }

    /** How many changes were refused since the start. */
    public long refusedTotal() {
        return refusals.total();
    }

    /** The files that keys name, to be watched. The same for the life of the process. */
    public List<Path> namedFiles() {
        return fixed.namedFiles();
    }

    /** The gossip keys in force, one base64 key a line; empty: gossip is not sealed. */
    public Optional<Secret> gossipKeys() {
        return fixed.gossipKeysFile().map(this::content);
    }

    /** {@code tls.crt}, {@code tls.key} and {@code ca.crt} in force, by name; empty: plain HTTP. */
    public Optional<Map<String, Secret>> tls() {
        return fixed.tlsDir().map(directory -> {
            Map<String, Secret> contents = new LinkedHashMap<>();
            Fixed.TLS_FILES.forEach(name -> contents.put(name, content(directory.resolve(name))));
            return contents;
        });
    }

    private Secret content(Path file) {
        return switch (running.files().get(file)) {
            case FileRead.Text text -> text.content();
            case FileRead.Failed failed ->
                throw new IllegalStateException(file + " was taken though it " + failed.why());
        };
    }

    /** The watched directory was read anew; the same content as before changes nothing. */
    public ConfigDecision directoryChanged(DirectoryRead read) {
        return switch (read) {
            case DirectoryRead.None _ -> new Unchanged();
            case DirectoryRead.Failed failed ->
                refuse(
                        Refusals.Origin.DIRECTORY,
                        OptionalLong.empty(),
                        List.of(Keys.CONFIG_DIR.problem(
                                Keys.CONFIG_DIR.name(),
                                environment.keys().getOrDefault(Keys.CONFIG_DIR.name(), ""),
                                "the directory " + failed.why())));
            case DirectoryRead.Files files -> directoryChanged(Document.of(files, fixed.nodeId()));
        };
    }

    private ConfigDecision directoryChanged(Document document) {
        if (document.equals(running.document())) {
            directoryLags = false;
            directoryGeneration = document.generation();
            refusals.clearDocument(Refusals.Origin.DIRECTORY);
            return new Unchanged();
        }
        if (directoryLags
                && isOlder(document.generation(), running.config().generation())
                && !isOlder(document.generation(), directoryGeneration)) {
            directoryGeneration = document.generation();
            refusals.clearDocument(Refusals.Origin.DIRECTORY);
            return new Unchanged();
        }
        return change(Refusals.Origin.DIRECTORY, document);
    }

    /**
     * The operator pushed a document.
     *
     * @param keys as in the directory; {@code RINGRIFT_CONFIG_GENERATION} may be left out
     */
    public ConfigDecision pushed(long generation, Map<String, String> keys) {
        Map<String, String> numbered = new LinkedHashMap<>(keys);
        String number = Long.toString(generation);
        String before = numbered.put(Keys.CONFIG_GENERATION.name(), number);
        if (before != null && !before.strip().equals(number)) {
            return refuse(
                    Refusals.Origin.PUSH,
                    OptionalLong.of(generation),
                    List.of(Keys.CONFIG_GENERATION.problem(
                            Keys.CONFIG_GENERATION.name(),
                            before,
                            "differs from the generation %d beside it".formatted(generation))));
        }
        Document document = Document.of(numbered);
        return document.equals(running.document()) ? new Unchanged() : change(Refusals.Origin.PUSH, document);
    }

    private ConfigDecision change(Refusals.Origin origin, Document document) {
        Findings findings = new Findings();
        checkGeneration(document, findings);
        if (findings.hasProblems()) {
            return refuse(origin, document.generation(), findings.problems());
        }
        checkReadable(document, findings);
        Settings settings = Settings.resolve(List.of(document, environment), findings);
        Fixed wanted = Fixed.of(settings, input.hostName(), input.workingDirectory(), findings);
        fixed.checkUnchanged(wanted, settings, findings);
        AgentConfig config = ConfigParser.parse(settings, fixed, running.files()::get, findings);
        KeyWarnings.warn(environment, document, findings);
        if (findings.hasProblems()) {
            return refuse(origin, document.generation(), findings.problems());
        }
        directoryLags = origin == Refusals.Origin.PUSH;
        if (origin == Refusals.Origin.DIRECTORY) {
            directoryGeneration = document.generation();
        }
        refusals.clearDocument();
        return apply(new Running(document, running.files(), settings, config, findings.warnings()), Set.of());
    }

    /** Lower is a document of the past; equal and different means that two writers number alike. */
    private void checkGeneration(Document document, Findings findings) {
        OptionalLong wanted = document.generation();
        OptionalLong current = running.config().generation();
        if (wanted.isEmpty() || current.isEmpty() || wanted.getAsLong() > current.getAsLong()) {
            return;
        }
        String wrong = wanted.getAsLong() < current.getAsLong()
                ? "is lower than the running generation %d"
                : "is the running generation %d, with other content";
        findings.add(new Problem(
                Keys.CONFIG_GENERATION.name(),
                Long.toString(wanted.getAsLong()),
                wrong.formatted(current.getAsLong()),
                "a generation higher than %d".formatted(current.getAsLong())));
    }

    private static boolean isOlder(OptionalLong generation, OptionalLong than) {
        return generation.isPresent() && than.isPresent() && generation.getAsLong() < than.getAsLong();
    }

    private static void checkReadable(Document document, Findings findings) {
        document.unreadable()
                .forEach((name, why) -> findings.add(
                        new Problem(Printable.of(name), "", "the file " + why, "a readable file of UTF-8 text")));
    }

    /**
     * The files that keys name were read anew.
     *
     * @param read every path of {@link #namedFiles()}
     */
    public ConfigDecision filesChanged(Map<Path, FileRead> read) {
        if (read.equals(running.files())) {
            refusals.clearFiles();
            return new Unchanged();
        }
        Findings findings = new Findings();
        AgentConfig config =
                ConfigParser.parse(running.settings(), fixed, path -> read.getOrDefault(path, NOT_READ), findings);
        if (findings.hasProblems()) {
            return new Refused(refusals.refuseFiles(findings.problems()));
        }
        Set<SecretFile> reloaded = reloaded(read);
        refusals.clearFiles();
        return apply(
                new Running(running.document(), Map.copyOf(read), running.settings(), config, running.warnings()),
                reloaded);
    }

    private Set<SecretFile> reloaded(Map<Path, FileRead> read) {
        Set<SecretFile> reloaded = EnumSet.noneOf(SecretFile.class);
        read.forEach((path, file) -> {
            if (!file.equals(running.files().get(path))) {
                reloaded.add(fixed.kindOf(path));
            }
        });
        return reloaded;
    }

    private ConfigDecision apply(Running next, Set<SecretFile> reloaded) {
        Running before = running;
        running = next;
        List<String> warnings = next.warnings().stream()
                .filter(warning -> !before.warnings().contains(warning))
                .toList();
        return new Applied(next.config(), before.settings().changesTo(next.settings()), reloaded, warnings);
    }

    private ConfigDecision refuse(Refusals.Origin origin, OptionalLong generation, List<Problem> problems) {
        return new Refused(refusals.refuseDocument(origin, generation, problems));
    }
}
