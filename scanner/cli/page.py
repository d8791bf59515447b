"""Pages of labelled texts about rules, for `explain` and the `show` commands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from scanner.cli.output import terminal_width, use_color
from scanner.cli.streams import emit
from scanner.model.rule import Rule
from scanner.policy.policy import Policy
from scanner.reports.canvas import Canvas
from scanner.reports.messages import say, severity_word


class Page:
    """Collects what one command shows and prints it."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._canvas = Canvas(terminal_width(), color=use_color(wanted=sys.stdout.isatty()))
        self._column = 14

    def say(self, key: str, **values: object) -> str:
        """A message in the page's language."""
        return say(key, self.language, **values)

    def title(self, id_: str, rule: Rule) -> None:
        """What it is called, how much it weighs."""
        self._canvas.line((f"{id_}  {rule.title.in_(self.language)}", "bold"))
        self._canvas.line((f"{severity_word(rule.severity, self.language)}, {rule.category}", "dim"))
        self._canvas.blank()

    def heading(self, text: str) -> None:
        """A line in bold after an empty one."""
        self._canvas.blank()
        self._canvas.line((text, "bold"))

    def line(self, text: str, indent: int = 0) -> None:
        """A line of text, wrapped."""
        self._canvas.line((text, ""), indent=indent)

    def field(self, label: str, text: str, *, wrap: bool = True) -> None:
        """A labelled text; the label is the key of a message. Paths and addresses are better not wrapped."""
        self._canvas.labelled(self.say(f"label.{label}"), text, indent=0, column=self._column, wrap=wrap)

    def row(self, first: str, text: str, column: int) -> None:
        """A row of a list: a name and what is said of it."""
        self._canvas.labelled(first, text, indent=2, column=column, label_style="")

    def rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """A list of names with texts, aligned."""
        listed = list(rows)
        column = 2 + min(max((len(first) for first, _ in listed), default=0), 40)
        for first, text in listed:
            self.row(first, text, max(column, len(first) + 2))

    def arguments(self, arguments: Mapping[str, Any]) -> None:
        """What a policy is given."""
        for name, value in arguments.items():
            self._canvas.line((f"{name} = {json.dumps(value, ensure_ascii=False)}", ""), indent=self._column)

    def advice(self, rule: Rule) -> None:
        """Why, how to fix it, and what other tools call it."""
        if rule.description != rule.title:
            self.field("why", rule.description.in_(self.language))
        self.field("fix", rule.remediation.in_(self.language))
        if rule.related:
            self.field("related", ", ".join(rule.related))

    def policy(self, policy: Policy) -> None:
        """Everything about a policy."""
        self.title(policy.id, policy.rule())
        self.field("types", ", ".join(policy.types))
        self.field("file", policy.file, wrap=False)
        self.advice(policy.rule())
        for reference in policy.references:
            self.field("reference", reference, wrap=False)
        if policy.params:
            self.heading(self.say("heading.params"))
            self.rows((name, self._param(param.type, param)) for name, param in policy.params.items())

    def _param(self, kind: str, param: Any) -> str:
        default = (
            f", {self.say('label.default')} {json.dumps(param.default, ensure_ascii=False)}"
            if param.has_default
            else ""
        )
        return f"{param.description} ({kind}{default})"

    def print(self) -> None:
        """Writes the page to standard output."""
        emit(self._canvas.text())
