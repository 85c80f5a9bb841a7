package dev.selvage.network.fabric;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The files of network-config, with their {@code ${...}} places filled. */
final class Templates {
    private Templates() {}

    static void write(String name, Map<String, String> values, Path target) {
        String text = read(name);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        try {
            Files.createDirectories(target.getParent());
            Files.writeString(target, text);
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot write " + target, e);
        }
    }

    static void writeScript(String name, Path target) {
        write(name, Map.of(), target);
        try {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "cannot make " + target + " executable", e);
        }
    }

    private static String read(String name) {
        try (InputStream in = Templates.class.getResourceAsStream("/network-config/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no network-config/" + name + " in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("network-config/" + name, e);
        }
    }
}
