/** The life of a sub-task, from the ledger's event to its result on the ledger: {@link dev.selvage.agent.pipeline.TaskPipeline}. */
package dev.selvage.agent.pipeline;
