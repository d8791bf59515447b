"""`asbuilt scan`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scanner.cli import config
from scanner.cli.comparing import narrowing
from scanner.cli.names import pairs, typed
from scanner.cli.options import (
    EXIT_CODES,
    Presentation,
    Publisher,
    baseline_option,
    existing,
    input_option,
    policy_option,
    report_options,
    settings_of,
    stage_option,
    terraform_options,
)
from scanner.cli.streams import piped

if TYPE_CHECKING:
    from scanner.model.report import Report
    from scanner.scan import Request


STANDARD_INPUT: Final = "-"
_MAX_INPUT: Final = 1_000_000_000  # far more than any manifest or state has


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(Presentation):
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


@click.command(
    epilog=f"""\b
Examples:
  asbuilt scan                                    what asbuilt.yaml says, in the current directory
  asbuilt scan infra --baseline onno-production   one system against its document
  asbuilt scan infra --policy rds-multi-az        one policy, no document
  asbuilt scan infra --format text --format sarif=asbuilt.sarif
  asbuilt scan infra --compare-to origin/main     only what the branch brings
  asbuilt scan infra --var-file production.tfvars --input 'office_cidrs=[203.0.113.0/24]'
  helm template chart | asbuilt scan infra -      rendered manifests together with code
  asbuilt scan plan.json                          a plan, shown as JSON
  asbuilt scan infra --quiet --fail-on high       one line for each violation

{EXIT_CODES}""",
)
@click.argument("paths", nargs=-1)
@baseline_option
@policy_option
@terraform_options
@click.option("--helm", multiple=True, metavar="CHART[:VALUES…]", help="Render this chart with helm; repeatable.")
@click.option("--kustomize", multiple=True, metavar="DIR", help="Build this directory with kustomize; repeatable.")
@stage_option
@input_option
@report_options
def command(**given: Any) -> int:
    """Check the code below PATHS (default: the current directory) against design documents.

    Terraform, Kubernetes, ECS, Compose, Dockerfiles, GitHub Actions, Prometheus, Alertmanager, Grafana and .env files
    are found by themselves; - reads manifests from standard input. Terraform plans and states
    (terraform show -json, terraform.tfstate, -) are read where they are named.
    """
    return run(Options(**given))


def run(options: Options) -> int:
    """Scans, writes the reports and gives the exit code."""
    paths = [existing(text) for text in options.paths or (".",) if text != STANDARD_INPUT]
    settings = settings_of(options, paths or [Path()])
    publisher = Publisher(options, settings)

    asked = request(options, settings, paths)
    narrow = narrowing(options.compare_to, asked)

    from scanner.cli.page_extras import of_scan
    from scanner.cli.progress import Shown
    from scanner.scan import scan_with_inventory

    with Shown(publisher.language, wanted=not options.quiet) as progress:
        report, inventory = scan_with_inventory(asked, progress)
    findings = report.findings
    return publisher.publish(
        narrow(report), lambda: of_scan(asked, inventory, findings), lambda: _mended(report, asked)
    )


def _mended(report: Report, asked: Request) -> set[str]:
    """The fingerprints of the violations that an edit mends without harm."""
    from scanner.cli.fix import plan_of

    return {candidate.finding.fingerprint for candidate in plan_of(report, asked).mended}


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
        waivers=settings.waivers,
        cache=options.cache,
        attestations=config.attestations(settings),
        helm=options.helm,
        kustomize=options.kustomize,
        standard_input=_manifests() if STANDARD_INPUT in options.paths else None,
    )


def _manifests() -> bytes:
    return piped(hint="helm template … | asbuilt scan -", most=_MAX_INPUT)
