"""What the commands that make a report have in common: their options, and how the report reaches people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from scanner.cli import complete, config, output
from scanner.cli.language import choose_language
from scanner.cli.streams import emit_error
from scanner.errors import UsageError
from scanner.model.finding import Verdict
from scanner.model.inventory import Level
from scanner.model.long_lived import long_lived_objects
from scanner.model.rule import Severity

if TYPE_CHECKING:
    from scanner.model.report import Report
    from scanner.reports.html.extras import Extras

INCOMPLETE: Final = 3
_CLICKED: Final = "sarif"
_WITH_FIXES: Final = frozenset({"json", "sarif", "html"})
_Command = TypeVar("_Command", bound=Callable[..., Any])

EXIT_CODES: Final = """\b
Exit codes: 0 nothing at or above the threshold, 1 violations,
2 usage, configuration, policy or baseline error,
3 incomplete: something could not be read, or (--strict) decided."""

baseline_option = click.option(
    "--baseline",
    multiple=True,
    metavar="NAME|FILE",
    envvar="ASBUILT_BASELINE",
    shell_complete=complete.baselines,
    help="Baseline to check against; repeatable.",
)
stage_option = click.option("--stage", metavar="NAME", help="Growth stage of the document.")
input_option = click.option(
    "--input", multiple=True, metavar="NAME=VALUE", help="What the document leaves to you; value in YAML."
)
policy_option = click.option(
    "--policy",
    multiple=True,
    metavar="ID",
    shell_complete=complete.policies,
    help="Policy to check on its own; repeatable.",
)

_TERRAFORM_OPTIONS: Final = (
    click.option("--root", multiple=True, metavar="DIR", help="Read this root module only; repeatable."),
    click.option("--var", multiple=True, metavar="NAME=VALUE", help="Terraform variable."),
    click.option("--var-file", multiple=True, metavar="FILE", help="Terraform variable file."),
    click.option("--workspace", default="default", show_default=True, metavar="NAME", help="Terraform workspace."),
)
_REPORT_OPTIONS: Final = (
    click.option(
        "--format",
        multiple=True,
        metavar="FORMAT[=FILE]",
        shell_complete=complete.formats,
        help=f"{', '.join(output.FORMATS)}; repeatable. [default: text]",
    ),
    click.option("--output", metavar="FILE", help="File for the format that has none of its own."),
    click.option(
        "--fail-on",
        envvar="ASBUILT_FAIL_ON",
        type=click.Choice([severity.value for severity in Severity]),
        help="Least severity that makes the exit code 1. [default: low]",
    ),
    click.option("--strict", is_flag=True, help="Exit code 3 if anything could not be decided."),
    click.option(
        "--only",
        multiple=True,
        type=click.Choice([verdict.value for verdict in Verdict]),
        help="Report findings of this verdict only; repeatable.",
    ),
    click.option(
        "--compare-to", metavar="REVISION|FILE", help="Report only what is new since a git revision or JSON report."
    ),
    click.option("-q", "--quiet", is_flag=True, help="One line for each violation."),
    click.option("-v", "--verbose", is_flag=True, help="Everything, also what passes."),
    click.option(
        "--lang",
        type=click.Choice(["en", "ko"]),
        envvar="ASBUILT_LANG",
        help="Language of the report. [default: from the locale]",
    ),
    click.option(
        "--config", envvar="ASBUILT_CONFIG", metavar="FILE", help="Configuration. [default: nearest asbuilt.yaml]"
    ),
    click.option("--no-cache", "cache", flag_value=False, default=True, help="Neither read nor write the cache."),
    click.option("--no-color", "color", flag_value=False, default=True, help="No colours."),
)


def terraform_options(command: _Command) -> _Command:
    """Adds what chooses root modules and gives them values."""
    return _with(_TERRAFORM_OPTIONS, command)


def report_options(command: _Command) -> _Command:
    """Adds the options of `Presentation`."""
    return _with(_REPORT_OPTIONS, command)


def _with(options: Sequence[Callable[[_Command], _Command]], command: _Command) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """How the report is wanted, as given on the command line; names are those of the options."""

    format: tuple[str, ...] = ()
    output: str | None = None
    fail_on: str | None = None
    strict: bool = False
    only: tuple[str, ...] = ()
    compare_to: str | None = None
    quiet: bool = False
    verbose: bool = False
    lang: str | None = None
    config: str | None = None
    cache: bool = True
    color: bool = True


class Publisher:
    """Writes a report where it is wanted; made before the work begins, so that nothing is done in vain.

    Raises UsageError for options that make no sense together.
    """

    def __init__(self, options: Presentation, settings: config.Config) -> None:
        if options.quiet and options.verbose:
            raise UsageError("--quiet and --verbose exclude each other")
        self._options = options
        self._targets = output.targets(options.format, options.output)
        self.language = choose_language(options.lang or settings.language)
        self._threshold = Severity(options.fail_on) if options.fail_on else settings.fail_on or Severity.LOW

    def publish(
        self,
        report: Report,
        extras: Callable[[], Extras] | None = None,
        mended: Callable[[], Collection[str]] | None = None,
    ) -> int:
        """Writes every wanted form of the report and gives the exit code.

        `extras` are made for a page only. `mended` gives the fingerprints whose fix was tried and holds: code scanning
        offers fixes to be applied by a click, so that what SARIF goes with carries no others.
        """
        wanted = {target.format for target in self._targets}
        if wanted & _WITH_FIXES:
            _add_fixes(report)
        if _CLICKED in wanted and mended is not None and any(finding.fix for finding in report.findings):
            _keep_fixes(report, mended())
        for target in self._targets:
            output.write(target, self._rendered(report, target, extras))
        self._say_written()
        code = report.exit_code(self._threshold, strict=self._options.strict)
        on_screen = any(target.path is None and target.format == "text" for target in self._targets)
        if code == INCOMPLETE and (self._options.quiet or not on_screen):
            _say_incomplete(report, self.language)
        return code

    def _rendered(self, report: Report, target: output.Target, extras: Callable[[], Extras] | None) -> Iterator[str]:
        from scanner.reports.formats import View, pieces
        from scanner.reports.places import from_directory

        options = self._options
        view = View(
            language=self.language,
            only=[Verdict(name) for name in options.only],
            show=from_directory(report.base, str(Path.cwd())),
            verbose=options.verbose,
            quiet=options.quiet,
            width=output.terminal_width(),
            color=target.path is None and output.use_color(wanted=options.color),
            extras=extras() if extras is not None and target.format == "html" else None,
        )
        return pieces(target.format, report, view)

    def _say_written(self) -> None:
        from scanner.reports.messages import say

        for target in self._targets:
            if target.path is not None and not self._options.quiet:
                emit_error(say("written", self.language, format=target.format, path=target.path))


def _add_fixes(report: Report) -> None:
    """Gives the violations in code the edits that would mend them, where they can be derived."""
    if any(finding.evidence for finding in report.findings):
        from scanner.facts import load_facts
        from scanner.fixes.derive import with_fixes

        with long_lived_objects():
            report.findings = with_fixes(report.findings, Path(report.base), load_facts())


def _keep_fixes(report: Report, tried: Collection[str]) -> None:
    report.findings = [
        replace(finding, fix=None) if finding.fix and finding.fingerprint not in tried else finding
        for finding in report.findings
    ]


def settings_of(options: Presentation, paths: list[Path]) -> config.Config:
    """The configuration that is named, else the nearest one to the paths."""
    return config.load(existing(options.config).absolute() if options.config else config.find(paths))


def existing(text: str) -> Path:
    """A path that exists. Raises UsageError with the nearest name beside it."""
    path = Path(text)
    if path.exists():
        return path
    from scanner.policy.yaml_nodes import nearest

    parent = path.parent
    if not parent.is_dir():
        raise UsageError(f"there is no {text}")
    names = [entry.name for entry in parent.iterdir() if not entry.name.startswith(".")]
    raise UsageError(f"there is no {text}", hint=nearest(path.name, names) if names else None)


def _say_incomplete(report: Report, language: str) -> None:
    """Says on standard error why the exit code is 3, where no report on the screen does."""
    from scanner.model.words import in_language
    from scanner.reports.messages import say

    unread = [item for item in report.notifications if item.level is Level.ERROR]
    for item in unread:
        where = f"{item.location}: " if item.location else ""
        emit_error(f"asbuilt: {say('incomplete', language, what=where + in_language(item.what, language))}")
    if not unread:
        what = say("incomplete.unknown", language, number=report.summary[Verdict.UNKNOWN.value])
        emit_error(f"asbuilt: {say('incomplete', language, what=what)}")
