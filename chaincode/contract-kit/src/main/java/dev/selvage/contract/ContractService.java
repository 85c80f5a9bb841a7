package dev.selvage.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.metrics.Metrics;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.hyperledger.fabric.shim.NettyChaincodeServer;
import org.hyperledger.fabric.traces.Traces;

/**
 * Runs a contract as a service which peers dial. Options win over the environment that Fabric users know:
 * CHAINCODE_SERVER_ADDRESS and CORE_CHAINCODE_ID_NAME.
 */
public final class ContractService {
    private static final String USAGE = """
            usage: NAME --address HOST:PORT --id PACKAGE_ID
                   [--tls-cert FILE --tls-key FILE [--tls-client-ca FILE]] [--clock-skew MILLISECONDS]
            """;
    private static final Set<String> OPTIONS =
            Set.of("--address", "--id", "--tls-cert", "--tls-key", "--tls-client-ca", "--clock-skew");
    /** Held here, since a logger that nobody holds forgets its level. */
    private static final Logger SHIM = Logger.getLogger("org.hyperledger.fabric");

    private ContractService() {}

    /**
     * Serves until it is stopped, then ends the process: with 2 on wrong options, 1 when the address cannot be used, and as signals do (143) after
     * SIGTERM.
     *
     * @param name the chaincode's, for people
     * @param contract made with the settings that the options give
     */
    public static void main(String name, String[] args, Function<Settings, JsonChaincode<?>> contract) {
        ChaincodeServerProperties properties;
        Served chaincode;
        try {
            var options = options(args);
            properties = properties(options);
            var settings = options.containsKey("--clock-skew")
                    ? new Settings(Long.parseLong(options.get("--clock-skew")))
                    : Settings.DEFAULT;
            quietShim();
            chaincode = new Served(contract.apply(settings), given(options, "--id", "CORE_CHAINCODE_ID_NAME"));
        } catch (IllegalArgumentException e) {
            System.err.println("USAGE " + e.getMessage());
            System.err.print(USAGE.replace("NAME", name));
            System.exit(2);
            return;
        }
        System.exit(serve(name, chaincode, properties));
    }

    private static int serve(String name, Served chaincode, ChaincodeServerProperties properties) {
        try {
            var config = chaincode.getChaincodeConfig();
            Metrics.initialize(config);
            Traces.initialize(config);
            var server = new NettyChaincodeServer(chaincode, properties);
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop"));
            System.err.println(name + " listens on " + properties.getServerAddress());
            server.start();
            return 0;
        } catch (IOException e) {
            System.err.println("PORT_TAKEN " + properties.getServerAddress() + ": " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        Deque<String> words = new ArrayDeque<>(Arrays.asList(args));
        while (!words.isEmpty()) {
            String option = words.pop();
            if (!OPTIONS.contains(option) || words.isEmpty()) {
                throw new IllegalArgumentException("unknown option, or one without its value: " + option);
            }
            options.put(option, words.pop());
        }
        return options;
    }

    private static String given(Map<String, String> options, String option, String variable) {
        String value = options.getOrDefault(option, System.getenv(variable));
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(option + " (or " + variable + ") is missing");
        }
        return value;
    }

    private static ChaincodeServerProperties properties(Map<String, String> options) {
        String address = given(options, "--address", "CHAINCODE_SERVER_ADDRESS");
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("--address is HOST:PORT, not " + address);
        }
        var properties = new ChaincodeServerProperties();
        properties.setServerAddress(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        if (options.containsKey("--tls-cert") != options.containsKey("--tls-key")) {
            throw new IllegalArgumentException("--tls-cert and --tls-key go together");
        }
        properties.setTlsEnabled(options.containsKey("--tls-cert"));
        properties.setKeyCertChainFile(options.get("--tls-cert"));
        properties.setKeyFile(options.get("--tls-key"));
        properties.setTrustCertCollectionFile(options.get("--tls-client-ca"));
        properties.validate();
        return properties;
    }

    /** At INFO the shim logs every call with its arguments. */
    private static void quietShim() {
        SHIM.setLevel(Level.WARNING);
    }
}
