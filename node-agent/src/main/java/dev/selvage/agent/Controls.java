package dev.selvage.agent;

import dev.selvage.agent.control.ControlApi.EngineView;
import dev.selvage.agent.control.ControlApi.Health;
import dev.selvage.agent.control.ControlApi.NodeStatus;
import dev.selvage.agent.control.ControlApi.OfferView;
import dev.selvage.agent.control.ControlApi.Probe;
import dev.selvage.agent.control.ControlApi.Wait;
import dev.selvage.agent.control.NodeControl;
import dev.selvage.agent.data.TableProbe;
import dev.selvage.engine.EngineDescription;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import java.util.List;

/** What the control service reaches of an agent. */
final class Controls implements NodeControl {
    private final Agent agent;
    private final Checkup checkup;

    Controls(Agent agent) {
        this.agent = agent;
        this.checkup = new Checkup(agent);
    }

    @Override
    public NodeStatus status() {
        return agent.asked(pipeline -> {
            var load = agent.parts().scheduler().load();
            var publishing = pipeline.publishing();
            return new NodeStatus(
                    agent.parts().config().node(),
                    pipeline.isCaughtUp(),
                    pipeline.block(),
                    agent.trouble(),
                    load.draining(),
                    load.running(),
                    load.waiting(),
                    publishing.results(),
                    publishing.transactions(),
                    load.free().cpus(),
                    load.free().memory(),
                    agent.parts().scheduler().engines().engines().size(),
                    agent.parts().engines().silent(),
                    agent.monitorAddress(),
                    agent.parts().certificates().faults().stream()
                            .map(fault ->
                                    fault.getMessage() + " " + fault.code().nextStep())
                            .toList());
        });
    }

    @Override
    public Probe probe(NodeId other) {
        return checkup.probe(other);
    }

    @Override
    public Health health() {
        return checkup.health();
    }

    @Override
    public List<Wait> why(String task) {
        return agent.asked(pipeline -> pipeline.standing(task).stream()
                .map(part -> new Wait(
                        part.key().subTask() + "/" + part.key().part() + "/"
                                + part.key().attempt() + "/" + part.key().role(),
                        part.stage().name(),
                        part.reason().map(reason -> reason.code().name()).orElse(""),
                        part.reason().map(reason -> reason.sentence()).orElse(""),
                        part.deadline()))
                .toList());
    }

    @Override
    public List<EngineView> engines() {
        return agent.parts().scheduler().engines().engines().stream()
                .map(Controls::view)
                .toList();
    }

    private static EngineView view(EngineDescription engine) {
        return new EngineView(
                engine.engine(),
                engine.version(),
                engine.capacity().runs(),
                engine.operations().stream()
                        .map(offer ->
                                new OfferView(offer.operation(), offer.digest().orElse(null)))
                        .toList());
    }

    @Override
    public void reload() {
        agent.reload();
    }

    @Override
    public void drain(boolean on) {
        agent.parts().scheduler().drain(on);
        agent.changed();
    }

    @Override
    public void changed() {
        agent.changed();
    }

    @Override
    public String metrics() {
        return agent.metrics();
    }

    @Override
    public TableProbe tables() {
        return (engine, table) -> agent.parts()
                .engines()
                .find(engine)
                .map(found -> found.table(table))
                .map(state -> new TableProbe.TableState(state.rows(), state.version()))
                .orElseThrow(
                        () -> new SelvageException(ErrorCode.NO_ENGINE, "The node has no engine \"" + engine + "\"."));
    }
}
