package dev.selvage.agent.control;

import com.google.protobuf.ByteString;
import dev.selvage.agent.audit.AuditApi;
import dev.selvage.agent.control.ControlApi.DataView;
import dev.selvage.agent.control.ControlApi.GrantView;
import dev.selvage.agent.control.v1.Answer;
import dev.selvage.agent.control.v1.ControlGrpc;
import dev.selvage.agent.control.v1.SignedRequest;
import dev.selvage.agent.data.DataCatalogue;
import dev.selvage.agent.data.DataSet;
import dev.selvage.agent.data.Grant;
import dev.selvage.agent.peer.MemberCheck;
import dev.selvage.agent.peer.Pace;
import dev.selvage.agent.peer.UserResults;
import dev.selvage.agent.peer.v1.Chunk;
import dev.selvage.agent.peer.v1.FetchRequest;
import dev.selvage.agent.peer.v1.Head;
import dev.selvage.agent.read.ReadModel;
import dev.selvage.engine.BuiltinEngine;
import dev.selvage.model.CanonicalJson;
import dev.selvage.model.ErrorCode;
import dev.selvage.model.NodeId;
import dev.selvage.model.SelvageException;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a node's owner and the users of its organisation. */
public final class ControlService extends ControlGrpc.ControlImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);
    private static final Set<String> CHANGES = Set.of(
            ControlApi.RELOAD,
            ControlApi.DRAIN,
            ControlApi.ADD_FILE,
            ControlApi.ADD_TABLE,
            ControlApi.REMOVE_DATA,
            ControlApi.GRANT,
            ControlApi.REVOKE);
    private static final int PIECE = 64 * 1024;
    private static final int MOST_TASKS = 1_000;
    private static final Duration FETCH = Duration.ofSeconds(60);

    private final ControlCheck check;
    private final NodeControl node;
    private final ReadModel model;
    private final DataCatalogue catalogue;
    private final MemberCheck members;
    private final UserResults results;
    private final Clock clock;
    private final Map<String, Function<String, Object>> functions;

    /** @param further functions by name, from the JSON of the argument to the answer */
    public ControlService(
            NodeId self,
            MemberCheck members,
            NodeControl node,
            ReadModel model,
            DataCatalogue catalogue,
            UserResults results,
            Map<String, Function<String, Object>> further,
            Clock clock) {
        this.check = new ControlCheck(self, members, clock);
        this.members = members;
        this.node = node;
        this.model = model;
        this.catalogue = catalogue;
        this.results = results;
        this.clock = clock;
        this.functions = new HashMap<>(further);
        functions.putAll(Map.ofEntries(
                entry(ControlApi.STATUS, ControlApi.Nothing.class, nothing -> node.status()),
                entry(ControlApi.WHY, ControlApi.TaskArgument.class, about -> node.why(about.task())),
                entry(ControlApi.TASKS, ControlApi.Most.class, this::tasks),
                entry(ControlApi.TRACE, ControlApi.TaskArgument.class, about -> model.trace(about.task())),
                entry(ControlApi.ENGINES, ControlApi.Nothing.class, nothing -> node.engines()),
                entry(ControlApi.PROBE, ControlApi.OtherNode.class, other -> node.probe(other.node())),
                entry(ControlApi.TIME, ControlApi.Nothing.class, nothing -> new ControlApi.Moment(clock.millis())),
                entry(ControlApi.HEALTH, ControlApi.Nothing.class, nothing -> node.health()),
                entry(ControlApi.METRICS, ControlApi.Nothing.class, nothing -> new ControlApi.Text(node.metrics())),
                entry(
                        ControlApi.DATA,
                        ControlApi.Nothing.class,
                        nothing -> catalogue.list().stream()
                                .map(ControlService::view)
                                .toList()),
                entry(
                        ControlApi.GRANTS,
                        ControlApi.Nothing.class,
                        nothing -> views(catalogue.grants().list())),
                entry(ControlApi.RELOAD, ControlApi.Nothing.class, nothing -> {
                    node.reload();
                    return node.engines();
                }),
                entry(ControlApi.DRAIN, ControlApi.Drain.class, wanted -> {
                    node.drain(wanted.on());
                    return node.status();
                }),
                entry(ControlApi.ADD_FILE, ControlApi.DataFile.class, this::addFile),
                entry(ControlApi.ADD_TABLE, ControlApi.DataTable.class, this::addTable),
                entry(ControlApi.REMOVE_DATA, ControlApi.DataName.class, this::remove),
                entry(ControlApi.GRANT, ControlApi.NewGrant.class, this::grant),
                entry(ControlApi.REVOKE, ControlApi.Revocation.class, this::revoke)));
    }

    private static <A> Map.Entry<String, Function<String, Object>> entry(
            String name, Class<A> argument, Function<A, Object> function) {
        return Map.entry(name, json -> function.apply(CanonicalJson.read(json, argument)));
    }

    /** Whether a function changes something. */
    static boolean changes(String function) {
        return CHANGES.contains(function) || AuditApi.CHANGES.contains(function);
    }

    @Override
    public void ask(SignedRequest request, StreamObserver<Answer> responses) {
        String function = "?";
        try {
            var terms = check.check(request);
            function = terms.getFunction();
            var known = functions.get(function);
            if (known == null) {
                throw new SelvageException(ErrorCode.REQUEST_INVALID, "The node has no function " + function + ".");
            }
            if (changes(function)) {
                LOG.info("{} by {}", function, terms.getAskerMsp());
            }
            Object answer = known.apply(terms.getArgument());
            responses.onNext(Answer.newBuilder()
                    .setJson(CanonicalJson.text(CanonicalJson.tree(answer)))
                    .build());
            responses.onCompleted();
        } catch (SelvageException e) {
            responses.onError(status(e));
        } catch (RuntimeException e) {
            LOG.error("{} failed", function, e);
            responses.onError(status(new SelvageException(ErrorCode.INTERNAL, "The node failed on " + function + ".")));
        }
    }

    @Override
    public void result(FetchRequest request, StreamObserver<Chunk> responses) {
        var calls = (ServerCallStreamObserver<Chunk>) responses;
        try (var opened = results.open(request, clock.instant().plus(FETCH))) {
            var head = Head.newBuilder().setSize(opened.stored().size());
            opened.stored().salt().ifPresent(salt -> head.setSalt(ByteString.copyFrom(salt.bytes())));
            calls.onNext(Chunk.newBuilder().setHead(head).build());
            byte[] piece = new byte[PIECE];
            for (int read = opened.bytes().read(piece);
                    read >= 0;
                    read = opened.bytes().read(piece)) {
                Pace.awaitRoom(calls);
                calls.onNext(Chunk.newBuilder()
                        .setData(ByteString.copyFrom(piece, 0, read))
                        .build());
            }
            calls.onCompleted();
        } catch (SelvageException e) {
            responses.onError(status(e));
        } catch (IOException e) {
            responses.onError(status(new SelvageException(ErrorCode.CONTENT_UNKNOWN, "The bytes cannot be read.", e)));
        }
    }

    private static RuntimeException status(SelvageException fault) {
        Status.Code code = switch (fault.code()) {
            case NOT_PERMITTED, NOT_ENTITLED -> Status.Code.PERMISSION_DENIED;
            case IDENTITY_INVALID, REQUEST_STALE -> Status.Code.UNAUTHENTICATED;
            case INTERNAL -> Status.Code.INTERNAL;
            default -> Status.Code.FAILED_PRECONDITION;
        };
        return code.toStatus().withDescription(fault.toWire()).asRuntimeException();
    }

    private Object tasks(ControlApi.Most most) {
        return model.tasks(most.most() == null ? MOST_TASKS : Math.max(1, Math.min(MOST_TASKS, most.most())));
    }

    private DataView addFile(ControlApi.DataFile file) {
        var path = Path.of(file.path());
        if (!path.isAbsolute()) {
            throw new SelvageException(ErrorCode.REQUEST_INVALID, "The file's path must be absolute: " + path + ".");
        }
        var set = catalogue.addFile(file.name(), path, file.mediaType(), file.copy());
        node.changed();
        return view(set);
    }

    private DataView addTable(ControlApi.DataTable table) {
        var set = catalogue.addTable(table.name(), table.engine(), table.table(), node.tables());
        node.changed();
        return view(set);
    }

    private Object remove(ControlApi.DataName data) {
        catalogue.remove(data.name());
        return new ControlApi.Nothing();
    }

    private GrantView grant(ControlApi.NewGrant wanted) {
        wanted.creators().forEach(creator -> members.requireOrganisation(creator.split("/", 2)[0]));
        if (wanted.opens() != null && !wanted.operation().equals(BuiltinEngine.CHECK)) {
            throw new SelvageException(
                    ErrorCode.REQUEST_INVALID, "A share of blocks is opened to " + BuiltinEngine.CHECK + " only.");
        }
        var grant = catalogue
                .grants()
                .grant(
                        wanted.data(),
                        wanted.operation(),
                        wanted.digest(),
                        wanted.creators(),
                        Optional.ofNullable(wanted.until()).map(Instant::ofEpochMilli),
                        wanted.opens() == null ? Grant.OPENS : wanted.opens());
        node.changed();
        return view(grant);
    }

    private List<GrantView> revoke(ControlApi.Revocation gone) {
        return views(catalogue
                .grants()
                .revoke(gone.data(), Optional.ofNullable(gone.operation()), Optional.ofNullable(gone.creator())));
    }

    private static List<GrantView> views(List<Grant> grants) {
        return grants.stream().map(ControlService::view).toList();
    }

    private static GrantView view(Grant grant) {
        return new GrantView(
                grant.id(),
                grant.data(),
                grant.operation(),
                grant.digest(),
                grant.creators(),
                grant.until().map(Instant::toEpochMilli).orElse(null),
                grant.operation().equals(BuiltinEngine.CHECK) ? grant.opens() : null);
    }

    private static DataView view(DataSet set) {
        String kind = "copy";
        String place = "";
        long size = 0;
        if (set.source() instanceof DataSet.Copied copied) {
            size = copied.size();
        } else if (set.source() instanceof DataSet.Referenced file) {
            kind = "file";
            place = file.path().toString();
            size = file.size();
        } else if (set.source() instanceof DataSet.Table table) {
            kind = "table";
            place = table.engine() + "/" + table.table();
            size = table.rows();
        }
        return new DataView(
                set.name(),
                set.mediaType(),
                kind,
                place,
                set.source().version(),
                size,
                set.added().toEpochMilli());
    }
}
