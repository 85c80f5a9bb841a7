package dev.selvage.cli.internal.quickstart;

import dev.selvage.cli.internal.local.Distribution;
import dev.selvage.cli.internal.local.LocalNetwork;
import dev.selvage.cli.internal.local.NetworkPorts;
import dev.selvage.cli.internal.process.JavaProgram;
import dev.selvage.cli.internal.process.ProcessRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The three organisations' engines of the example: a database and an HTTP service, which know nothing of Selvage and run as processes of
 * their own, and a worker that its node starts.
 */
final class NycEngines {
    private static final String DATABASE = "engine-database";
    private static final String SERVICE = "engine-service";
    private static final int DATABASE_MEGABYTES = 96;
    private static final int SERVICE_MEGABYTES = 64;
    private static final List<String> OPERATIONS = List.of(
            "nyc-delays/operations/flights.delays.yaml",
            "nyc-delays/operations/flights.merge.yaml",
            "nyc-delays-named/operations/flights.name.yaml",
            "fan-in/operations/flights.add.yaml");

    private final Path examples;
    private final LocalNetwork network;
    private final Distribution distribution;
    private final boolean python;

    /**
     * @param python whether LgaMSP's worker is the one in Python
     */
    NycEngines(Path examples, LocalNetwork network, Distribution distribution, boolean python) {
        this.examples = examples;
        this.network = network;
        this.distribution = distribution;
        this.python = python;
    }

    /** Puts the engine files into the nodes' folders, of which the service needs one, and starts the processes that are not running. */
    void start() {
        engineFiles();
        startDatabase();
        startService();
        unpack();
    }

    /** The ports of the processes that {@link #start} starts. */
    static Map<Integer, String> ports(NetworkPorts ports) {
        return Map.of(
                ports.database().port(), "EwrMSP's database", ports.httpEngine().port(), "JfkMSP's service");
    }

    /** Loads the database. */
    void prepare() {
        loadDatabase();
    }

    private void startDatabase() {
        int port = network.ports().database().port();
        if (network.processes().running(DATABASE).isPresent()) {
            return;
        }
        network.launcher()
                .start(new JavaProgram(
                        DATABASE,
                        ProcessRecord.Kind.ENGINE,
                        distribution.engine("h2"),
                        "org.h2.tools.Server",
                        List.of(
                                "-tcp",
                                "-tcpPort",
                                Integer.toString(port),
                                "-baseDir",
                                folder("database").toString(),
                                "-ifNotExists"),
                        Map.of("h2.bindAddress", "127.0.0.1"),
                        Map.of(),
                        DATABASE_MEGABYTES,
                        DATABASE,
                        List.of(port)));
    }

    private void startService() {
        int port = network.ports().httpEngine().port();
        if (network.processes().running(SERVICE).isPresent()) {
            return;
        }
        network.launcher()
                .start(new JavaProgram(
                        SERVICE,
                        ProcessRecord.Kind.ENGINE,
                        distribution.engine("http-service"),
                        "org.example.delays.DelayService",
                        List.of(
                                "--port",
                                Integer.toString(port),
                                "--root",
                                node("jfk").toString()),
                        Map.of(),
                        Map.of(),
                        SERVICE_MEGABYTES,
                        SERVICE,
                        List.of(port)));
    }

    /** Unpacks the airports' flights. */
    void unpack() {
        for (String airport : List.of("ewr", "jfk", "lga")) {
            ExampleFiles.unpack(examples.resolve("nyc-delays/data/" + airport + ".csv.gz"), flights(airport));
        }
    }

    /** The unpacked flights of an airport. */
    Path flights(String airport) {
        return folder("data").resolve(airport + ".csv");
    }

    private void loadDatabase() {
        int port = network.ports().database().port();
        network.awaitPort(DATABASE, port);
        new Database("jdbc:h2:tcp://127.0.0.1:" + port + "/ops;DATABASE_TO_LOWER=TRUE", distribution)
                .load(
                        examples.resolve("nyc-delays/engines/ewr/load.sql"),
                        flights("ewr"),
                        ExampleFiles.secret(engines("ewr").resolve("h2.password")),
                        ExampleFiles.secret(folder("database").resolve("owner.password")));
        network.awaitPort(SERVICE, network.ports().httpEngine().port());
    }

    private void engineFiles() {
        for (String airport : List.of("ewr", "jfk", "lga")) {
            for (String operation : OPERATIONS) {
                var from = examples.resolve(operation);
                ExampleFiles.copy(from, engines(airport).resolve("operations").resolve(from.getFileName()), Map.of());
            }
        }
        var files = examples.resolve("nyc-delays/engines");
        ExampleFiles.copy(
                files.resolve("ewr/h2.yaml"),
                engines("ewr").resolve("h2.yaml"),
                Map.of("127.0.0.1:7081", network.ports().database().toString()));
        var driver = distribution.engine("h2").get(0);
        ExampleFiles.copyBytes(driver, engines("ewr").resolve("drivers").resolve(driver.getFileName()));
        ExampleFiles.copy(
                files.resolve("jfk/http.yaml"),
                engines("jfk").resolve("http.yaml"),
                Map.of("127.0.0.1:7082", network.ports().httpEngine().toString()));
        ExampleFiles.copy(files.resolve("jfk/merge.yaml"), engines("jfk").resolve("merge.yaml"), Map.of());
        if (python) {
            ExampleFiles.copy(files.resolve("lga/worker.py"), engines("lga").resolve("worker.py"), Map.of());
        }
        ExampleFiles.copy(
                files.resolve(python ? "lga/worker.yaml" : "lga-java/worker.yaml"),
                engines("lga").resolve("worker.yaml"),
                Map.of());
    }

    private Path folder(String name) {
        return network.data().engines().resolve(name);
    }

    private Path node(String airport) {
        return network.data().nodes().resolve(airport);
    }

    private Path engines(String airport) {
        return node(airport).resolve("engines");
    }
}
