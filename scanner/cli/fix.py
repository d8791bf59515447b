"""`asbuilt fix`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli import complete, output
from scanner.cli.language import choose_language, language_option
from scanner.cli.options import (
    baseline_option,
    existing,
    input_option,
    policy_option,
    settings_of,
    stage_option,
    terraform_options,
)
from scanner.cli.scan import Options, request
from scanner.cli.streams import emit, emit_error
from scanner.errors import UsageError
from scanner.model.rule import Severity

if TYPE_CHECKING:
    from scanner.fixes.plan import Plan
    from scanner.model.report import Report
    from scanner.scan import Request


@click.command(
    epilog="""\b
Examples:
  asbuilt fix                            what would mend the code, as a diff
  asbuilt fix --apply                    make these edits
  asbuilt fix infra --only ONNO-RDS-006  for one requirement or policy
  asbuilt fix > mend.patch               a patch; words go to standard error

\b
Exit codes: 0 nothing fails (any more), 1 violations are left,
2 usage or configuration error, or a file that changed meanwhile,
3 incomplete: something could not be read.""",
)
@click.argument("paths", nargs=-1)
@baseline_option
@policy_option
@click.option(
    "--only",
    "ids",
    multiple=True,
    metavar="ID",
    shell_complete=complete.rules,
    help="Mend this requirement or policy only; repeatable.",
)
@click.option("--apply", is_flag=True, help="Write the files; otherwise the edits are only shown.")
@terraform_options
@stage_option
@input_option
@language_option
@click.option("--config", metavar="FILE", help="Configuration. [default: nearest asbuilt.yaml]")
@click.option("--no-cache", "cache", flag_value=False, default=True, help="Neither read nor write the cache.")
@click.option("--no-color", "color", flag_value=False, default=True, help="No colours.")
def command(*, apply: bool, ids: tuple[str, ...], **given: Any) -> int:
    """Show, or make, the edits of code that let failing requirements pass.

    An edit is made where the value comes from, and only if every other verdict stays. What is unknown, computed or
    needs a decision is left alone and listed.
    """
    return run(Options(helm=(), kustomize=(), **given), ids, apply=apply)


def run(options: Options, ids: tuple[str, ...], *, apply: bool) -> int:
    """Plans, shows and perhaps makes the edits; gives the exit code."""
    paths = [existing(text) for text in options.paths or (".",)]
    settings = settings_of(options, paths)
    language = choose_language(options.lang or settings.language)

    from scanner.scan import scan

    wanted = request(options, settings, paths)
    report = scan(wanted)
    _check_ids(report, ids)
    plan = plan_of(report, wanted, ids)
    base = Path(report.base)
    emit(_diff(plan, base, color=output.use_color(wanted=options.color)))
    if apply:
        _write(plan, base)
    from scanner.reports.fixes import summary

    emit_error(summary(plan.mended, plan.left, language, applied=apply))
    threshold = settings.fail_on or Severity.LOW
    return (plan.report if apply else report).exit_code(threshold, strict=False)


def _check_ids(report: Report, ids: tuple[str, ...]) -> None:
    from scanner.policy.yaml_nodes import nearest

    known = {name for finding in report.findings for name in (finding.requirement, finding.policy) if name}
    for name in ids:
        if name not in known:
            raise UsageError(f"nothing was checked for {name}", hint=nearest(name, sorted(known)))


def plan_of(report: Report, wanted: Request, ids: tuple[str, ...] = ()) -> Plan:
    """What can be mended of a scan, or of some of its requirements and policies: every edit is tried."""
    from scanner.documents.edited import edited
    from scanner.facts import load_facts
    from scanner.fixes.plan import make_plan
    from scanner.scan import scan

    def trial(files: Mapping[str, bytes]) -> Report:
        with edited({(Path(report.base) / name).resolve(): data for name, data in files.items()}):
            return scan(wanted)

    return make_plan(report, load_facts(), trial, ids)


def _diff(plan: Plan, base: Path, *, color: bool) -> str:
    """A unified diff that `patch -p1` and `git apply` take in the working directory."""
    from scanner.reports.fixes import diff

    texts: list[str] = []
    for path, data in sorted(plan.after.items()):
        name = Path(os.path.relpath(base / path)).as_posix()
        texts.append(diff(name, plan.before[path].decode(), data.decode(), color=color))
    return "".join(texts)


def _write(plan: Plan, base: Path) -> None:
    """Writes every file. Raises UsageError, before the first is written, where one is not what was scanned."""
    for path, data in plan.before.items():
        if (base / path).read_bytes() != data:
            raise UsageError(f"{path} has changed since it was scanned; nothing was written", hint="run it again")
    for path, data in plan.after.items():
        try:
            output.replace_file(base / path, data)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
