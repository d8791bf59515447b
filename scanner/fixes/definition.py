"""Definitions in a text (`name = value`, `"key": value`, a list element): where their value is, and changes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from scanner.fixes.change import Change
from scanner.fixes.files import SourceText
from scanner.fixes.list_text import ListText
from scanner.fixes.literals import hcl, in_the_style_of, json_text, read_hcl, read_json, same, yaml
from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.fixes.wish import Wish
from scanner.model.location import Location
from scanner.model.value import Plain, plain

_HCL: Final = (".tf", ".tofu", ".tfvars")
_KEY: Final = {
    "hcl": re.compile(r'(?:"(?:[^"\\]|\\.)*"|[\w.-]+|\([^()]*\))\s*(?:=(?![=>])|:(?!:))\s*'),
    "json": re.compile(r'"(?:[^"\\]|\\.)*"\s*:\s*'),
    "yaml": re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s'"{\[#&*!|>%@-][^\n#:]*?)\s*:(?:\s+|\Z)"""),
}


def syntax_of(path: str) -> str:
    """The language of a file: hcl, json, yaml. Raises NoFix for others."""
    if path.endswith(_HCL):
        return "hcl"
    if path.endswith(".json"):
        return "json"
    if path.endswith((".yaml", ".yml")):
        return "yaml"
    raise NoFix(Obstacle.PLACE)


def is_terraform(path: str) -> bool:
    """Whether text in a JSON file is a template of Terraform's."""
    return path.endswith((".tf.json", ".tofu.json"))


@dataclass(slots=True)
class Definition:
    """One definition: the span of the whole (`start`, `end`) and the start of its value."""

    source: SourceText
    syntax: str
    start: int
    value: int
    end: int

    @classmethod
    def at(cls, source: SourceText, location: Location) -> Definition:
        """The definition at a place. Raises NoFix."""
        syntax = syntax_of(source.path)
        start, end = source.span(location)
        end = start + len(source.text[start:end].rstrip())
        match = _KEY[syntax].match(source.text, start, end)
        return cls(source, syntax, start, match.end() if match else start, end)

    @property
    def text(self) -> str:
        """The value as written."""
        return self.source.text[self.value : self.end]

    def changes(self, wish: Wish) -> list[Change]:
        """What a wish means here. Raises NoFix where the value is no literal, or not the one that was judged."""
        actual = wish.evidence.actual
        assert actual is not None
        if wish.of_list:
            return self._of_list(wish)
        if isinstance(wish.value, list) and not actual.is_absent:
            return self._whole_list(wish.value, plain(actual, reveal=True))
        written = _READ[self.syntax](self.text)
        judged = None if wish.evidence.default is not None else plain(actual, reveal=True)
        if not same(written, judged):
            raise NoFix(Obstacle.EXPRESSION)
        value = in_the_style_of(wish.value, written)
        return [Change(self.source.path, self.value, self.end, self.render(value))]

    def render(self, value: Plain) -> str:
        """A value in the syntax of the file."""
        if self.syntax == "hcl":
            return hcl(value)
        if self.syntax == "json":
            return json_text(value, template=is_terraform(self.source.path))
        return yaml(value, like=self.text)

    def _of_list(self, wish: Wish) -> list[Change]:
        written = ListText.at(self.source, self.syntax, self.value, self.end)
        values = [_known(_READ[self.syntax], text) for text in written.texts]
        dropped = [any(same(drop, value) for drop in wish.drop) for value in values]
        if not all(any(same(drop, value) for value in values) for drop in wish.drop):
            raise NoFix(Obstacle.EXPRESSION)
        return written.changes(dropped, [self.render(item) for item in wish.add])

    def _whole_list(self, value: list[Plain], actual: Plain) -> list[Change]:
        """Another list in place of the one that is written. Raises NoFix."""
        written = ListText.at(self.source, self.syntax, self.value, self.end)
        values = [_known(_READ[self.syntax], text) for text in written.texts]
        if not written.one_line or values != actual:
            raise NoFix(Obstacle.EXPRESSION)
        return [Change(self.source.path, self.value, self.end, f"[{', '.join(self.render(item) for item in value)}]")]


def _known(read: Callable[[str], Plain], text: str) -> Plain:
    """An element, or its text where it is an expression."""
    try:
        return read(text)
    except NoFix:
        return text


def _read_yaml(text: str) -> Plain:
    """A scalar in YAML on one line, read as Kubernetes does. Raises NoFix for anything else."""
    from scanner.documents.document import DocumentError
    from scanner.documents.yaml import read_yaml_documents

    if "\n" in text or text[:1] in "&*!|>":
        raise NoFix(Obstacle.EXPRESSION)
    try:
        (document,) = read_yaml_documents(text, "", yaml_11=True)
    except (DocumentError, ValueError) as error:
        raise NoFix(Obstacle.EXPRESSION) from error
    found = plain(document.value)
    if isinstance(found, list | dict):
        raise NoFix(Obstacle.EXPRESSION)
    return found


_READ: Final[Mapping[str, Callable[[str], Plain]]] = {"hcl": read_hcl, "json": read_json, "yaml": _read_yaml}
