package dev.selvage.cli.internal;

import dev.selvage.model.CanonicalJson;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = "Print the completion script of a shell: source <(selvage completion bash).")
final class CompletionCommand extends BaseCommand {
    /** Shells that have one. */
    enum Shell {
        bash,
        zsh
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Override
    int run(Session session) {
        var script = AutoComplete.bash("selvage", spec().root().commandLine());
        var text = shell == Shell.zsh ? "autoload -U +X bashcompinit && bashcompinit\n" + script : script;
        session.answer(CanonicalJson.object().put("shell", shell.name()).put("script", text), () -> text);
        return ExitStatus.DONE;
    }
}
