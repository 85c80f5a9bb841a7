package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.JavaConnect;
import dev.selvage.engine.EngineProvider;
import dev.selvage.engine.HandlerEngine;
import dev.selvage.engine.OperationHandler;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Operation;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Suggestion;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Engines in Java, from a jar or from the class path. They run in the node's own process: their owner trusts them. */
final class JavaEngines {
    private JavaEngines() {}

    static StandardEngine load(EngineFile file, JavaConnect connect, Map<String, Operation> known) {
        var provider = provider(file, connect);
        var offered = provider.operations();
        var wanted = file.operations().isEmpty()
                ? offered.keySet()
                : file.operations().keySet();
        Map<String, OperationHandler> handlers = new HashMap<>();
        for (String operation : wanted) {
            var handler = offered.get(operation);
            if (handler == null) {
                throw new SelvageException(
                        ErrorCode.ENGINE_FILE_INVALID,
                        file.path() + ": " + connect.type() + " has no " + operation
                                + Suggestion.among(operation, offered.keySet()));
            }
            handlers.put(operation, handler);
        }
        return new HandlerEngine(
                file.engine(),
                new Chosen(file, provider, handlers),
                file.limits().capacity(),
                known);
    }

    private record Chosen(EngineFile file, EngineProvider provider, Map<String, OperationHandler> handlers)
            implements EngineProvider {
        @Override
        public String version() {
            return provider.version();
        }

        @Override
        public Map<String, OperationHandler> operations() {
            return handlers;
        }

        @Override
        public boolean deterministic() {
            return file.deterministic() && provider.deterministic();
        }
    }

    private static EngineProvider provider(EngineFile file, JavaConnect connect) {
        var loader = connect.jar().map(jar -> loader(file, jar)).orElse(JavaEngines.class.getClassLoader());
        try {
            var type = Class.forName(connect.type(), true, loader);
            if (!EngineProvider.class.isAssignableFrom(type)) {
                throw invalid(file, connect.type() + " is no " + EngineProvider.class.getName(), null);
            }
            return (EngineProvider) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw invalid(file, "the class " + connect.type() + " cannot be loaded", e);
        }
    }

    private static ClassLoader loader(EngineFile file, Path jar) {
        if (!Files.isReadable(jar)) {
            throw invalid(file, "the jar " + jar + " cannot be read", null);
        }
        try {
            return new URLClassLoader(new URL[] {jar.toUri().toURL()}, JavaEngines.class.getClassLoader());
        } catch (MalformedURLException e) {
            throw invalid(file, "the jar " + jar + " has no URL", e);
        }
    }

    private static SelvageException invalid(EngineFile file, String what, Throwable cause) {
        return new SelvageException(ErrorCode.ENGINE_FILE_INVALID, file.path() + " connect: " + what + ".", cause);
    }
}
