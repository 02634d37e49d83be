"""`gradcli completion`: the script that teaches a shell to complete gradcli's commands and options."""

from __future__ import annotations

import sys

import click

from gradcli.shell.help.documented_command import Documented


@click.command(
    cls=Documented, examples=(('eval "$(gradcli completion bash)"', "a line for the end of ~/.bashrc"),)
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is None:  # click has all three
        raise click.UsageError(f"no completion for {shell}")
    group = click.get_current_context().find_root().command
    sys.stdout.write(script(group, {}, "gradcli", "_GRADCLI_COMPLETE").source_template % {
        "complete_func": "_gradcli_completion",
        "complete_var": "_GRADCLI_COMPLETE",
        "prog_name": "gradcli",
    })  # fmt: skip
    sys.stdout.write("\n")
