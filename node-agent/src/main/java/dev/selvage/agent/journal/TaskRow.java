package dev.selvage.agent.journal;

import dev.selvage.model.ContractApi.Deployment;
import dev.selvage.model.Facts.TaskFact;

/** A task in which this node takes part, with its workflow's files. */
public record TaskRow(TaskFact fact, Deployment deployment) {}
