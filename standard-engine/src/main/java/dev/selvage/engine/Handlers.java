package dev.selvage.engine;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Calls a handler and makes an outcome of whatever comes of it. */
final class Handlers {
    private Handlers() {}

    static EngineOutcome call(
            OperationHandler handler,
            EngineRequest request,
            Consumer<EngineProgress> progress,
            BooleanSupplier cancelled) {
        var context = new RunContext(request, progress, cancelled);
        try {
            handler.run(context);
            return cancelled.getAsBoolean() ? cancelledOutcome() : context.outcome();
        } catch (OperationFailedException e) {
            return EngineOutcome.failed(e.failure());
        } catch (SelvageException e) {
            return EngineOutcome.failed(EngineFailure.of(e, e.code(), e.sentence()));
        } catch (InterruptedException e) {
            return cancelled.getAsBoolean()
                    ? cancelledOutcome()
                    : EngineOutcome.failed(EngineFailure.of(ErrorCode.INTERRUPTED, "The run was interrupted."));
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            return EngineOutcome.failed(EngineFailure.of(
                    ErrorCode.ENGINE_FAILED, "The computation failed; the node's log says why.", e.toString()));
        }
    }

    private static EngineOutcome cancelledOutcome() {
        return EngineOutcome.failed(EngineFailure.of(ErrorCode.CANCELLED, "The run was cancelled."));
    }
}
