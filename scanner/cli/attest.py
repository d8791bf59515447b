"""`asbuilt attest`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli import output
from scanner.cli.explain import Sources
from scanner.cli.language import choose_language, language_option
from scanner.cli.streams import emit
from scanner.errors import UsageError
from scanner.model.finding import Kind
from scanner.reports.messages import say

if TYPE_CHECKING:
    from scanner.policy.attestations import Attestation
    from scanner.policy.baseline import Baseline, Requirement

_HEADER = "# What people confirmed because no scanner can see it; written by `asbuilt attest`, reviewed like code.\n"


@click.command(
    epilog="""\b
Examples:
  asbuilt attest ONNO-PROC-011 --by "Platform team" --expires 2027-03-31 \\
      --evidence https://wiki.example/runbook-review
  asbuilt attest AICC-DR-003 --by "Operations" --expires 2027-05-31 \\
      --evidence drills/2026-11.md --value 640

\b
The entry goes to attestations.yaml, which belongs into the repository:
a sign-off is reviewed like any other change."""
)
@click.argument("requirement")
@click.option("--by", required=True, metavar="NAME", help="Who confirms it: a role or a team.")
@click.option("--evidence", required=True, metavar="TEXT", help="Where the proof is: an address or a file.")
@click.option("--expires", required=True, metavar="YYYY-MM-DD", help="The last day that it holds.")
@click.option("--date", "signed", metavar="YYYY-MM-DD", help="The day of the sign-off. [default: today]")
@click.option("--value", type=float, metavar="NUMBER", help="The measured figure, where the requirement names one.")
@click.option("--note", metavar="TEXT", help="Anything else worth knowing.")
@click.option("--baseline", multiple=True, metavar="NAME|FILE", help="Whose requirement. [default: asbuilt.yaml's]")
@click.option("--file", "file", default="attestations.yaml", show_default=True, metavar="FILE", help="Where to.")
@language_option
def command(
    requirement: str,
    by: str,
    evidence: str,
    expires: str,
    signed: str | None,
    value: float | None,
    note: str | None,
    baseline: tuple[str, ...],
    file: str,
    lang: str | None,
) -> None:
    """Record that a person confirmed REQUIREMENT, which no scanner can see."""
    from scanner.policy.attestations import Attestation

    found = Sources.load(baseline).requirement(requirement)
    if found is None:
        raise UsageError(f"there is no requirement {requirement}", hint="asbuilt baseline show NAME lists them")
    figure = int(value) if value is not None and value.is_integer() else value
    entry = Attestation(
        found[1].id,
        by,
        _day("--date", signed) if signed else date.today(),
        _day("--expires", expires),
        evidence,
        None,
        figure,
        note,
    )
    _check(entry, *found)
    path = Path(file)
    replaced = _write(path, entry)
    key = "attest.renewed" if replaced else "attest.recorded"
    end = entry.ends(found[1].max_age)
    emit(f"{say(key, choose_language(lang), id=entry.requirement, path=path, end=end)}\n")


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text}: expected a date such as 2027-01-31") from None


def _check(entry: Attestation, baseline: Baseline, requirement: Requirement) -> None:
    """Raises UsageError for what cannot be attested, and for a figure that is missing or that nothing asks for."""
    from scanner.policy.signoffs import from_records_only

    recorded = from_records_only(requirement)
    if requirement.kind is not Kind.ATTEST and not recorded:
        raise UsageError(f"{requirement.id} of {baseline.id} is decided by what is read, not by a sign-off")
    if recorded and entry.value is None:
        raise UsageError(f"{requirement.id} asks for a figure", hint=f"--value {requirement.metrics[0]['name']}")
    if not recorded and entry.value is not None:
        raise UsageError(f"{requirement.id} asks for no figure; leave --value out")
    if entry.expires < entry.signed:
        raise UsageError(f"--expires {entry.expires} lies before the sign-off of {entry.signed}")


def _write(path: Path, entry: Attestation) -> bool:
    """Puts the entry's line into the file, in place of the requirement's earlier one; tells whether there was one."""
    from scanner.policy.attestations import line_of, load_attestations

    lines = [_HEADER.rstrip("\n")]
    known: set[str] = set()
    if path.exists():
        known = {item.requirement for item in load_attestations(path)}
        lines = path.read_text(encoding="utf-8").splitlines()
    start = f"- {{requirement: {entry.requirement},"
    kept = [line for line in lines if not line.startswith(start)]
    if entry.requirement in known and len(kept) == len(lines):
        raise UsageError(f"the entry of {entry.requirement} in {path} is not on one line", hint="remove it first")
    text = "\n".join([*kept, line_of(entry)]) + "\n"
    output.write(output.Target("yaml", path), text)
    return len(kept) < len(lines)
