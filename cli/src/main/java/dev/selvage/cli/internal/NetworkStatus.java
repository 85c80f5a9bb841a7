package dev.selvage.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.internal.local.LocalFabric;
import dev.selvage.cli.internal.process.ProcessRecord;
import dev.selvage.cli.internal.process.ProcessUse;
import dev.selvage.model.CanonicalJson;
import dev.selvage.network.LedgerStatus;
import dev.selvage.network.fabric.NativeFabric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = "Say how the ledger is: heights, leaders, chaincodes, processes and what they take.")
final class NetworkStatus extends BaseCommand {
    @Override
    int run(Session session) {
        var network = NetworkCommand.network(session);
        Map<ProcessRecord, ProcessUse> processes = new LinkedHashMap<>();
        network.processes().running().forEach(record -> processes.put(record, ProcessUse.of(record)));
        var fabric = processes.isEmpty() ? Optional.<LocalFabric>empty() : network.fabric();
        var nodes = fabric.map(LocalFabric::nodes).orElse(List.of());
        var ledger = fabric.isPresent() ? fabric.get().status(nodes) : network.ledgerStatus();
        var answer = CanonicalJson.object();
        var list = answer.putArray("processes");
        processes.forEach((record, use) -> list.add(json(record, use)));
        if (!nodes.isEmpty()) {
            var all = answer.putArray("nodes");
            nodes.forEach(node -> all.add(json(node)));
        }
        ledger.ifPresent(status -> answer.set("ledger", CanonicalJson.tree(status)));
        session.answer(
                answer,
                () -> processes.isEmpty()
                        ? "Nothing runs here. Start: selvage network up"
                        : text(network.kind(), processes, nodes, ledger));
        return ledger.isPresent() ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private static ObjectNode json(ProcessRecord record, ProcessUse use) {
        var json = (ObjectNode) CanonicalJson.tree(record);
        use.memory().ifPresent(bytes -> json.put("memoryBytes", bytes));
        return json.put("cpuMillis", use.cpu().toMillis());
    }

    private static ObjectNode json(NativeFabric.NodeStatus node) {
        var json = CanonicalJson.object()
                .put("name", node.name())
                .put("kind", node.kind())
                .put("msp", node.msp())
                .put("address", node.address().toString())
                .put("healthy", node.healthy())
                .put("leader", node.leader())
                .put("log", node.log().toString());
        node.pid().ifPresent(pid -> json.put("pid", pid));
        node.height().ifPresent(height -> json.put("height", height));
        return json;
    }

    private static String text(
            String kind,
            Map<ProcessRecord, ProcessUse> processes,
            List<NativeFabric.NodeStatus> nodes,
            Optional<LedgerStatus> ledger) {
        var head = ledger.map(status -> kind + ", channel " + status.channel() + ", " + status.height() + " blocks")
                .orElse(kind + ": the ledger does not answer.");
        return head + "\n\n" + (nodes.isEmpty() ? "" : nodes(nodes) + "\n") + processes(processes)
                + ledger.map(status -> "\n" + chaincodes(status)).orElse("");
    }

    private static TextTable nodes(List<NativeFabric.NodeStatus> nodes) {
        var table = new TextTable("NODE", "ORGANISATION", "ADDRESS", "STATE", "BLOCKS", "LEADER");
        nodes.forEach(node -> table.row(
                node.name(),
                node.msp(),
                node.address(),
                node.healthy() ? "healthy" : node.pid().isPresent() ? "does not answer" : "not running",
                number(node.height()),
                node.leader() ? "yes" : ""));
        return table;
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "";
    }

    private static TextTable processes(Map<ProcessRecord, ProcessUse> processes) {
        var table = new TextTable("PROCESS", "PID", "MEMORY", "CPU", "PORTS");
        processes.forEach((record, use) -> table.row(
                record.name(),
                record.pid(),
                use.memory().isPresent()
                        ? String.format(Locale.ROOT, "%d MB", use.memory().getAsLong() >> 20)
                        : "",
                Times.span(use.cpu().toMillis()),
                record.ports().stream().map(String::valueOf).collect(Collectors.joining(", "))));
        return table;
    }

    private static TextTable chaincodes(LedgerStatus status) {
        var table = new TextTable("CHAINCODE", "VERSION", "ADDRESS", "CONNECTED", "POLICY");
        status.chaincodes()
                .forEach(chaincode -> table.row(
                        chaincode.name(),
                        chaincode.version(),
                        chaincode.address(),
                        chaincode.connected() ? "yes" : "no",
                        chaincode.policy()));
        return table;
    }
}
