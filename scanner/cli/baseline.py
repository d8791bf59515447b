"""`asbuilt baseline`."""

from __future__ import annotations

from collections import Counter

import click

from scanner.cli.language import choose_language, language_option
from scanner.cli.page import Page
from scanner.reports.messages import severity_word


@click.group(epilog="\b\nExamples:\n  asbuilt baseline list\n  asbuilt baseline show onno-production")
def command() -> None:
    """List baselines, show one."""


@command.command("list", epilog="\b\nExample:\n  asbuilt baseline list")
@language_option
def list_baselines(lang: str | None) -> None:
    """The baselines that come with asbuilt."""
    from scanner.facts import load_facts
    from scanner.policy.baseline import baseline_names, load_baseline
    from scanner.policy.library import Library

    page = Page(choose_language(lang))
    facts = load_facts()
    library = Library.load(None, facts)
    baselines = [load_baseline(name, library, facts) for name in baseline_names()]
    page.rows(
        (baseline.id, f"{baseline.document}: {page.say('total.rules', number=len(baseline.requirements))}")
        for baseline in baselines
    )
    page.print()


@command.command(
    epilog="\b\nExamples:\n  asbuilt baseline show onno-production\n  asbuilt baseline show baselines/shop.yaml"
)
@click.argument("name", metavar="NAME|FILE")
@language_option
def show(name: str, lang: str | None) -> None:
    """A baseline's document, components and requirements."""
    from scanner.facts import load_facts
    from scanner.policy.baseline import load_baseline
    from scanner.policy.library import Library

    facts = load_facts()
    baseline = load_baseline(name, Library.load(None, facts), facts)
    page = Page(choose_language(lang))
    page.line(f"{baseline.id}: {baseline.document}")
    page.field("file", baseline.file, wrap=False)
    if baseline.stages:
        page.field("stages", ", ".join(baseline.stages))
    severities = Counter(requirement.severity for requirement in baseline.requirements)
    page.field(
        "requirements",
        ", ".join(
            f"{severities[severity]} {severity_word(severity, page.language)}"
            for severity in sorted(severities, reverse=True)
        ),
    )
    if baseline.inputs:
        page.heading(page.say("heading.inputs"))
        page.rows((param.name, param.type) for param in baseline.inputs.values())
    page.heading(page.say("heading.components"))
    page.rows(
        (component.name, f"{component.title.in_(page.language)} ({', '.join(component.types)})")
        for component in baseline.components.values()
    )
    page.heading(page.say("heading.requirements"))
    page.rows(
        (requirement.id, f"{requirement.title.in_(page.language)} ({page.say('section', section=requirement.section)})")
        for requirement in baseline.requirements
    )
    page.print()
