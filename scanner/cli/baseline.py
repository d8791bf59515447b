"""`asbuilt baseline`."""

from __future__ import annotations

from collections import Counter

import click

from scanner.cli import complete
from scanner.cli.language import choose_language, language_option
from scanner.cli.page import Page
from scanner.reports.messages import severity_word


@click.group(
    epilog="\b\nExamples:\n  asbuilt baseline list\n  asbuilt baseline show onno-production\n"
    "  asbuilt baseline lint onno-production\n"
    "  asbuilt baseline new shop-production --document design.md"
)
def command() -> None:
    """List baselines, show one, look for contradictions, begin your own."""


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
@click.argument("name", metavar="NAME|FILE", shell_complete=complete.baselines)
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


@command.command(
    epilog="\b\nExamples:\n  asbuilt baseline lint onno-production\n  asbuilt baseline lint baselines/shop.yaml\n\n"
    "\b\nExit codes: 0 none that is not decided, 1 contradictions,\n2 the baseline cannot be read."
)
@click.argument("names", metavar="[NAME|FILE]...", nargs=-1, shell_complete=complete.baselines)
@click.option("-v", "--verbose", is_flag=True, help="Also the contradictions of the document that are decided.")
@language_option
def lint(names: tuple[str, ...], verbose: bool, lang: str | None) -> int:
    """Look for requirements that contradict each other, or what the cloud allows.

    Without a name all baselines that come with asbuilt are looked at.
    """
    from scanner.facts import load_facts
    from scanner.policy.baseline import baseline_names, load_baseline
    from scanner.policy.document import load_record
    from scanner.policy.library import Library
    from scanner.policy.lint import lint as problems_of

    page = Page(choose_language(lang))
    facts = load_facts()
    library = Library.load(None, facts)
    open_ = 0
    for name in names or baseline_names():
        baseline = load_baseline(name, library, facts)
        record = load_record(baseline)
        problems = problems_of(baseline, record)
        undecided = [problem for problem in problems if problem.decided_by is None]
        open_ += len(undecided)
        recorded = record.contradictions if record else ()
        page.heading(page.say("lint.heading", baseline=baseline.id, open=len(undecided), decided=len(recorded)))
        for problem in undecided:
            page.line(f"{problem.location}  {problem.rule}", indent=2)
            page.line(problem.message.in_(page.language), indent=4)
        for item in recorded if verbose else ():
            page.line(f"{item.id}  ({', '.join(item.sections)})", indent=2)
            page.line(item.what.in_(page.language), indent=4)
            page.line(page.say("lint.decided", decision=item.decision.in_(page.language)), indent=4)
    page.print()
    return 1 if open_ else 0


@command.command(
    epilog="\b\nExamples:\n  asbuilt baseline new shop-production --cloud aws\n"
    "  asbuilt baseline new shop-production --document design.md --directory policy"
)
@click.argument("name")
@click.option(
    "--cloud",
    type=click.Choice(["aws", "azure", "kubernetes"]),
    default="aws",
    show_default=True,
    help="What the system runs on.",
)
@click.option("--document", metavar="FILE", help="The design document in Markdown; its sections are recorded.")
@click.option("--directory", default=".", show_default=True, metavar="DIR", help="Where the files go.")
def new(name: str, cloud: str, document: str | None, directory: str) -> None:
    """Write a commented first baseline called NAME, and the record of its document."""
    from scanner.cli.begin import begin

    for file in begin(name, cloud, document, directory):
        click.echo(file)
