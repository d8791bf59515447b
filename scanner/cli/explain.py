"""`asbuilt explain`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli import complete, config
from scanner.cli.language import choose_language, language_option
from scanner.cli.page import Page
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.model.resource_type import Facts
    from scanner.policy.baseline import Baseline, Requirement
    from scanner.policy.library import Library


@dataclass(frozen=True, slots=True)
class Sources:
    """Where ids are looked for."""

    baselines: list[Baseline]
    library: Library

    @classmethod
    def load(cls, names: tuple[str, ...]) -> Sources:
        """The named baselines, else those of asbuilt.yaml together with all installed ones."""
        from scanner.facts import load_facts
        from scanner.policy.baseline import baseline_names, load_baseline
        from scanner.policy.library import Library

        facts: Facts = load_facts()
        library = Library.load(None, facts)
        wanted = names or (*config.load(config.find([Path.cwd()])).baselines, *baseline_names())
        return cls([load_baseline(name, library, facts) for name in dict.fromkeys(wanted)], library)

    def requirement(self, id_: str) -> tuple[Baseline, Requirement] | None:
        """The requirement with an id, whatever its case."""
        for baseline in self.baselines:
            for requirement in baseline.requirements:
                if requirement.id.lower() == id_.lower():
                    return baseline, requirement
        return None

    def ids(self) -> list[str]:
        """Every id that can be explained."""
        requirements = [requirement.id for baseline in self.baselines for requirement in baseline.requirements]
        return [*requirements, *self.library.ids()]


@click.command(
    epilog="""\b
Examples:
  asbuilt explain ONNO-RDS-001
  asbuilt explain rds-multi-az --lang ko""",
)
@click.argument("id_", metavar="ID", shell_complete=complete.rules)
@click.option("--baseline", multiple=True, metavar="NAME|FILE", help="Look in this baseline only; repeatable.")
@language_option
def command(id_: str, baseline: tuple[str, ...], lang: str | None) -> None:
    """Say what a requirement or policy demands, where it comes from, why, and how to fix it."""
    sources = Sources.load(baseline)
    page = Page(choose_language(lang))
    found = sources.requirement(id_)
    if found is not None:
        explain_requirement(page, *found)
    elif id_.lower() in sources.library.ids():
        page.policy(sources.library.policy(id_.lower()))
    else:
        from scanner.policy.yaml_nodes import nearest

        raise UsageError(f"there is no requirement or policy {id_}", hint=nearest(id_, sources.ids()))
    page.print()


def explain_requirement(page: Page, baseline: Baseline, requirement: Requirement) -> None:
    """Puts everything about a requirement on the page."""
    rule = baseline.rule(requirement)
    page.title(rule.id, rule)
    page.field("source", page.say("section.document", section=requirement.section, document=baseline.document))
    page.field("baseline", f"{baseline.id} ({baseline.file})")
    for name in requirement.components:
        component = baseline.components[name]
        title = component.title.in_(page.language)
        page.field("component", f"{name}: {title} ({', '.join(component.types)})")
    if requirement.stage:
        page.field("stage", requirement.stage)
    page.field(
        "binding", page.say(f"enforce.{requirement.enforce.value}") + ", " + page.say(f"basis.{requirement.basis}")
    )
    if requirement.policy:
        page.field("policy", requirement.policy)
        page.arguments(requirement.arguments)
    page.advice(rule)
