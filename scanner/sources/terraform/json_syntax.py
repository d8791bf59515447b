"""Terraform's JSON syntax."""

from __future__ import annotations

from scanner.model.location import Location
from scanner.sources.terraform.syntax import Body, SyntaxProblem
from scanner.sources.terraform.text import Source


def parse_json(source: Source) -> tuple[Body, list[SyntaxProblem]]:
    """The top level of a file in JSON syntax and what is wrong with it."""
    return Body({}, ()), [SyntaxProblem("JSON syntax is not read yet", Location(source.path, 1))]
