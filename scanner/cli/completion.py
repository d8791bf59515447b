"""`asbuilt completion`."""

from __future__ import annotations

import click

from scanner.cli.streams import emit

SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_ASBUILT_COMPLETE"


@click.command(
    epilog="""\b
Examples:
  eval "$(asbuilt completion bash)"                            in ~/.bashrc
  eval "$(asbuilt completion zsh)"                             in ~/.zshrc
  asbuilt completion fish > ~/.config/fish/completions/asbuilt.fish""",
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete commands, options, baselines, policies and requirements."""
    from click.shell_completion import get_completion_class

    made_by = get_completion_class(shell)
    assert made_by is not None
    emit(made_by(context.find_root().command, {}, "asbuilt", _VARIABLE).source().rstrip() + "\n")
