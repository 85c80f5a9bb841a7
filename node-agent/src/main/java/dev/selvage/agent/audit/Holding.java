package dev.selvage.agent.audit;

import dev.selvage.agent.audit.AuditApi.HoldReport;
import dev.selvage.integrity.audit.FileKey;
import dev.selvage.integrity.hash.StableFile;
import dev.selvage.integrity.tuning.HashDecision;
import dev.selvage.integrity.tuning.HashWish;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import dev.selvage.model.integrity.DataName;
import dev.selvage.model.integrity.MetadataFacts.AnchorFact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;

/** Lets a node prove for another owner, whose data it holds (requirement B6). Thread-safe. */
final class Holding {
    private final LocalBytes bytes;
    private final AnchorStore kits;
    private final FileCheck check;
    private final Function<String, NodeId> nodeOf;
    private final KitMaking making;

    Holding(LocalBytes bytes, AnchorStore kits, FileCheck check, Function<String, NodeId> nodeOf, KitMaking making) {
        this.bytes = bytes;
        this.kits = kits;
        this.check = check;
        this.nodeOf = nodeOf;
        this.making = making;
    }

    /**
     * Fetches what is needed to prove the newest anchored version, and keeps it when the bytes here are that version's.
     *
     * @param local the data set of this node that has the bytes
     * @param wish how they are hashed instead of as measured
     * @throws SelvageException DATA_UNKNOWN, FILE_CHANGED, FILE_UNREADABLE, DATA_DIFFERS, ANCHOR_UNKNOWN, GRANT_MISSING, PEER_UNREACHABLE
     */
    HoldReport hold(DataName data, String local, HashWish wish, Progress progress) {
        Path path = bytes.of(local);
        AnchorFact anchor = check.compared(data);
        progress.phase("asking the owner", 0);
        var opening = check.opening(anchor, nodeOf.apply(data.owner()));
        HashDecision decision;
        try (var file = StableFile.open(path)) {
            progress.phase("hashing", file.length());
            var hashed = making.hashes(file, anchor, new FileKey(opening.secret()), wish, progress);
            decision = hashed.decision();
            if (file.length() != anchor.length() || !Arrays.equals(hashed.hashes(), opening.hashes())) {
                throw new SelvageException(
                        ErrorCode.DATA_DIFFERS,
                        "The data set \"" + local + "\" is not " + data + " version " + anchor.version() + ".");
            }
        } catch (IOException e) {
            throw FileFaults.of("\"" + local + "\"", e);
        }
        var kit = new Kit(
                local,
                data,
                anchor.mode(),
                anchor.version(),
                anchor.leaves(),
                anchor.length(),
                anchor.blockSize(),
                anchor.root(),
                anchor.root2(),
                decision);
        kits.save(new AnchorStore.Stored(kit, opening.secret(), opening.hashes(), opening.tags()));
        kits.forgetOlder(kit);
        return new HoldReport(data, anchor.version(), local);
    }
}
