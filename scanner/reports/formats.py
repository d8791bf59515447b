"""Every format of a report, by name. A format's module is imported when it is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scanner.model.finding import Verdict
from scanner.model.report import Report
from scanner.reports.places import Show, as_reported

if TYPE_CHECKING:
    from scanner.reports.html.extras import Extras


@dataclass(frozen=True, slots=True)
class View:
    """How a report is wanted: `only` findings of these verdicts (none: what the format is for), places as `show`
    writes them; `extras` is what a page shows besides; the rest is for people at a terminal of `width` cells."""

    language: str = "en"
    only: Collection[Verdict] = ()
    show: Show = as_reported
    verbose: bool = False
    quiet: bool = False
    width: int = 80
    color: bool = False
    extras: Extras | None = None


def _text(report: Report, view: View) -> str:
    if view.quiet:
        from scanner.reports import quiet

        return quiet.render(report, language=view.language, only=view.only, show=view.show)
    from scanner.reports import text

    return text.render(
        report,
        language=view.language,
        verbose=view.verbose,
        only=view.only,
        width=view.width,
        color=view.color,
        show=view.show,
    )


def _json(report: Report, view: View) -> str:
    return "".join(_json_pieces(report, view))


def _json_pieces(report: Report, view: View) -> Iterator[str]:
    from scanner.reports import json_report

    return json_report.chunks(report, only=view.only)


def _sarif(report: Report, view: View) -> str:
    from scanner.reports import sarif

    return sarif.render(report, language=view.language, only=view.only or [Verdict.FAIL])


def _html(report: Report, view: View) -> str:
    from scanner.reports.html import page

    return page.render(report, language=view.language, extras=view.extras or page.NOTHING, only=view.only)


def _junit(report: Report, view: View) -> str:
    from scanner.reports import junit

    return junit.render(report, language=view.language, only=view.only)


def _gitlab(report: Report, view: View) -> str:
    from scanner.reports import gitlab

    return gitlab.render(report, language=view.language, only=view.only or [Verdict.FAIL])


def _csv(report: Report, view: View) -> str:
    from scanner.reports import csv_report

    return csv_report.render(report, language=view.language, only=view.only)


def _markdown(report: Report, view: View) -> str:
    from scanner.reports.markdown import render

    return render(report, language=view.language, only=view.only)


def _github(report: Report, view: View) -> str:
    from scanner.reports import github

    return github.render(report, language=view.language, only=view.only or [Verdict.FAIL])


FORMATS: Final[Mapping[str, Callable[[Report, View], str]]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "html": _html,
    "junit": _junit,
    "gitlab": _gitlab,
    "csv": _csv,
    "markdown": _markdown,
    "github": _github,
}


def pieces(name: str, report: Report, view: View) -> Iterator[str]:
    """The text of a format piece by piece, so that a large one never stands in memory as a whole."""
    if name == "json":
        yield from _json_pieces(report, view)
    else:
        yield FORMATS[name](report, view)
