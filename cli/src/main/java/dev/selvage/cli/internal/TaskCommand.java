package dev.selvage.cli.internal;

import picocli.CommandLine.Command;

@Command(
        name = "task",
        description = "Tasks: run workflows and see what becomes of them.",
        subcommands = {
            TaskRun.class,
            TaskList.class,
            TaskShow.class,
            TaskWatch.class,
            TaskWhy.class,
            TaskResult.class,
            TaskTrace.class,
            TaskActs.Cancel.class,
            TaskActs.Approve.class,
            TaskActs.Reject.class,
            TaskRetry.class
        })
final class TaskCommand extends GroupCommand {}
