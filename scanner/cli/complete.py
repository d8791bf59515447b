"""What a shell completes: names of baselines, policies and requirements, beside what click completes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def baselines(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Names of the installed baselines, and files."""
    from click.shell_completion import CompletionItem

    from scanner.policy.baseline import baseline_names

    return [*_matching(baseline_names(), begun), CompletionItem(begun, type="file")]


def formats(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Names of the formats of a report."""
    from scanner.cli.output import FORMATS

    return _matching(list(FORMATS), begun)


def policies(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Ids of the installed policies."""
    from scanner.facts import load_facts
    from scanner.policy.library import Library

    return _matching(Library.load(None, load_facts()).ids(), begun)


def rules(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Ids of requirements, of the baselines named before or all, and of policies."""
    from scanner.cli.explain import Sources
    from scanner.errors import ScannerError

    try:
        return _matching(Sources.load(tuple(context.params.get("baseline") or ())).ids(), begun)
    except ScannerError:  # a shell has no place for messages: the command itself will say what is wrong
        return []


def _matching(names: list[str], begun: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names if name.lower().startswith(begun.lower())]
