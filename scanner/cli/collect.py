"""`asbuilt collect`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scanner.cli.language import choose_language, language_option
from scanner.cli.options import INCOMPLETE, baseline_option
from scanner.cli.reach import SYSTEMS, ReachGiven, reach_of, reach_options
from scanner.cli.streams import emit, emit_error
from scanner.errors import UsageError


@click.command(
    epilog="""\b
Examples:
  asbuilt collect aws -o account.jsonl.gz                             everything that can be read
  asbuilt collect aws -o account.jsonl.gz --baseline onno-production  what this document needs
  asbuilt audit aws --snapshot account.jsonl.gz --baseline onno-production

\b
Exit codes: 0 everything was read, 2 usage error, 3 something could not be read.
What could not be read is recorded in the snapshot: an audit of it never takes it for absent."""
)
@click.argument("system", type=click.Choice(SYSTEMS))
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to; .gz and .zst are compressed.")
@baseline_option
@reach_options
@language_option
@click.option("--no-cache", "cache", flag_value=False, default=True, help="Neither read nor write the cache.")
def command(
    system: str,
    output: str,
    baseline: tuple[str, ...],
    cache: bool,
    lang: str | None,
    **reach: Any,
) -> int:
    """Store what really runs as a snapshot, with read-only calls. Secrets are never stored."""
    path = Path(output)
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{output} is no file that can be written to")
    from scanner.audit import SYSTEMS as ORIGINS
    from scanner.audit import collect
    from scanner.cli.progress import Shown
    from scanner.model.words import in_language
    from scanner.reports.messages import say

    asked = reach_of(system, ReachGiven(**reach))
    language = choose_language(lang)
    with Shown(language) as progress:
        stored = collect(ORIGINS[system], asked, path, baseline, cache=cache, progress=progress)
    for item in stored.unread:
        emit_error(f"asbuilt: {say('collect.unread', language, what=in_language(item.what, language))}")
    emit(f"{say('collect.written', language, number=stored.resources, path=path)}\n")
    return INCOMPLETE if stored.unread else 0
