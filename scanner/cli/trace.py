"""`asbuilt trace`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from scanner.cli import config, output
from scanner.cli.language import choose_language, language_option
from scanner.cli.options import existing
from scanner.cli.streams import emit_error
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.model.report import Report
    from scanner.model.trace import Trace
    from scanner.policy.baseline import Baseline
    from scanner.policy.document import DocumentRecord
    from scanner.policy.document_text import DocumentSection

FORMATS: Final = ("text", "markdown", "csv", "html", "oscal-component", "oscal-results")
_MAX_DOCUMENT: Final = 20_000_000


@click.command(
    epilog="""\b
Examples:
  asbuilt trace --baseline onno-production
  asbuilt trace --baseline onno-production --document architecture.md
  asbuilt trace infra --baseline onno-production --format html --output trace.html
  asbuilt trace infra --baseline onno-production --format oscal-results

\b
Exit codes: 0, 1 if the document has sections that changed or that
nothing covers, 2 usage, configuration, policy or baseline error."""
)
@click.argument("paths", nargs=-1)
@click.option("--baseline", metavar="NAME|FILE", help="Whose document. [default: asbuilt.yaml's]")
@click.option("--document", metavar="FILE", help="The document in Markdown, to find what changed and what is missing.")
@click.option("--accept", is_flag=True, help="Record the document's sections as they are now.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="Format.")
@click.option("--output", "output_", metavar="FILE", help="File instead of standard output.")
@click.option("-v", "--verbose", is_flag=True, help="Also the contradictions of the document and their decisions.")
@language_option
def command(
    paths: tuple[str, ...],
    baseline: str | None,
    document: str | None,
    accept: bool,
    format_: str,
    output_: str | None,
    verbose: bool,
    lang: str | None,
) -> int:
    """Show how every section of a design document is accounted for.

    With PATHS the code there is scanned and each requirement has its verdict.
    """
    from scanner.facts import load_facts
    from scanner.policy.baseline import load_baseline
    from scanner.policy.document import load_record
    from scanner.policy.library import Library
    from scanner.policy.tracing import trace

    if accept and document is None:
        raise UsageError("--accept needs the --document")
    language = choose_language(lang)
    facts = load_facts()
    loaded = load_baseline(_name(baseline, paths), Library.load(None, facts), facts)
    record = load_record(loaded)
    sections = read_document(document) if document else None
    if accept and sections is not None:
        record = _accept(loaded, record, sections, language)
    if format_ == "oscal-results" and not paths:
        raise UsageError("assessment results need something to assess", hint="name the paths to scan")
    report = _report(loaded, paths) if paths else None
    traced = trace(loaded, record, sections, report.findings if report else ())
    target = output.Target(format_, Path(output_) if output_ else None)
    output.write(target, _render(traced, report, target, language, verbose=verbose))
    return 1 if traced.out_of_date or (sections is not None and traced.uncovered) else 0


def _name(given: str | None, paths: tuple[str, ...]) -> str:
    """The baseline that is asked for, or the only one of the configuration."""
    if given is not None:
        return given
    names = _settings(paths).baselines
    if len(names) != 1:
        raise UsageError("name the baseline", hint="--baseline NAME, or baseline: in asbuilt.yaml")
    return names[0]


def _settings(paths: tuple[str, ...]) -> config.Config:
    return config.load(config.find([existing(text) for text in paths or (".",)]))


def read_document(name: str) -> list[DocumentSection]:
    """The sections of a document in Markdown. Raises UsageError where it cannot be read."""
    from scanner.policy.document_text import sections_of

    file = existing(name)
    if file.stat().st_size > _MAX_DOCUMENT:
        raise UsageError(f"{name} is larger than {_MAX_DOCUMENT} bytes")
    try:
        return sections_of(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {name}: {error}") from error


def _accept(
    baseline: Baseline, record: DocumentRecord | None, sections: list[DocumentSection], language: str
) -> DocumentRecord | None:
    """Writes the digests of the cited sections into the record, and says how many changed."""
    from scanner.policy.document import load_record, with_digests
    from scanner.reports.messages import say

    if record is None:
        raise UsageError(f"{baseline.id} has no record of its document", hint="asbuilt baseline new writes one")
    text, changed = with_digests(record, sections)
    if changed:
        output.write(output.Target("yaml", record.file), text)
    emit_error(say("trace.accepted", language, path=record.file, number=changed))
    return load_record(baseline)


def _report(baseline: Baseline, paths: tuple[str, ...]) -> Report:
    """What became of the code below the paths."""
    from scanner.scan import Request, scan

    settings = _settings(paths)
    request = Request(
        paths=[existing(text) for text in paths],
        baselines=(baseline.file,),
        roots=settings.roots,
        var_files=settings.var_files,
        stage=settings.stage,
        inputs=settings.inputs,
        bindings=settings.bind,
        attestations=config.attestations(settings),
    )
    return scan(request)


def _render(trace: Trace, report: Report | None, target: output.Target, language: str, *, verbose: bool) -> str:
    from scanner.reports import oscal
    from scanner.reports.trace import html, table, text

    if target.format == "markdown":
        return table.render_markdown(trace, language=language)
    if target.format == "csv":
        return table.render_csv(trace, language=language)
    if target.format == "oscal-component":
        return oscal.render_component(trace, started=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", language=language)
    if target.format == "oscal-results" and report is not None:
        return oscal.render_results(trace, report, language=language)
    if target.format == "html":
        return html.render(trace, language=language)
    return text.render(
        trace,
        language=language,
        width=output.terminal_width(),
        color=target.path is None and output.use_color(wanted=True),
        verbose=verbose,
    )
