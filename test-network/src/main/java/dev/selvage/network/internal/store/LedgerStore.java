package dev.selvage.network.internal.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import dev.selvage.network.internal.store.BlockContent.Modification;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.h2.mvstore.MVStoreException;
import org.hyperledger.fabric.protos.common.Block;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel's ledger on disk. The block file alone is the truth; the state beside it is thrown away and built again when it cannot be
 * read or is ahead. {@link #append} is for one writer thread; all else is thread-safe.
 */
public final class LedgerStore implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerStore.class);
    private static final int RECENT_BLOCKS = 64;

    private final BlockFile blocks;
    private final DerivedState derived;
    private final Map<Long, Block> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Block> eldest) {
            return size() > RECENT_BLOCKS;
        }
    };
    private volatile Block last;

    private LedgerStore(BlockFile blocks, DerivedState derived) {
        this.blocks = blocks;
        this.derived = derived;
    }

    /**
     * Opens or creates the ledger in a folder that no other process uses.
     *
     * @param genesis makes the first block of a new ledger
     * @throws SelvageException LEDGER_CORRUPT
     */
    public static LedgerStore open(Path folder, Supplier<Block> genesis) throws IOException {
        Files.createDirectories(folder);
        BlockFile blocks = BlockFile.open(folder.resolve("blocks"));
        DerivedState derived = null;
        try {
            derived = derive(folder.resolve("state.mv"), blocks);
            LedgerStore store = new LedgerStore(blocks, derived);
            store.replay();
            if (store.height() == 0) {
                Block first = BlockContent.markValid(genesis.get());
                store.append(first, BlockContent.transactions(first));
            }
            store.last = store.block(store.height() - 1).orElseThrow();
            return store;
        } catch (IOException | RuntimeException e) {
            if (derived != null) {
                derived.abandon();
            }
            blocks.close();
            throw e;
        }
    }

    private static DerivedState derive(Path file, BlockFile blocks) throws IOException {
        try {
            DerivedState derived = DerivedState.open(file);
            if (derived.endOffset() <= blocks.end()) {
                return derived;
            }
            derived.abandon();
            LOG.warn("the state is ahead of the blocks; building it again");
        } catch (MVStoreException unreadable) {
            if (unreadable.getErrorCode() == org.h2.mvstore.DataUtils.ERROR_FILE_LOCKED) {
                throw new SelvageException(
                        ErrorCode.DATA_DIRECTORY_LOCKED, file + " is in use by another process", unreadable);
            }
            LOG.warn("the state cannot be read ({}); building it again", unreadable.getMessage());
        }
        Files.deleteIfExists(file);
        return DerivedState.open(file);
    }

    private void replay() throws IOException {
        long before = height();
        blocks.recover(derived.endOffset(), (offset, bytes) -> {
            Block block = Block.parseFrom(bytes);
            if (block.getHeader().getNumber() != height()) {
                throw new SelvageException(
                        ErrorCode.LEDGER_CORRUPT,
                        "block " + block.getHeader().getNumber() + " stands where " + height() + " should");
            }
            apply(block, offset, offset + BlockFile.recordLength(bytes), BlockContent.transactions(block));
        });
        if (before > 0 && height() > before) {
            LOG.info("applied {} blocks that the state had not saved", height() - before);
        }
    }

    /** Writes a block to the disk, then makes its effects visible. */
    public void append(Block block, List<CommittedTransaction> content) throws IOException {
        long offset = blocks.append(block.toByteArray());
        apply(block, offset, blocks.end(), content);
        last = block;
    }

    private void apply(Block block, long offset, long end, List<CommittedTransaction> content) {
        synchronized (recent) {
            recent.put(block.getHeader().getNumber(), block);
        }
        derived.apply(block.getHeader().getNumber(), BlockHashes.header(block.getHeader()), offset, end, content);
    }

    /** Number of blocks. */
    public long height() {
        return derived.snapshot().height();
    }

    /** The newest block. */
    public Block last() {
        return last;
    }

    public Snapshot snapshot() {
        return derived.snapshot();
    }

    public Optional<Block> block(long number) {
        synchronized (recent) {
            Block cached = recent.get(number);
            if (cached != null) {
                return Optional.of(cached);
            }
        }
        return derived.offsetOf(number).map(this::read);
    }

    public Optional<Block> blockByHash(byte[] hash) {
        return derived.numberOf(hash).flatMap(this::block);
    }

    /** Where a transaction was first committed, valid or not. */
    public Optional<TransactionPlace> place(String txId) {
        return derived.place(txId);
    }

    /** What valid transactions have written to a key, the newest first. */
    public Iterator<Modification> history(String namespace, String key) {
        return derived.writersOf(namespace, key).stream()
                .map(version -> modification(version, namespace, key))
                .iterator();
    }

    private Modification modification(Version version, String namespace, String key) {
        try {
            Block block = block(version.block()).orElseThrow();
            return BlockContent.modification(block, (int) version.transaction(), namespace, key);
        } catch (InvalidProtocolBufferException e) {
            throw new SelvageException(ErrorCode.LEDGER_CORRUPT, "block " + version.block() + " does not parse", e);
        }
    }

    private Block read(long offset) {
        try {
            return Block.parseFrom(blocks.read(offset));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Saves the state, so that the next start has nothing to apply. */
    @Override
    public void close() throws IOException {
        derived.close();
        blocks.close();
    }
}
