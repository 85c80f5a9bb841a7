package dev.selvage.bridge;

import dev.selvage.model.ErrorCategory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How an HTTP service carries out an operation.
 *
 * @param inputs how each input is handed over
 * @param uploads calls that come before the submission, each with an input as its body
 * @param foreignId the service's id of the run, out of the reply; empty: the caller's own, if any
 * @param poll empty: the reply to the submission is the outcome
 * @param result the call that fetches what outputs are read from, after the poll says that the run is done
 */
record HttpMapping(
        Map<String, Handover> inputs,
        List<Call> uploads,
        Call submit,
        Optional<Template> foreignId,
        Optional<Poll> poll,
        Optional<Call> result,
        Optional<Call> cancel,
        Map<String, Output> outputs,
        List<ErrorRule> errors,
        AfterCrash afterCrash)
        implements EngineFile.Mapping {
    HttpMapping {
        inputs = Map.copyOf(inputs);
        uploads = List.copyOf(uploads);
        outputs = Map.copyOf(outputs);
        errors = List.copyOf(errors);
    }

    /** How an input reaches the service. */
    sealed interface Handover {}

    /** As a file of this name in the run's directory, which both machines see. */
    record AsFile(String name) implements Handover {}

    /** As text in expressions: {@code inputs.x.text}. */
    record AsText() implements Handover {}

    /** A request. */
    record Call(String method, Template path, Map<String, Template> query, Map<String, Template> headers, Body body) {}

    /** What a request carries. */
    sealed interface Body {}

    record NoBody() implements Body {}

    record JsonBody(JsonTemplate json) implements Body {}

    record FormBody(Map<String, Template> fields) implements Body {}

    /** An input's bytes. */
    record InputBody(String input) implements Body {}

    /**
     * How the service is asked for the run's state.
     *
     * @param every the pause before each question: from {@code first}, times {@code factor}, up to {@code max}
     */
    record Poll(
            Call call,
            Template state,
            Wait every,
            Set<String> running,
            Set<String> succeeded,
            Set<String> failed,
            Optional<Template> progress) {}

    /** Growing pauses; the factor in thousandths. */
    record Wait(Duration first, int factorMilli, Duration max) {
        Duration next(Duration last) {
            var grown = Duration.ofMillis(Math.max(1, last.toMillis() * factorMilli / 1000));
            return grown.compareTo(max) < 0 ? grown : max;
        }
    }

    /** Where an output comes from. */
    sealed interface Source {}

    /** A file of the run's directory. */
    record FromFile(String name) implements Source {}

    /** The body of the reply as it is. */
    record FromBody() implements Source {}

    /** A value of the reply. */
    record FromJson(Template value) implements Source {}

    /**
     * An output.
     *
     * @param columns the service's name for each column of the operation's; empty: the same names
     */
    record Output(Source source, String mediaType, Map<String, String> columns) {}

    /** What a reply means that is not as it should be. The first rule that fits holds. */
    record ErrorRule(
            Template when,
            String code,
            ErrorCategory category,
            boolean retryable,
            Optional<Template> message,
            Optional<Template> retryAfter) {}

    /** What to do about a run that was under way when the host crashed. */
    sealed interface AfterCrash {}

    /** It may run again. */
    record Repeat() implements AfterCrash {}

    /**
     * Ask the service for it; where it is not found (404) it was never submitted.
     *
     * @param foreignId the service's id, out of the reply; empty: the run's own {@code hex32}
     */
    record Find(Call call, Optional<Template> foreignId) implements AfterCrash {}
}
