package dev.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.engine.v1.FromEngine;
import dev.selvage.engine.v1.Query;
import dev.selvage.engine.v1.Status;
import dev.selvage.engine.v1.ToEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StdioWorkerTest {
    @TempDir
    Path directory;

    @Test
    void says_hello_accepts_and_gives_the_outcome() throws Exception {
        var request = EngineSamples.request(0, "b a b", RunLimits.usual(), directory);
        var answers = converse(ToEngine.newBuilder()
                .setKey(Envelopes.key(request.key()))
                .setStart(Envelopes.start(request, false, ""))
                .build());
        assertThat(answers)
                .extracting(FromEngine::getMessageCase)
                .containsExactly(
                        FromEngine.MessageCase.DESCRIPTION,
                        FromEngine.MessageCase.ACCEPTED,
                        FromEngine.MessageCase.OUTCOME);
        assertThat(Envelopes.description(answers.get(0).getDescription()).operations())
                .extracting(EngineDescription.Offer::operation)
                .containsExactly("count.words/1");
        assertThat(EngineSamples.table(Envelopes.outcome(answers.get(2).getOutcome(), request)))
                .isEqualTo("word,count\na,1\nb,2\n");
    }

    @Test
    void answers_a_query_for_a_run_that_it_does_not_know() throws Exception {
        var request = EngineSamples.request(0, "a", RunLimits.usual(), directory);
        var answers = converse(ToEngine.newBuilder()
                .setKey(Envelopes.key(request.key()))
                .setQuery(Query.getDefaultInstance())
                .build());
        assertThat(answers.get(1).getStatus().getState()).isEqualTo(Status.State.UNKNOWN);
    }

    @Test
    void a_request_whose_operation_does_not_have_its_digest_is_refused() throws Exception {
        var request = EngineSamples.request(0, "a", RunLimits.usual(), directory);
        var start = Envelopes.start(request, false, "").toBuilder();
        start.getOperationBuilder().setDigest("0".repeat(64));
        var answers = converse(ToEngine.newBuilder()
                .setKey(Envelopes.key(request.key()))
                .setStart(start)
                .build());
        assertThat(answers.get(1).getOutcome().getFailure().getCode()).isEqualTo("OPERATION_MISMATCH");
    }

    @Test
    void a_message_keeps_every_field_over_the_wire() throws Exception {
        var request = EngineSamples.request(3, "text", RunLimits.usual(), directory);
        var line = EnvelopeJson.line(ToEngine.newBuilder()
                .setKey(Envelopes.key(request.key()))
                .setStart(Envelopes.start(request, true, "job-1")));
        assertThat(line).doesNotContain("\n");
        var back = EnvelopeJson.toEngine(line);
        var read = Envelopes.request(Envelopes.key(back.getKey()), back.getStart());
        assertThat(read.key()).isEqualTo(request.key());
        assertThat(read.digest()).isEqualTo(request.digest());
        assertThat(back.getStart().getResume()).isTrue();
        assertThat(back.getStart().getForeignId()).isEqualTo("job-1");
    }

    private List<FromEngine> converse(ToEngine... messages) throws Exception {
        var in = new StringBuilder();
        for (var message : messages) {
            in.append(EnvelopeJson.line(message)).append('\n');
        }
        var out = new ByteArrayOutputStream();
        StdioWorker.serve(
                "sample",
                EngineSamples.provider(Map.of("count.words/1", EngineSamples::countWords)),
                EngineDescription.Capacity.usual(),
                new ByteArrayInputStream(in.toString().getBytes(StandardCharsets.UTF_8)),
                out);
        List<FromEngine> answers = new ArrayList<>();
        for (var line : out.toString(StandardCharsets.UTF_8).split("\n", 0)) {
            answers.add(EnvelopeJson.fromEngine(line));
        }
        return answers;
    }
}
