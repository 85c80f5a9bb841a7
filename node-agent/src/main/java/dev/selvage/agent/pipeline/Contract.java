package dev.selvage.agent.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.agent.ledger.Ledger;
import dev.selvage.engine.RunKey;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi;
import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.ContractApi.DonePart;
import dev.selvage.model.ContractApi.Page;
import dev.selvage.model.ContractApi.Part;
import dev.selvage.model.ContractApi.SubTaskQuery;
import dev.selvage.model.ContractApi.TaskView;
import dev.selvage.model.Digest;
import dev.selvage.model.Facts;
import dev.selvage.model.Facts.ResultFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The contract's questions in types. Thread-safe; calls block. Faults are those of {@link Ledger}. */
public final class Contract {
    private static final int PAGES = 1_000;

    private final Ledger ledger;

    public Contract(Ledger ledger) {
        this.ledger = ledger;
    }

    public TaskView task(String task) {
        return ask(ContractApi.GET_TASK, new ContractApi.TaskQuery(task), TaskView.class);
    }

    public Deployment workflow(Digest workflow) {
        return ask(ContractApi.GET_WORKFLOW, new ContractApi.WorkflowQuery(workflow, null, null), Deployment.class);
    }

    /** The result of an attempt, if there is one. */
    public Optional<ResultFact> result(Part part) {
        String json = ledger.evaluate(ContractApi.GET_RESULT, part);
        return json.isEmpty() || json.equals("null")
                ? Optional.empty()
                : Optional.of(CanonicalJson.read(json, ResultFact.class));
    }

    /** The result of a run's attempt, if there is one. */
    public Optional<ResultFact> result(RunKey key) {
        return result(new Part(key.task(), key.subTask(), key.part(), key.attempt(), key.role()));
    }

    /** All results of a sub-task, of all attempts. */
    public List<ResultFact> results(String task, String subTask) {
        return all(ContractApi.GET_RESULTS, task, subTask, ResultFact.class);
    }

    /** The decided parts of a sub-task in order of their index. */
    public List<DonePart> done(String task, String subTask) {
        return all(ContractApi.GET_DONE, task, subTask, DonePart.class);
    }

    /** What was made ready of a sub-task. */
    public List<Facts.ReadyFact> ready(String task, String subTask) {
        return all(ContractApi.GET_READY, task, subTask, Facts.ReadyFact.class);
    }

    /** A pinned state input. */
    public byte[] pinned(String task, String subTask, String input) {
        return ask(ContractApi.GET_PINNED, new ContractApi.PinnedQuery(task, subTask, input), ContractApi.Bytes.class)
                .bytes();
    }

    private <T> T ask(String function, Object argument, Class<T> answer) {
        return CanonicalJson.read(ledger.evaluate(function, argument), answer);
    }

    private <T> List<T> all(String function, String task, String subTask, Class<T> item) {
        List<T> found = new ArrayList<>();
        String bookmark = null;
        for (int page = 0; page < PAGES; page++) {
            JsonNode listed = CanonicalJson.parse(
                    ledger.evaluate(function, new SubTaskQuery(task, subTask, new Page(bookmark, null))));
            for (JsonNode element : listed.path("items")) {
                found.add(CanonicalJson.bind(element, item));
            }
            bookmark = listed.hasNonNull("bookmark") ? listed.get("bookmark").asText() : null;
            if (bookmark == null || bookmark.isEmpty()) {
                break;
            }
        }
        return found;
    }
}
