package org.example.delays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelayServiceTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private DelayService service;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("flights.csv"), "month,dep_delay,carrier\n7,4,UA\n7,,UA\n7,-3,AA\n6,9,AA\n");
        service = new DelayService(0, folder);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private HttpResponse<String> call(String method, String path, String body)
            throws IOException, InterruptedException {
        var publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .method(method, publisher)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String id(HttpResponse<String> response) {
        return response.body().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
    }

    private String finished(String id) {
        return await().until(
                        () -> call("GET", "/jobs/" + id, "").body(),
                        body -> body.contains("DONE") || body.contains("FAILED"));
    }

    @Test
    void a_job_is_taken_and_its_rows_are_told_when_it_is_done() throws Exception {
        var taken = call("POST", "/jobs", "{\"file\": \"flights.csv\", \"month\": 7, \"reference\": \"r1\"}");
        assertThat(taken.statusCode()).isEqualTo(202);
        assertThat(finished(id(taken)))
                .contains("\"rows\":[{\"carrier\":\"AA\",\"flights\":1,\"known\":1,\"minutes\":-3},"
                        + "{\"carrier\":\"UA\",\"flights\":2,\"known\":1,\"minutes\":4}]");
        assertThat(id(call("GET", "/jobs/by-reference/r1", ""))).isEqualTo(id(taken));
    }

    @Test
    void the_same_reference_is_the_same_job() throws Exception {
        var body = "{\"file\": \"flights.csv\", \"month\": 7, \"reference\": \"again\"}";
        assertThat(id(call("POST", "/jobs", body))).isEqualTo(id(call("POST", "/jobs", body)));
    }

    @Test
    void a_file_of_another_kind_fails_the_job() throws Exception {
        Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n");
        var taken = call("POST", "/jobs", "{\"file\": \"other.csv\", \"month\": 7}");
        assertThat(finished(id(taken))).contains("\"state\":\"FAILED\"").contains("no column month");
    }

    @Test
    void a_cancelled_job_stays_cancelled() throws Exception {
        var taken = call("POST", "/jobs", "{\"file\": \"flights.csv\", \"month\": 7}");
        finished(id(taken));
        assertThat(call("DELETE", "/jobs/" + id(taken), "").body()).contains("DONE");
        assertThat(call("DELETE", "/jobs/none", "").statusCode()).isEqualTo(404);
    }

    @Test
    void wrong_requests_and_files_outside_the_root_are_refused() throws Exception {
        assertThat(call("POST", "/jobs", "{\"month\": \"7\"}").statusCode()).isEqualTo(400);
        assertThat(call("POST", "/jobs", "rubbish").statusCode()).isEqualTo(400);
        assertThat(call("POST", "/jobs", "{\"file\": \"../x.csv\", \"month\": 7}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(call("POST", "/jobs", "x".repeat(20_000)).statusCode()).isEqualTo(413);
        assertThat(call("GET", "/elsewhere", "").statusCode()).isEqualTo(404);
        assertThat(call("GET", "/jobs/none", "").statusCode()).isEqualTo(404);
    }
}
