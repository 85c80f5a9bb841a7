package dev.selvage.agent.control;

import dev.selvage.agent.control.ControlApi.EngineView;
import dev.selvage.agent.control.ControlApi.Health;
import dev.selvage.agent.control.ControlApi.NodeStatus;
import dev.selvage.agent.control.ControlApi.Probe;
import dev.selvage.agent.control.ControlApi.Wait;
import dev.selvage.agent.data.TableProbe;
import dev.selvage.model.NodeId;
import java.util.List;

/** What of the running node the control service reaches. */
public interface NodeControl {
    NodeStatus status();

    /** The ways to another node and back. Blocks. */
    Probe probe(NodeId other);

    /** What the node finds about itself. Blocks. */
    Health health();

    List<Wait> why(String task);

    List<EngineView> engines();

    /** Loads the engine files anew, all or none. */
    void reload();

    void drain(boolean on);

    /** Data or grants changed: what waits for them is looked at again. */
    void changed();

    String metrics();

    TableProbe tables();
}
