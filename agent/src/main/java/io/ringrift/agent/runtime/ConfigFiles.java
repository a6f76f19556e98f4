package io.ringrift.agent.runtime;

import io.ringrift.agent.config.DirectoryRead;
import io.ringrift.agent.config.FileRead;
import io.ringrift.agent.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the configuration directory and the files that keys name. Blocks, so never on an event loop; never throws.
 *
 * <p>Kubernetes replaces all files of a mounted volume at once by turning the link {@code ..data} to another directory. That link is
 * followed once for each read, so that a read never mixes two versions.
 */
final class ConfigFiles {
    /** Room for a thousand peers with the longest names there are. */
    static final int MOST_BYTES = 512 * 1024;

    static final int MOST_FILES = 256;

    /** A version is removed as soon as it is replaced, so what was read while that happened may lack files. */
    private static final int ATTEMPTS = 5;

    private static final String RESTLESS = "changes too often to be read";

    private static final String CURRENT_VERSION = "..data";

    private ConfigFiles() {}

    /** Every key's file in the directory; other files are left alone. */
    static DirectoryRead readDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            return new DirectoryRead.Failed(Files.exists(directory) ? "is not a directory" : "does not exist");
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Path version = versionOf(directory);
            DirectoryRead read = readVersion(version);
            if (version.equals(versionOf(directory))) {
                return read;
            }
        }
        return new DirectoryRead.Failed(RESTLESS);
    }

    private static DirectoryRead readVersion(Path version) {
        try {
            List<Path> paths = keyFiles(version);
            if (paths.size() > MOST_FILES) {
                return new DirectoryRead.Failed("holds more than %d keys".formatted(MOST_FILES));
            }
            Map<String, FileRead> files = new HashMap<>();
            paths.forEach(path -> files.put(path.getFileName().toString(), read(path)));
            return new DirectoryRead.Files(files);
        } catch (IOException e) {
            return new DirectoryRead.Failed("cannot be read: " + reason(e));
        }
    }

    /** One file that a key names. */
    static FileRead readNamed(Path file) {
        return readNamed(List.of(file)).get(file);
    }

    /** Files that keys name; those in one directory are of one version. */
    static Map<Path, FileRead> readNamed(List<Path> files) {
        Map<Path, FileRead> contents = new HashMap<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<Path, Path> versions = versionsOf(files);
            files.forEach(file -> contents.put(file, read(versions.get(file))));
            if (versions.equals(versionsOf(files))) {
                return contents;
            }
        }
        files.forEach(file -> contents.put(file, new FileRead.Failed(RESTLESS)));
        return contents;
    }

    /** Each file and where its present version is. */
    private static Map<Path, Path> versionsOf(List<Path> files) {
        Map<Path, Path> versionOfDirectory = new HashMap<>();
        Map<Path, Path> versions = new HashMap<>();
        for (Path file : files) {
            Path directory = file.getParent();
            versions.put(
                    file,
                    directory == null
                            ? file
                            : versionOfDirectory
                                    .computeIfAbsent(directory, ConfigFiles::versionOf)
                                    .resolve(file.getFileName()));
        }
        return versions;
    }

    /** What tells cheaply that a file of the directory changed: equal stamps mean equal content unless both were just written. */
    static List<String> stampOfDirectory(Path directory) {
        try {
            Path version = versionOf(directory);
            if (!version.equals(directory)) {
                return List.of(version.toString());
            }
            List<String> stamps = new ArrayList<>();
            keyFiles(directory).stream().sorted().forEach(path -> stamps.add(stamp(path)));
            return stamps;
        } catch (IOException e) {
            return List.of(reason(e));
        }
    }

    /** The same for files that keys name. */
    static List<String> stampOfNamed(List<Path> files) {
        return files.stream().map(ConfigFiles::stamp).toList();
    }

    private static String stamp(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return path + " " + attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
        } catch (IOException e) {
            return path + " " + reason(e);
        }
    }

    /** The directory that holds the files now: what {@code ..data} leads to, else the directory itself. */
    private static Path versionOf(Path directory) {
        Path link = directory.resolve(CURRENT_VERSION);
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            return directory;
        }
        try {
            return link.toRealPath();
        } catch (IOException e) {
            return link;
        }
    }

    private static List<Path> keyFiles(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                directory, entry -> DirectoryRead.isKey(entry.getFileName().toString()))) {
            for (Path path : entries) {
                paths.add(path);
                if (paths.size() > MOST_FILES) {
                    break;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return paths;
    }

    private static FileRead read(Path path) {
        try {
            // A pipe or a device would block for ever.
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                return new FileRead.Failed("is not a regular file");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(MOST_BYTES + 1);
            }
            if (bytes.length > MOST_BYTES) {
                return new FileRead.Failed("is larger than %d KiB".formatted(MOST_BYTES / 1024));
            }
            return new FileRead.Text(new Secret(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()));
        } catch (CharacterCodingException e) {
            return new FileRead.Failed("is not UTF-8 text");
        } catch (NoSuchFileException e) {
            return new FileRead.Failed("does not exist");
        } catch (IOException e) {
            return new FileRead.Failed("cannot be read: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException
                ? "permission denied"
                : e.getClass().getSimpleName();
    }
}
