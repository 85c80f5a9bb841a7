package dev.selvage.chaincode;

import dev.selvage.contract.Settings;
import dev.selvage.contract.testing.Identity;
import dev.selvage.contract.testing.MemoryLedger;
import dev.selvage.model.Binding;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.ContractApi.Step;
import dev.selvage.model.ContractApi.StepDone;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCategory;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Failure;
import dev.selvage.model.Keys;
import dev.selvage.model.LedgerEvent;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.Workflow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert;

/** A channel of three organisations with a registered node each, and short words for what they do. */
final class Channel {
    static final List<String> MSPS = List.of("EwrMSP", "JfkMSP", "LgaMSP");
    static final Identity USER = Identity.user("EwrMSP");

    final MemoryLedger ledger;

    Channel() {
        this(Settings.DEFAULT);
    }

    Channel(Settings settings) {
        ledger = new MemoryLedger(() -> new ComputeChaincode(settings), List.of("todo/"), List.of("todo/", "result/"));
        for (String msp : MSPS) {
            register(msp, "node1");
        }
    }

    void register(String msp, String node) {
        ledger.submit(
                Identity.admin(msp),
                ContractApi.REGISTER_NODE,
                new ContractApi.NodeRegistration(node, Identity.node(msp, node).pem()));
    }

    static NodeId node(String msp) {
        return new NodeId(msp, "node1");
    }

    static Identity identity(NodeId node) {
        return Identity.node(node.msp(), node.node());
    }

    Digest deploy(Workflow workflow) {
        return ledger.submit(
                        Identity.admin("EwrMSP"),
                        ContractApi.DEPLOY_WORKFLOW,
                        new ContractApi.Deployment(workflow, List.of(Flows.OPERATION)))
                .answer(ContractApi.Deployed.class)
                .digest();
    }

    String create(Workflow workflow) {
        return create(workflow, Map.of());
    }

    String create(Workflow workflow, Map<String, ?> arguments) {
        return create(USER, deploy(workflow), arguments).task();
    }

    ContractApi.CreatedTask create(Identity creator, Digest workflow, Map<String, ?> arguments) {
        var request = new ContractApi.NewTask(workflow, CanonicalJson.tree(arguments), null, null);
        return ledger.submit(creator, ContractApi.CREATE_TASK, request).answer(ContractApi.CreatedTask.class);
    }

    /** A successful result of the role's only part. */
    static ResultItem success(String task, String subTask, String role) {
        return success(task, subTask, 0, 1, role, "bytes of " + subTask);
    }

    static ResultItem success(String task, String subTask, int index, int attempt, String role, String bytes) {
        var output = output(bytes);
        return new ResultItem(
                task,
                subTask,
                index,
                attempt,
                role,
                Map.of("out", output),
                Map.of(),
                null,
                new Facts.EngineId("test-engine", "1"),
                Map.of(),
                List.of(),
                Map.of("runMs", 1L),
                List.of());
    }

    static Facts.OutputFact output(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Facts.OutputFact(Digest.of(bytes), bytes.length, "text/plain", false);
    }

    static ResultItem failure(String task, String subTask, int index, int attempt, String role, boolean retryable) {
        return new ResultItem(
                task,
                subTask,
                index,
                attempt,
                role,
                Map.of(),
                Map.of(),
                new Failure("ENGINE_DIED", ErrorCategory.EXTERNAL, retryable, "It died."),
                null,
                Map.of(),
                List.of(),
                Map.of(),
                List.of());
    }

    static ResultItem opening(ResultItem item, String... opens) {
        return item.opening(List.of(opens));
    }

    MemoryLedger.Endorsed endorse(String msp, ResultItem... items) {
        return ledger.endorse(
                Identity.node(msp, "node1"),
                ContractApi.SUBMIT_RESULTS,
                new ContractApi.Submission("node1", Arrays.asList(items)));
    }

    List<ContractApi.ItemVerdict> submit(String msp, ResultItem... items) {
        var endorsed = endorse(msp, items);
        var codes = ledger.commit(List.of(endorsed));
        if (codes.get(0) != MemoryLedger.Code.VALID) {
            throw new AssertionError(codes);
        }
        return endorsed.answer(ContractApi.Verdicts.class).items();
    }

    List<StepDone> advance(Step... steps) {
        return ledger.submit(USER, ContractApi.ADVANCE, List.of(steps)).answers(StepDone.class);
    }

    List<StepDone> expire(ContractApi.Part... parts) {
        return ledger.submit(USER, ContractApi.EXPIRE, List.of(parts)).answers(StepDone.class);
    }

    ContractApi.TaskView view(String task) {
        return ledger.evaluate(USER, ContractApi.GET_TASK, new ContractApi.TaskQuery(task), ContractApi.TaskView.class);
    }

    boolean isReady(String task, String subTask) {
        return ledger.state.containsKey(Keys.ready(task, subTask));
    }

    Facts.EndFact end(String task) {
        return fact(Keys.end(task), Facts.EndFact.class);
    }

    <T> T fact(String key, Class<T> type) {
        var entry = ledger.state.get(key);
        return entry == null ? null : CanonicalJson.read(entry.value(), type);
    }

    Binding binding(Digest workflow, Map<String, ?> arguments) {
        return ledger.evaluate(
                USER,
                ContractApi.PROPOSE_BINDING,
                new ContractApi.RoleQuery(workflow, CanonicalJson.tree(arguments)),
                Binding.class);
    }

    /** What a transaction tells the channel. */
    static List<LedgerEvent.Entry> facts(MemoryLedger.Endorsed endorsed) {
        return endorsed.event() == null
                ? List.of()
                : CanonicalJson.read(endorsed.event(), LedgerEvent.class).facts();
    }

    /** All that the channel was told. */
    List<LedgerEvent.Entry> events() {
        return ledger.events.stream()
                .flatMap(payload -> CanonicalJson.read(payload, LedgerEvent.class).facts().stream())
                .toList();
    }

    /** The code by which something is refused. */
    static ErrorCode refusal(ThrowableAssert.ThrowingCallable call) {
        try {
            call.call();
        } catch (SelvageException refused) {
            return refused.code();
        } catch (Throwable other) {
            throw new AssertionError("not a refusal", other);
        }
        throw new AssertionError("was not refused");
    }

    /** The state as text by key, for comparing. */
    Map<String, String> image() {
        Map<String, String> image = new TreeMap<>();
        ledger.state.forEach((key, entry) -> image.put(key, new String(entry.value(), StandardCharsets.UTF_8)));
        return image;
    }
}
