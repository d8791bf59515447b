"""`asbuilt hook`: for pre-commit. Imports little, since most runs only find that nothing changed."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scanner.cli import complete
from scanner.cli.language import choose_language, language_option
from scanner.cli.streams import emit, emit_error
from scanner.errors import ScannerError, UsageError

if TYPE_CHECKING:
    from scanner.cli.config import Config
    from scanner.hook import Prepared
    from scanner.recall.items import Item
    from scanner.reports.places import Show
    from scanner.scan import Request

INCOMPLETE: Final = 3
_FROM: Final = "PRE_COMMIT_FROM_REF"
"""What pre-commit compares with where it does not run for a commit (`--from-ref`, before a push)."""
_SETTING: Final = ("ASBUILT_", "TF_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command line as given; names are those of the options."""

    files: tuple[str, ...]
    path: tuple[str, ...]
    baseline: tuple[str, ...]
    only: str | None
    fail_on: str | None
    strict: bool
    lang: str | None
    config: str | None
    cache: bool


@click.command(
    epilog="""\b
Examples:
  asbuilt hook                             what differs from the last commit
  asbuilt hook infra/main.tf               and this file in any case
  asbuilt hook --only terraform --fail-on high
  asbuilt hook --path infra --baseline onno-production

\b
Exit codes: those of asbuilt scan, for what the changes cause.""",
)
@click.argument("files", nargs=-1)
@click.option("--path", multiple=True, metavar="DIR", help="What is scanned; repeatable. [default: this directory]")
@click.option(
    "--baseline",
    multiple=True,
    metavar="NAME|FILE",
    shell_complete=complete.baselines,
    help="Baseline to check against; repeatable.",
)
@click.option("--only", type=click.Choice(["terraform", "manifests"]), help="Only what this kind of code causes.")
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "high", "medium", "low"]),
    help="Least severity that counts. [default: low]",
)
@click.option("--strict", is_flag=True, help="Count what could not be decided too (exit code 3).")
@language_option
@click.option("--config", metavar="FILE", help="Configuration. [default: nearest asbuilt.yaml]")
@click.option("--no-cache", "cache", flag_value=False, default=True, help="Neither read nor write the cache.")
def command(**given: Any) -> int:
    """Say what the files of a commit break: one line for each violation, nothing where there is none.

    FILES are what pre-commit names; what git sees changed, deleted files among it, counts without being named.
    The code is decided as a whole, as asbuilt scan does, and what was so before the commit is not said.
    """
    return run(Options(**given))


def run(options: Options) -> int:
    """Decides, says what the changes cause, and gives the exit code."""
    from scanner.hook import Hook, program_state
    from scanner.policy.cache import default_directory

    base = _repository()
    settings = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith(_SETTING)]
    asked = [str(replace(options, files=(), only=None, lang=None)), str(Path.cwd()), str(base)]
    hook = Hook(
        base=base,
        given={_below(name, base) for name in options.files},
        reference=os.environ.get(_FROM) or "HEAD",
        only=options.only,
        question=[program_state(), *asked, *settings],
        cache=default_directory() if options.cache else None,
        prepare=lambda: _prepared(options, base),
    )
    items, language = hook.run()
    return _said(items, options.lang or language, base) if items else 0


def _repository() -> Path:
    """The top of the git repository around the working directory. Raises UsageError where there is none."""
    working = Path.cwd().resolve()
    for directory in (working, *working.parents):
        if (directory / ".git").exists():
            return directory
    raise UsageError("this is no git repository", hint="elsewhere: asbuilt scan")


def _below(name: str, base: Path) -> str:
    path = os.path.abspath(name)  # noqa: PTH100 a link is a name of its own
    return os.path.relpath(path, base).replace(os.sep, "/")


def _prepared(options: Options, base: Path) -> Prepared:
    """The scan that options and settings ask for."""
    from scanner.cli import config
    from scanner.cli.options import existing
    from scanner.hook import Prepared
    from scanner.model.rule import Severity
    from scanner.scan import Request

    paths = [existing(name) for name in options.path] or [Path()]
    file = existing(options.config).absolute() if options.config else config.find(paths)
    settings = config.load(file)
    asked = _with(Request(paths, options.baseline or settings.baselines, cache=options.cache), settings)
    named = [Path(name) for name in asked.baselines if name.endswith((".yaml", ".yml")) or "/" in name]
    return Prepared(
        request=asked,
        threshold=Severity(options.fail_on) if options.fail_on else settings.fail_on or Severity.LOW,
        strict=options.strict,
        language=settings.language,
        rules=[*named, *(place for place in (file, asked.attestations) if place)],
        adapt=lambda request, top: _as_set_then(request, file, base, top),
    )


def _with(request: Request, settings: Config) -> Request:
    """The request with everything of the settings but the baselines."""
    from scanner.cli.config import attestations

    return replace(
        request,
        roots=settings.roots,
        var_files=settings.var_files,
        stage=settings.stage,
        inputs=settings.inputs,
        bindings=settings.bind,
        waivers=settings.waivers,
        attestations=attestations(settings),
    )


def _as_set_then(request: Request, file: Path | None, base: Path, top: Path) -> Request:
    """The request with the settings of an earlier commit, whose files lie below `top`; baselines stay those of now.

    So a waiver or input that the commit takes away counts as its work, and a first baseline does not make all code new.
    """
    from scanner.cli import config

    if file is None or not file.resolve().is_relative_to(base):
        return request
    then = top / file.resolve().relative_to(base)
    if not then.is_file():
        return request
    try:
        return _with(request, config.load(then))
    except ScannerError:  # what was wrong then is no fault of now
        return request


def _said(items: list[Item], language: str | None, base: Path) -> int:
    """Prints one line for each item and gives the exit code."""
    from scanner.model.finding import Finding, Verdict
    from scanner.model.report import Report
    from scanner.recall.items import finding_of
    from scanner.reports.places import from_directory
    from scanner.reports.quiet import render

    findings: list[Finding] = [finding for item in items if (finding := finding_of(item))]
    show = from_directory(str(base), str(Path.cwd()))
    report = Report("hook", "", [], [], findings, base=str(base))
    shown = (Verdict.FAIL, Verdict.UNKNOWN)
    emit(render(report, language=choose_language(language), only=shown, show=show))
    _say_unread(items, choose_language(language), show)
    return 1 if any(item.violation for item in items) else INCOMPLETE


def _say_unread(items: list[Item], language: str, show: Show) -> None:
    from scanner.model.location import Location
    from scanner.model.words import in_language
    from scanner.reports.messages import say

    for item in items:
        if "what" in item.said:
            place = item.said["place"]
            where = f"{show(Location(*place))}: " if place else ""
            what = where + in_language(item.said["what"], language)
            emit_error(f"asbuilt: {say('incomplete', language, what=what)}")
