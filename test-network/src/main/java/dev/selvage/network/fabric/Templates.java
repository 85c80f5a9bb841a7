package dev.selvage.network.fabric;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The files of network-config, with their {@code ${...}} places filled. */
final class Templates {
    private Templates() {}

    static void write(String name, Map<String, String> values, Path target) {
        String text = read(name);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        WrittenFile.write(target, text, "rw-r--r--");
    }

    static void writeScript(String name, Path target) {
        WrittenFile.write(target, read(name), "rwxr-xr-x");
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
