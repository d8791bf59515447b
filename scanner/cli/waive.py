"""`asbuilt waive`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from scanner.cli import complete, config, output
from scanner.cli.explain import Sources
from scanner.cli.language import choose_language, language_option
from scanner.cli.streams import emit
from scanner.cli.waiving import waivers
from scanner.errors import DefinitionError, UsageError
from scanner.policy.data import shown
from scanner.policy.yaml_nodes import nearest, read_yaml
from scanner.reports.messages import say


@click.command(
    epilog="""\b
Examples:
  asbuilt waive ONNO-RDS-026 --reason "pools are resized in March" --owner data-team --until 2027-03-31
  asbuilt waive s3-versioning --resource 'aws_s3_bucket.scratch*' --reason … --owner … --until …

\b
In code the same is a comment, in or above the block:
  # asbuilt:waive ONNO-RDS-026 reason="pools are resized in March" until=2027-03-31"""
)
@click.argument("rule", metavar="ID", shell_complete=complete.rules)
@click.option("--reason", required=True, metavar="TEXT", help="Why the deviation is accepted.")
@click.option("--owner", required=True, metavar="NAME", help="Who answers for it.")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="The last day on which it holds.")
@click.option("--resource", metavar="PATTERN", help="Only resources whose address matches.")
@click.option("--component", metavar="NAME", help="Only this component of the document.")
@click.option("--baseline", multiple=True, metavar="NAME|FILE", help="Whose requirement. [default: asbuilt.yaml's]")
@click.option("--config", "file", metavar="FILE", help="Where to. [default: the nearest asbuilt.yaml, or a new one]")
@language_option
def command(
    rule: str,
    reason: str,
    owner: str,
    until: str,
    resource: str | None,
    component: str | None,
    baseline: tuple[str, ...],
    file: str | None,
    lang: str | None,
) -> None:
    """Accept a deviation: violations of ID stay visible, but do not count until the day given."""
    sources = Sources.load(baseline)
    known = {id_.lower(): id_ for id_ in sources.ids()}
    if rule.lower() not in known:
        raise UsageError(f"there is no requirement or policy {rule}", hint=nearest(rule, known.values()))
    end = _day(until)
    entry = {"id": known[rule.lower()], "reason": reason, "owner": owner, "until": end.isoformat()}
    entry |= {key: value for key, value in {"resource": resource, "component": component}.items() if value}
    path = Path(file) if file else config.find([Path()]) or Path(config.FILE_NAME)
    _write(path, entry)
    emit(f"{say('waive.written', choose_language(lang), id=entry['id'], path=shown(path), end=end)}\n")


def _day(text: str) -> date:
    try:
        end = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--until {text}: expected a day such as 2027-01-31") from None
    if end < date.today():
        raise UsageError(f"--until {text} is over")
    return end


def _write(path: Path, entry: dict[str, str]) -> None:
    """Adds a line to the waivers of a configuration; everything else in it stays as it is written.

    Raises UsageError where the file cannot be read, or holds its waivers in a form that takes no further line.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from error
    line = "- {" + ", ".join(f"{key}: {_scalar(key, value)}" for key, value in entry.items()) + "}"
    written = _added(text, line)
    if _number(written, path) != _number(text, path) + 1:
        raise UsageError(f"the waivers in {path} are not a list with a line each", hint="write them one below another")
    output.write(output.Target("yaml", path), written)


def _number(text: str, path: Path) -> int:
    """How many waivers a configuration has; -1 where it is none. Raises DefinitionError for wrong ones."""
    if not text.strip():
        return 0
    try:
        items = read_yaml(text, str(path)).mapping()
    except DefinitionError:
        return -1
    return len(waivers(items["waivers"])) if "waivers" in items else 0


def _scalar(key: str, value: str) -> str:
    return value if key == "until" else json.dumps(value, ensure_ascii=False)


def _added(text: str, line: str) -> str:
    """The text with a line below `waivers:`, which is added at the end where there is none."""
    lines = text.splitlines()
    for number, written in enumerate(lines):
        if written.split("#")[0].rstrip() == "waivers:":
            following = lines[number + 1 : number + 2]
            indent = (
                len(following[0]) - len(following[0].lstrip()) if following and following[0].lstrip()[:1] == "-" else 2
            )
            return "\n".join([*lines[: number + 1], " " * indent + line, *lines[number + 1 :]]) + "\n"
    return "\n".join([*lines, "waivers:", f"  {line}"]) + "\n"
