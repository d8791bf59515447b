"""`asbuilt history`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli import config
from scanner.cli.language import choose_language, language_option
from scanner.cli.options import existing
from scanner.cli.streams import emit
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.history import Run
    from scanner.model.changes import Changes


@click.command(
    epilog="""\b
Examples:
  asbuilt history --file audits.sqlite          what changed with the last audit, and the trend
  asbuilt history --baseline onno-production    of the file that asbuilt.yaml names
  asbuilt history --format json"""
)
@click.option("--file", "file", metavar="FILE", help="The history. [default: asbuilt.yaml's]")
@click.option("--baseline", metavar="NAME", help="Only audits against this baseline.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@language_option
def command(file: str | None, baseline: str | None, form: str, lang: str | None) -> None:
    """Show what is new, fixed, persisting or back again since the audit before, and the trend."""
    settings = config.load(config.find([Path()]))
    path = existing(file) if file else settings.history
    if path is None:
        raise UsageError("which history?", hint="--file FILE, or history: in asbuilt.yaml")
    if not path.is_file():
        raise UsageError(f"there is no history {path}", hint="asbuilt audit … --history FILE makes it")
    from scanner.history import History

    history = History(path)
    scopes: dict[str, list[Run]] = {}
    for run in history.runs():
        if baseline is None or baseline in run.baselines:
            scopes.setdefault(run.scope, []).append(run)
    shown = [(runs, history.changes(runs[-1])) for runs in scopes.values()]
    emit(_as_json(shown) if form == "json" else _as_text(shown, choose_language(lang or settings.language)))


def _as_text(shown: list[tuple[list[Run], Changes]], language: str) -> str:
    from scanner.cli.history_text import NOTHING, scope_text

    if not shown:
        return f"{NOTHING.in_(language)}\n"
    return "\n".join(scope_text(runs, changes, language) for runs, changes in shown)


def _as_json(shown: list[tuple[list[Run], Changes]]) -> str:
    from dataclasses import asdict

    data = [
        {
            "baselines": runs[-1].baselines,
            "identity": runs[-1].identity,
            "runs": [{"started": run.started, "complete": run.complete, "summary": run.summary} for run in runs],
            "changes": asdict(changes),
        }
        for runs, changes in shown
    ]
    return json.dumps({"history": data}, ensure_ascii=False, indent=2) + "\n"
