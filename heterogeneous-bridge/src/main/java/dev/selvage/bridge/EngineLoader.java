package dev.selvage.bridge;

import dev.selvage.bridge.EngineFile.HttpConnect;
import dev.selvage.bridge.EngineFile.JavaConnect;
import dev.selvage.bridge.EngineFile.JdbcConnect;
import dev.selvage.bridge.EngineFile.StdioConnect;
import dev.selvage.engine.EngineDescription;
import dev.selvage.engine.StandardEngine;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes standard engines of engine files. */
public final class EngineLoader {
    private final BridgeSettings settings;

    public EngineLoader(BridgeSettings settings) {
        this.settings = settings;
    }

    /**
     * Loads one file. Nothing is started and nobody is asked yet: {@link StandardEngine#describe} does that.
     *
     * @throws SelvageException ENGINE_FILE_INVALID or SECRET_IN_FILE with every problem; FILE_UNREADABLE
     */
    public StandardEngine load(Path file) {
        return load(EngineFileReader.read(file, settings.operations(), settings.environment()));
    }

    /**
     * Loads several files, all or none.
     *
     * @throws SelvageException as {@link #load(Path)} for the first file that is wrong; ENGINE_TWICE when two have one name or front
     *     one service or database
     */
    public List<StandardEngine> loadAll(List<Path> files) {
        List<EngineFile> read = new ArrayList<>();
        for (Path file : files) {
            read.add(EngineFileReader.read(file, settings.operations(), settings.environment()));
        }
        Map<String, EngineFile> names = new HashMap<>();
        Map<String, EngineFile> places = new HashMap<>();
        for (EngineFile file : read) {
            var before = names.putIfAbsent(file.engine(), file);
            if (before != null) {
                throw new SelvageException(
                        ErrorCode.ENGINE_TWICE,
                        before.path() + " and " + file.path() + " both name their engine " + file.engine() + ".");
            }
            var same = places.putIfAbsent(place(file), file);
            if (same != null) {
                throw twice(same.engine(), file.engine());
            }
        }
        List<StandardEngine> loaded = new ArrayList<>();
        try {
            read.forEach(file -> loaded.add(load(file)));
        } catch (SelvageException e) {
            loaded.forEach(StandardEngine::close);
            throw e;
        }
        return loaded;
    }

    /**
     * Refuses two standard engines of one node that front one foreign engine (A7).
     *
     * @throws SelvageException ENGINE_TWICE
     */
    public static void refuseTwins(Collection<EngineDescription> engines) {
        Map<String, EngineDescription> instances = new HashMap<>();
        for (EngineDescription engine : engines) {
            var same = instances.putIfAbsent(engine.instance(), engine);
            if (same != null) {
                throw twice(same.engine(), engine.engine());
            }
        }
    }

    private static SelvageException twice(String one, String other) {
        return new SelvageException(
                ErrorCode.ENGINE_TWICE,
                one + " and " + other + " front the same foreign engine; give all its operations to one of them.");
    }

    /** What tells a foreign engine from another without asking it. */
    private static String place(EngineFile file) {
        if (file.connect() instanceof HttpConnect http) {
            return http.url();
        }
        return file.connect() instanceof JdbcConnect jdbc ? JdbcTransport.instance(jdbc.url()) : file.engine();
    }

    private StandardEngine load(EngineFile file) {
        if (file.connect() instanceof JavaConnect java) {
            return JavaEngines.load(file, java, settings.operations());
        }
        return new BridgedEngine(file, settings.operations(), transport(file));
    }

    private Transport transport(EngineFile file) {
        if (file.connect() instanceof StdioConnect stdio) {
            return new StdioTransport(file, stdio, settings.logs(), settings.children());
        }
        if (file.connect() instanceof HttpConnect http) {
            return new HttpTransport(file, http);
        }
        return new JdbcTransport(file, (JdbcConnect) file.connect(), new Drivers(settings.drivers()));
    }
}
