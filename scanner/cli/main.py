"""The command group. A command's module is imported when the command runs: `--help` and `--version` stay quick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

import click

from scanner import __version__
from scanner.cli.streams import emit, emit_error
from scanner.errors import ScannerError

USAGE: Final = 2
INTERRUPTED: Final = 130

# Name -> module that defines `command`, and the line that `--help` shows.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "scan": ("scanner.cli.scan", "Check code against the design document's baseline."),
    "audit": ("scanner.cli.audit", "Check what really runs against the same baselines."),
    "drift": ("scanner.cli.drift", "Compare document, code and account: who moved."),
    "collect": ("scanner.cli.collect", "Store what really runs as a snapshot."),
    "history": ("scanner.cli.history", "Show what changed from audit to audit."),
    "explain": ("scanner.cli.explain", "Say what a requirement or policy means, why, and how to fix it."),
    "fix": ("scanner.cli.fix", "Show, or make, the edits that mend what fails."),
    "baseline": ("scanner.cli.baseline", "List baselines, show one."),
    "policy": ("scanner.cli.policy", "List policies, show one, run their examples."),
    "network": ("scanner.cli.network", "Show who may talk to whom, documented and actual."),
    "trace": ("scanner.cli.trace", "Show how every section of a document is accounted for."),
    "attest": ("scanner.cli.attest", "Record what a person confirmed."),
    "waive": ("scanner.cli.waive", "Accept a deviation, with a reason and an end."),
    "hook": ("scanner.cli.hook", "Say what the files of a commit break; for pre-commit."),
    "report": ("scanner.cli.report", "Write a JSON report in another format."),
    "init": ("scanner.cli.init", "Write a first asbuilt.yaml for the code that is here."),
    "schema": ("scanner.cli.schema", "Print the JSON Schema of a kind of file, for editors."),
    "completion": ("scanner.cli.completion", "Print what makes a shell complete names."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None where there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with the nearest name for a mistyped command."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"Commands: {', '.join(COMMANDS)}."
            ctx.fail(f"There is no command {args[0]!r}. {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        emit(f"asbuilt {__version__}\n")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  asbuilt scan infra --baseline onno-production
  asbuilt explain ONNO-RDS-001

\b
Exit codes: 0 nothing at or above the threshold, 1 violations,
2 usage, configuration, policy or baseline error, 3 incomplete.""",
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Print the version."
)
@click.option("--debug", is_flag=True, expose_value=False, help="Show a traceback if asbuilt itself fails.")
def cli() -> None:
    """Is the infrastructure still what the design document says?"""


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit code; every foreseen error becomes a message on standard error."""
    try:
        result = cli.main(args=list(arguments), prog_name="asbuilt", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        emit_error(error.format_message())
    except click.UsageError as error:
        message = error.format_message().expandtabs(2)
        _say(arguments, message, f"Try '{error.ctx.command_path} --help'." if error.ctx else None)
    except click.ClickException as error:
        _say(arguments, error.format_message())
    except click.Abort:
        return INTERRUPTED
    except ScannerError as error:
        _say(arguments, error.message, error.hint, error.where)
    return USAGE


def _say(arguments: Sequence[str], message: str, hint: str | None = None, where: str = "") -> None:
    """Says what is wrong on standard error, in the language of who reads it."""
    from scanner.cli.language import language_given
    from scanner.model.words import in_language

    language = language_given(arguments)
    place = f"{where}: " if where else ""
    more = f"\n  {in_language(hint, language)}" if hint else ""
    emit_error(f"asbuilt: {place}{in_language(message, language)}{more}")
