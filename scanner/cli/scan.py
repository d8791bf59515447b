"""`asbuilt scan`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scanner.cli import config, output
from scanner.cli.language import choose_language
from scanner.cli.names import pairs, typed
from scanner.cli.streams import emit_error
from scanner.errors import UsageError
from scanner.model.finding import Verdict
from scanner.model.inventory import Level
from scanner.model.rule import Severity

if TYPE_CHECKING:
    from scanner.model.report import Report
    from scanner.scan import Request


INCOMPLETE: Final = 3
STANDARD_INPUT: Final = "-"
_MAX_INPUT: Final = 100_000_000  # far more than is read of one file; the rest would not be read either


@dataclass(frozen=True, slots=True)
class Options:
    """The command line as given; names are those of the options."""

    paths: tuple[str, ...]
    baseline: tuple[str, ...]
    policy: tuple[str, ...]
    root: tuple[str, ...]
    var: tuple[str, ...]
    var_file: tuple[str, ...]
    workspace: str
    helm: tuple[str, ...]
    kustomize: tuple[str, ...]
    stage: str | None
    input: tuple[str, ...]
    format: tuple[str, ...]
    output: str | None
    fail_on: str | None
    strict: bool
    only: tuple[str, ...]
    quiet: bool
    verbose: bool
    lang: str | None
    config: str | None
    color: bool
    cache: bool


@click.command(
    epilog="""\b
Examples:
  asbuilt scan                                    what asbuilt.yaml says, in the current directory
  asbuilt scan infra --baseline onno-production   one system against its document
  asbuilt scan infra --policy rds-multi-az        one policy, no document
  asbuilt scan infra --format text --format sarif=asbuilt.sarif
  asbuilt scan infra --var-file production.tfvars --input 'office_cidrs=[203.0.113.0/24]'
  helm template chart | asbuilt scan infra -      rendered manifests together with code
  asbuilt scan infra --quiet --fail-on high       one line for each violation

\b
Exit codes: 0 nothing at or above the threshold, 1 violations,
2 usage, configuration, policy or baseline error,
3 incomplete: something could not be read, or (--strict) decided.""",
)
@click.argument("paths", nargs=-1)
@click.option("--baseline", multiple=True, metavar="NAME|FILE", help="Baseline to check against; repeatable.")
@click.option("--policy", multiple=True, metavar="ID", help="Policy to check on its own; repeatable.")
@click.option("--root", multiple=True, metavar="DIR", help="Read this root module only; repeatable.")
@click.option("--var", multiple=True, metavar="NAME=VALUE", help="Terraform variable.")
@click.option("--var-file", multiple=True, metavar="FILE", help="Terraform variable file.")
@click.option("--workspace", default="default", show_default=True, metavar="NAME", help="Terraform workspace.")
@click.option("--helm", multiple=True, metavar="CHART[:VALUES…]", help="Render this chart with helm; repeatable.")
@click.option("--kustomize", multiple=True, metavar="DIR", help="Build this directory with kustomize; repeatable.")
@click.option("--stage", metavar="NAME", help="Growth stage of the document.")
@click.option("--input", multiple=True, metavar="NAME=VALUE", help="What the document leaves to you; value in YAML.")
@click.option(
    "--format", multiple=True, metavar="FORMAT[=FILE]", help="text, json or sarif; repeatable. [default: text]"
)
@click.option("--output", metavar="FILE", help="File for the format that has none of its own.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="Least severity that makes the exit code 1. [default: low]",
)
@click.option("--strict", is_flag=True, help="Exit code 3 if anything could not be decided.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([verdict.value for verdict in Verdict]),
    help="Report findings of this verdict only; repeatable.",
)
@click.option("-q", "--quiet", is_flag=True, help="One line for each violation.")
@click.option("-v", "--verbose", is_flag=True, help="Everything, also what passes.")
@click.option("--lang", type=click.Choice(["en", "ko"]), help="Language of the report. [default: from the locale]")
@click.option("--config", metavar="FILE", help="Configuration. [default: nearest asbuilt.yaml]")
@click.option("--no-cache", "cache", flag_value=False, default=True, help="Neither read nor write the cache.")
@click.option("--no-color", "color", flag_value=False, default=True, help="No colours.")
def command(**given: Any) -> int:
    """Check the code below PATHS (default: the current directory) against design documents.

    Terraform, Kubernetes, ECS, Compose, Dockerfiles, GitHub Actions, Prometheus, Alertmanager, Grafana and .env files
    are found by themselves; - reads manifests from standard input.
    """
    return run(Options(**given))


def run(options: Options) -> int:
    """Scans, writes the reports and gives the exit code."""
    if options.quiet and options.verbose:
        raise UsageError("--quiet and --verbose exclude each other")
    targets = output.targets(options.format, options.output)
    paths = [existing(text) for text in options.paths or (".",) if text != STANDARD_INPUT]
    settings = config.load(_config_file(options, paths or [Path()]))
    language = choose_language(options.lang or settings.language)
    threshold = Severity(options.fail_on) if options.fail_on else settings.fail_on or Severity.LOW

    from scanner.scan import scan

    report = scan(request(options, settings, paths))
    for target in targets:
        output.write(target, _render(report, target, options, language))
    _say_written(targets, language, quiet=options.quiet)
    code = report.exit_code(threshold, strict=options.strict)
    shown = any(target.path is None and target.format == "text" for target in targets) and not options.quiet
    if code == INCOMPLETE and not shown:
        _say_incomplete(report, language)
    return code


def request(options: Options, settings: config.Config, paths: list[Path]) -> Request:
    """The scan that the command line asks for; what it leaves open comes from the configuration."""
    from scanner.scan import Request

    alone = bool(options.policy) and not options.baseline
    return Request(
        paths=paths,
        baselines=options.baseline or (() if alone else settings.baselines),
        policies=options.policy,
        roots=options.root or settings.roots,
        variables=pairs("--var", options.var),
        var_files=(*settings.var_files, *options.var_file),
        workspace=options.workspace,
        stage=options.stage or settings.stage,
        inputs={**settings.inputs, **typed("--input", options.input)},
        bindings=settings.bind,
        cache=options.cache,
        attestations=config.attestations(settings),
        helm=options.helm,
        kustomize=options.kustomize,
        standard_input=_standard_input() if STANDARD_INPUT in options.paths else None,
    )


def _standard_input() -> bytes:
    """The manifests on standard input. Raises UsageError where nothing can come from there."""
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("nothing is piped into standard input", hint="helm template … | asbuilt scan -")
    return sys.stdin.buffer.read(_MAX_INPUT)


def _config_file(options: Options, paths: list[Path]) -> Path | None:
    return existing(options.config).absolute() if options.config else config.find(paths)


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


def _render(report: Report, target: output.Target, options: Options, language: str) -> str:
    only = [Verdict(name) for name in options.only]
    if target.format == "json":
        from scanner.reports import json_report

        return json_report.render(report, only=only)
    if target.format == "sarif":
        from scanner.reports import sarif

        return sarif.render(report, language=language, only=only or [Verdict.FAIL])
    from scanner.reports.places import from_directory

    show = from_directory(report.base, str(Path.cwd()))
    if options.quiet:
        from scanner.reports import quiet

        return quiet.render(report, language=language, only=only, show=show)
    from scanner.reports import text

    return text.render(
        report,
        language=language,
        verbose=options.verbose,
        only=only,
        width=output.terminal_width(),
        color=target.path is None and output.use_color(wanted=options.color),
        show=show,
    )


def _say_incomplete(report: Report, language: str) -> None:
    """Says on standard error why the exit code is 3, where no report on the screen does."""
    from scanner.reports.messages import say

    unread = [item for item in report.notifications if item.level is Level.ERROR]
    for item in unread:
        where = f"{item.location}: " if item.location else ""
        emit_error(f"asbuilt: {say('incomplete', language, what=where + item.what)}")
    if not unread:
        what = say("incomplete.unknown", language, number=report.summary[Verdict.UNKNOWN.value])
        emit_error(f"asbuilt: {say('incomplete', language, what=what)}")


def _say_written(targets: list[output.Target], language: str, *, quiet: bool) -> None:
    from scanner.reports.messages import say

    for target in targets:
        if target.path is not None and not quiet:
            emit_error(say("written", language, format=target.format, path=target.path))
