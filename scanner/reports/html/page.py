"""One HTML file that needs no network: the data of a report, and the scripts and styles that show it.

The policy in its head lets nothing run but these scripts, known by their digests, and lets nothing be loaded.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterator
from importlib.resources import files
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.report import Report
from scanner.reports.escape import visible, visible_lines
from scanner.reports.html.data import payload, script_json
from scanner.reports.html.extras import Extras, Network
from scanner.reports.html.words import WORDS

_STYLES: Final = ("base.css", "parts.css", "narrow.css")
_SCRIPTS: Final = ("core.js", "dom.js", "overview.js", "findings.js", "detail.js", "drift.js", "more.js", "start.js")
_IDS: Final = re.compile(r'(?<= id=")(?=[a-z])|(?<=url\(#)(?=[a-z])')
NOTHING: Final = Extras()


def render(report: Report, *, language: str = "en", extras: Extras = NOTHING, only: Collection[Verdict] = ()) -> str:
    """The page, opened in `language`; it holds both. Every text is escaped by the template engine."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("scanner.reports.html", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = "".join(_assets(_STYLES)), f"(() => {{\n'use strict';\n{''.join(_assets(_SCRIPTS))}}})();\n"
    name = ", ".join(report.baselines or report.inputs)
    page = environment.get_template("page.html").render(
        language=language,
        title=visible(f"asbuilt: {name}"),
        word={key: text.in_(language) for key, text in WORDS.items()},
        summary={verdict.value: report.summary[verdict.value] for verdict in Verdict},
        style=style,
        script=script,
        style_digest=_digest(style),
        script_digest=_digest(script),
        data=script_json(payload(report, language, extras, only)),
        networks=[(visible(item.baseline), _drawing(item, at)) for at, item in enumerate(extras.networks)],
        drift=bool(report.drift) or report.command == "drift",
        traced=bool(extras.traces),
        trend=bool(extras.trends),
    )
    return page + "\n"


def _assets(names: Collection[str]) -> Iterator[str]:
    """The texts of scripts or styles; their line ends are those that the digests are made of."""
    folder = files("scanner.reports.html") / "assets"
    return ((folder / name).read_text(encoding="utf-8").replace("\r\n", "\n") for name in names)


def _digest(text: str) -> str:
    """As a Content-Security-Policy names it (W3C, CSP level 3, section 6.7.2)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _drawing(network: Network, number: int) -> str:
    """The drawing, with ids of its own and nothing invisible in its texts."""
    return visible_lines(_IDS.sub(f"network{number}-", network.svg))
