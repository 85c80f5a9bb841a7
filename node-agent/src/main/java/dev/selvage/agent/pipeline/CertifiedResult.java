package dev.selvage.agent.pipeline;

import dev.selvage.engine.RunKey;
import dev.selvage.model.ContractApi.ResultItem;

/** A result that is durable here and goes to the ledger. */
record CertifiedResult(RunKey key, ResultItem item, Measured measured) {}
