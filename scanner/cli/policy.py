"""`asbuilt policy`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli import complete
from scanner.cli.language import choose_language, language_option
from scanner.cli.page import Page
from scanner.cli.streams import emit
from scanner.errors import UsageError
from scanner.model.words import in_language
from scanner.reports.escape import visible_lines
from scanner.reports.messages import say, severity_word

if TYPE_CHECKING:
    from scanner.model.resource_type import Facts
    from scanner.policy.library import Library


@click.group(epilog="\b\nExamples:\n  asbuilt policy list\n  asbuilt policy test rds-multi-az")
def command() -> None:
    """List policies, show one, run their examples."""


@command.command("list", epilog="\b\nExample:\n  asbuilt policy list")
@language_option
def list_policies(lang: str | None) -> None:
    """Every policy, with its severity."""
    from scanner.facts import load_facts
    from scanner.policy.library import Library

    page = Page(choose_language(lang))
    page.rows(
        (policy.id, f"{policy.title.in_(page.language)} ({severity_word(policy.severity, page.language)})")
        for policy in Library.load(None, load_facts()).policies()
    )
    page.print()


@command.command(epilog="\b\nExample:\n  asbuilt policy show rds-multi-az")
@click.argument("id_", metavar="ID", shell_complete=complete.policies)
@language_option
def show(id_: str, lang: str | None) -> None:
    """What a policy demands, why, its parameters, and how to fix a violation."""
    from scanner.facts import load_facts
    from scanner.policy.library import Library

    page = Page(choose_language(lang))
    page.policy(Library.load(None, load_facts()).policy(id_))
    page.print()


@command.command(
    epilog="""\b
Examples:
  asbuilt policy test                                     every policy
  asbuilt policy test rds-multi-az
  asbuilt policy test policies/aws/rds/rds-multi-az.yaml

\b
Exit codes: 0 every example is right, 1 some are not, 2 usage or policy error."""
)
@click.argument("names", nargs=-1, metavar="[ID|FILE]...", shell_complete=complete.policies)
@click.option("-v", "--verbose", is_flag=True, help="Name the examples that are right, too.")
@language_option
def test(names: tuple[str, ...], verbose: bool, lang: str | None) -> int:
    """Run the examples that every policy carries."""
    from scanner.examples import run_examples
    from scanner.facts import load_facts

    facts = load_facts()
    results = [result for library, ids in _chosen(names, facts) for result in run_examples(library, facts, ids)]
    language = choose_language(lang)
    for result in results:
        example = result.example
        if result.problems:
            problems = "\n  ".join(in_language(problem, language) for problem in result.problems)
            emit(visible_lines(f"{example.file}:{example.line}: {example.id}: {problems}\n"))
        elif verbose:
            emit(visible_lines(f"ok {example.id}\n"))
    wrong = sum(not result.ok for result in results)
    policies = len({result.example.policy for result in results})
    emit(f"{say('examples', language, number=len(results), policies=policies, wrong=wrong)}\n")
    return 1 if wrong else 0


def _chosen(names: tuple[str, ...], facts: Facts) -> list[tuple[Library, list[str]]]:
    """The libraries and ids that the arguments mean: ids of the installed library, or files."""
    from scanner.policy.library import Library

    files = [Path(name) for name in names if name.endswith((".yaml", ".yml"))]
    for file in files:
        if not file.is_file():
            raise UsageError(f"there is no policy file {file}")
    chosen = [(Library.load([file.parent], facts, cache=False), [file.stem]) for file in files]
    ids = [name for name in names if Path(name) not in files]
    if ids or not names:
        library = Library.load(None, facts)
        chosen.append((library, [library.policy(id_).id for id_ in ids] or library.ids()))
    return chosen
