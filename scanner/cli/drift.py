"""`asbuilt drift`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.comparing import narrowing
from scanner.cli.names import pairs, typed
from scanner.cli.options import (
    EXIT_CODES,
    Presentation,
    Publisher,
    baseline_option,
    existing,
    input_option,
    report_options,
    settings_of,
    stage_option,
    terraform_options,
)
from scanner.cli.reach import REACH, ReachGiven, reach_of, reach_options
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.cli import config
    from scanner.drift_run import DriftRequest
    from scanner.model.resource import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(Presentation):
    """The command line as given; names are those of the options."""

    code: tuple[str, ...]
    live: tuple[str, ...]
    state: str | None
    documented: bool
    baseline: tuple[str, ...]
    root: tuple[str, ...]
    var: tuple[str, ...]
    var_file: tuple[str, ...]
    workspace: str
    reach: ReachGiven
    stage: str | None
    input: tuple[str, ...]


@click.command(
    epilog=f"""\b
Examples:
  asbuilt drift --code infra --live aws --baseline onno-production
  asbuilt drift --code infra --live account.jsonl.gz               a stored snapshot, offline
  asbuilt drift --code infra --live aws --state terraform.tfstate  pairs by the ids of the state
  asbuilt drift --code infra --live aws --documented               what the document speaks of
  asbuilt drift --code infra --live aws --format sarif=drift.sarif

\b
Differences that are accepted stand in asbuilt.yaml, each with its reason and its end:
  drift: {{ignore: [{{type: aws_s3_bucket, address: "*/logs-archive", reason: …, until: 2027-06-30}}]}}

{EXIT_CODES}""",
)
@click.option("--code", multiple=True, metavar="PATH", help="Code or plan; repeatable. [default: .]")
@click.option(
    "--live", multiple=True, required=True, metavar="aws|azure|SNAPSHOT", help="What runs; snapshots are repeatable."
)
@click.option("--state", metavar="FILE", help="State of Terraform, which knows the id of each address.")
@click.option("--documented", is_flag=True, help="Compare only what the document speaks of.")
@baseline_option
@terraform_options
@reach_options
@stage_option
@input_option
@report_options
def command(**given: Any) -> int:
    """Compare the design document, the code and what really runs: who moved, and where to act."""
    reach = ReachGiven(**{name: given.pop(name) for name in REACH})
    return run(Options(reach=reach, **given))


def run(options: Options) -> int:
    """Compares, writes the reports and gives the exit code."""
    paths = [existing(text) for text in options.code or (".",)]
    settings = settings_of(options, paths)
    publisher = Publisher(options, settings)
    narrow = narrowing(options.compare_to)

    asked = request(options, settings, paths)

    from scanner.cli.progress import Shown
    from scanner.drift_run import drift

    with Shown(publisher.language, wanted=not options.quiet) as progress:
        report = drift(asked, progress)
    return publisher.publish(narrow(report))


def request(options: Options, settings: config.Config, paths: list[Path]) -> DriftRequest:
    """The comparison that the command line asks for; what it leaves open comes from the configuration."""
    from scanner.drift_run import DriftRequest
    from scanner.scan import Request
    from scanner.sources.live import Reach

    system, snapshots = _running(options.live)
    reach = reach_of(system.value, options.reach)
    if snapshots and reach != Reach():
        raise UsageError("a snapshot reads no account: leave the options that choose one out")
    code = Request(
        paths=paths,
        baselines=options.baseline or settings.baselines,
        roots=options.root or settings.roots,
        variables=pairs("--var", options.var),
        var_files=(*settings.var_files, *options.var_file),
        workspace=options.workspace,
        stage=options.stage or settings.stage,
        inputs={**settings.inputs, **typed("--input", options.input)},
        bindings=settings.bind,
        waivers=settings.waivers,
        cache=options.cache,
    )
    if options.documented and not code.baselines:
        raise UsageError("there is no document to compare with", hint="--baseline NAME, or baseline: in asbuilt.yaml")
    state = existing(options.state) if options.state else None
    return DriftRequest(code, system, snapshots, reach, state, options.documented, settings.ignored)


def _running(live: tuple[str, ...]) -> tuple[Origin, list[Path]]:
    """The system, and the snapshots of it where some are given. Raises UsageError where they do not fit together."""
    from scanner.model.resource import Origin
    from scanner.sources.snapshot.exports import exports_among
    from scanner.sources.snapshot.files import stored

    systems = {"aws": Origin.AWS, "azure": Origin.AZURE}
    if len(live) == 1 and live[0] in systems:
        return systems[live[0]], []
    paths = [path for text in live for path in stored(existing(text))]
    exports = exports_among(paths)
    found: set[Origin] = set()
    for path in paths:
        system = exports[path].system if path in exports else _told(path)
        if system is None or system.value not in systems:
            hint = "asbuilt collect aws -o account.jsonl.gz, or an export of AWS Config or Azure Resource Graph"
            raise UsageError(f"{path} is no snapshot of aws or azure", hint=hint)
        found.add(system)
    if len(found) != 1:
        raise UsageError("the snapshots are of different systems", hint="compare one system at a time")
    return found.pop(), paths


def _told(path: Path) -> Origin | None:
    """The system that a snapshot says it is of."""
    from scanner.model.resource import Origin
    from scanner.sources.snapshot import Snapshot

    header = Snapshot(path).header()
    return next((system for system in Origin if header is not None and system.value == header.source), None)
