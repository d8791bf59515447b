"""`asbuilt report`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from scanner.cli.comparing import narrowing
from scanner.cli.options import EXIT_CODES, Presentation, Publisher, existing, report_options, settings_of
from scanner.cli.streams import piped
from scanner.errors import SourceError

_STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(Presentation):
    """The command line as given."""

    file: str


@click.command(
    epilog=f"""\b
Examples:
  asbuilt report report.json                            as `asbuilt scan` would have shown it
  asbuilt report report.json --format html=report.html --format junit=report.xml
  asbuilt report report.json --lang ko --only fail --format csv=violations.csv
  asbuilt report today.json --compare-to yesterday.json
  asbuilt scan infra --format json | asbuilt report - --format markdown

{EXIT_CODES}""",
)
@click.argument("file", metavar="FILE|-")
@report_options
def command(**given: Any) -> int:
    """Write a JSON report in other formats, with the exit code of the run that made it.

    Lines of code are shown where the files are as they were, below the current repository.
    """
    options = Options(**given)
    settings = settings_of(options, [Path()])
    publisher = Publisher(options, settings)
    narrow = narrowing(options.compare_to)

    from scanner.reports.read_json import read_report
    from scanner.scan import project_base

    report = read_report(_text(options.file), options.file, str(project_base([Path()])))
    return publisher.publish(narrow(report))


def _text(name: str) -> str:
    """The text of a file, or of standard input. Raises UsageError or SourceError where there is none."""
    try:
        if name == _STANDARD_INPUT:
            return piped(hint="asbuilt scan --format json | …").decode("utf-8-sig")
        return existing(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read: {error}", path=name) from error
