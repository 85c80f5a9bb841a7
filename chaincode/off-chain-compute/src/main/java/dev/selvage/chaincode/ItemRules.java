package dev.selvage.chaincode;

import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ContractApi.ResultItem;
import dev.selvage.model.Digest;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.Facts;
import dev.selvage.model.Input;
import dev.selvage.model.Limits;
import dev.selvage.model.SelvageException;
import dev.selvage.model.SubTask;
import java.util.Set;

/** What a single result must look like, whatever the ledger holds. */
final class ItemRules {
    private static final Set<String> MEASURES =
            Set.of("queuedMs", "fetchMs", "runMs", "publishMs", "readMs", "rowsRead", "bytes");
    private static final int TEXT = 128;

    private ItemRules() {}

    static void check(ResultItem item, SubTask subTask) {
        if (item.failure() == null) {
            outputs(item, subTask);
        } else {
            failure(item);
        }
        if (item.engine() != null) {
            text("The engine's name", item.engine().engine());
            text("The engine's version", item.engine().version());
        }
        reads(item, subTask);
        if (CanonicalJson.bytes(item.evidence()).length > Limits.EVIDENCE) {
            throw tooLarge("The evidence", Limits.EVIDENCE);
        }
        item.measures().forEach((name, value) -> {
            if (!MEASURES.contains(name) || value == null || value < 0) {
                throw invalid("A measure is one of " + new java.util.TreeSet<>(MEASURES) + " and not negative.");
            }
        });
    }

    private static void failure(ResultItem item) {
        if (!item.outputs().isEmpty() || !item.onLedger().isEmpty()) {
            throw invalid("A failure has no outputs.");
        }
        if (item.failure().code().equals(ErrorCode.EXPIRED.name())) {
            throw invalid("Only the contract says that an attempt expired.");
        }
    }

    private static void outputs(ResultItem item, SubTask subTask) {
        if (!item.outputs().keySet().equals(subTask.outputs().keySet())) {
            throw invalid("The result has the outputs " + item.outputs().keySet() + ", the sub-task declares "
                    + subTask.outputs().keySet() + ".");
        }
        subTask.outputs().forEach((name, declared) -> {
            Facts.OutputFact output = item.outputs().get(name);
            if (output.digest() == null || output.size() < 0) {
                throw invalid("The output \"" + name + "\" has a digest and a size.");
            }
            if (output.size() > declared.maxSize()) {
                throw tooLarge("The output \"" + name + "\"", declared.maxSize());
            }
            if (output.mediaType() != null) {
                text("The media type", output.mediaType());
            }
            if (output.salted() == declared.isPublic()) {
                throw invalid(
                        "The digest of the output \"" + name + "\" is salted unless the whole channel may see it.");
            }
            onLedger(name, declared, output, item.onLedger().get(name));
        });
        if (!subTask.outputs().keySet().containsAll(item.onLedger().keySet())) {
            throw invalid("Bytes were given for an output that is not declared.");
        }
    }

    private static void onLedger(String name, SubTask.Output declared, Facts.OutputFact output, byte[] bytes) {
        if (declared.onLedger() == (bytes == null)) {
            throw invalid("The bytes of the output \"" + name + "\" "
                    + (declared.onLedger() ? "go on the ledger." : "do not go on the ledger."));
        }
        if (bytes == null) {
            return;
        }
        if (bytes.length == 0) {
            throw invalid("The output \"" + name + "\" is empty; nothing empty goes on the ledger.");
        }
        if (bytes.length > Limits.ON_LEDGER) {
            throw tooLarge("The output \"" + name + "\"", Limits.ON_LEDGER);
        }
        if (bytes.length != output.size() || !Digest.of(bytes).equals(output.digest())) {
            throw new SelvageException(
                    ErrorCode.DIGEST_MISMATCH,
                    "The bytes of the output \"" + name + "\" are not those of its digest and size.");
        }
    }

    private static void reads(ResultItem item, SubTask subTask) {
        item.reads().forEach((name, read) -> {
            boolean byNode = subTask.inputs().get(name) instanceof Input.State state && state.pin() == Input.Pin.READ;
            if (!byNode || read.digest() == null || read.height() < 0) {
                throw invalid("\"" + name + "\" is not chain state that the node reads.");
            }
        });
    }

    private static void text(String what, String text) {
        if (text == null || text.isEmpty() || text.length() > TEXT) {
            throw invalid(what + " has from 1 to " + TEXT + " characters.");
        }
    }

    private static SelvageException invalid(String sentence) {
        return new SelvageException(ErrorCode.REQUEST_INVALID, sentence);
    }

    private static SelvageException tooLarge(String what, long limit) {
        return new SelvageException(ErrorCode.TOO_LARGE, what + " has more than " + limit + " bytes.");
    }
}
