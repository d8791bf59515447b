"""The values of a root module's variables: variable files and single values, later ones first.

Environment variables (TF_VAR_…) are not read, so that the same files always give the same result.
Source: https://developer.hashicorp.com/terraform/language/values/variables (variable definition precedence)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.errors import UsageError
from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.terraform.body import Attribute, evaluate_attribute
from scanner.sources.terraform.loader import Loader
from scanner.sources.terraform.nowhere import NOWHERE
from scanner.sources.terraform.parser import parse_text
from scanner.sources.terraform.scope import EvaluationError, failed
from scanner.sources.terraform.types import Primitive, Type


@dataclass(slots=True, frozen=True)
class Given:
    """A value given from outside: an attribute of a variable file, or the text of `--var`."""

    attribute: Attribute | None = None
    text: str = ""

    @property
    def location(self) -> Location | None:
        """Where it is written, None on the command line."""
        return self.attribute.location if self.attribute is not None else None

    def value(self, type_: Type | None) -> Value:
        """The value; text is an expression unless the variable is of a primitive type or of none."""
        if self.attribute is not None:
            return evaluate_attribute(self.attribute, NOWHERE)
        if type_ is None or (isinstance(type_, Primitive) and type_.name != "any"):
            return Value(self.text)
        try:
            return _without_places(parse_text(self.text, Location("--var", 1)).evaluate(NOWHERE))
        except EvaluationError as error:
            return failed(error, None)


def _without_places(value: Value) -> Value:
    """A value of the command line: it is in no file, so that whoever uses it is its place."""
    raw = value.raw
    if isinstance(raw, Mapping):
        return Value({name: _without_places(item) for name, item in raw.items()})
    return Value(tuple(map(_without_places, raw))) if isinstance(raw, tuple) else Value(raw)


def given_variables(
    loader: Loader, directory: Path, var_files: Sequence[Path | str], variables: Mapping[str, str]
) -> dict[str, Given]:
    """Everything that is given for the root module in `directory`, by name.

    Raises UsageError for a variable file that is neither in the working directory nor in the module.
    """
    given: dict[str, Given] = {}
    for path in (*_automatic(directory), *(found(directory, name) for name in var_files)):
        body = loader.body(path) if loader.inside(path) or path not in _automatic(directory) else None
        if body is not None:
            given.update((name, Given(attribute)) for name, attribute in body.attributes.items())
    given.update((name, Given(text=text)) for name, text in variables.items())
    return given


def _automatic(directory: Path) -> list[Path]:
    """The variable files that Terraform reads by itself, in its order."""
    try:
        names = sorted(path.name for path in directory.iterdir())
    except OSError:
        return []
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    automatic = [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return [directory / name for name in (*first, *automatic)]


def found(directory: Path, name: Path | str) -> Path:
    """A variable file: relative names start in the working directory, then in the module. Raises UsageError."""
    for candidate in (Path(name), directory / name):
        if candidate.is_file():
            return candidate.resolve()
    raise UsageError(f"there is no variable file {name}", hint=f"looked in the working directory and in {directory}")
