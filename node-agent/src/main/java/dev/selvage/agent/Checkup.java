package dev.selvage.agent;

import dev.selvage.agent.control.ControlApi.EngineHealth;
import dev.selvage.agent.control.ControlApi.Health;
import dev.selvage.agent.control.ControlApi.Probe;
import dev.selvage.agent.control.ControlApi.Way;
import dev.selvage.agent.peer.Probes;
import dev.selvage.engine.StandardEngine;
import dev.selvage.formats.config.NodeConfig;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.io.IOException;
import java.nio.file.Files;

/** What a node finds when it is asked how it, and its links, are. */
final class Checkup {
    private final Agent agent;

    Checkup(Agent agent) {
        this.agent = agent;
    }

    Probe probe(NodeId other) {
        Way there = way(agent.probes().there(other));
        return new Probe(there, there.code().isEmpty() ? way(agent.probes().back(other)) : null);
    }

    private static Way way(Probes.Tried tried) {
        return new Way(
                tried.fault().map(fault -> fault.code().name()).orElse(""),
                tried.fault().map(SelvageException::sentence).orElse(""),
                tried.skew().toMillis(),
                tried.roundTrip().toMillis());
    }

    Health health() {
        var parts = agent.parts();
        var config = parts.config();
        var engines = parts.engines().all().stream()
                .map(engine -> engine(engine.getKey(), engine.getValue()))
                .toList();
        return new Health(free(config), engines, parts.certificates().terms());
    }

    private static long free(NodeConfig config) {
        try {
            return Files.getFileStore(config.data()).getUsableSpace();
        } catch (IOException e) {
            throw new SelvageException(ErrorCode.FILE_UNREADABLE, "The node cannot ask how full its disk is.", e);
        }
    }

    private static EngineHealth engine(String name, StandardEngine engine) {
        try {
            engine.reach();
            return new EngineHealth(name.isEmpty() ? engine.describe().engine() : name, "", "");
        } catch (SelvageException e) {
            return new EngineHealth(name, e.code().name(), e.sentence());
        } catch (RuntimeException e) {
            return new EngineHealth(name, ErrorCode.ENGINE_UNREACHABLE.name(), "It does not say what it is: " + e);
        }
    }
}
