"""Our evaluation of expressions against the recorded answers of the real `terraform console`.

tests/tools/record_console.py makes the recordings. With terraform on PATH and ASBUILT_RECORD_CONSOLE=1 this test asks
it anew and demands the same answers.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.terraform.functions.json_text import json_text
from scanner.sources.terraform.loader import Loader
from scanner.sources.terraform.module import ModuleInstance
from scanner.sources.terraform.parser import parse_text
from scanner.sources.terraform.root import Root
from scanner.sources.terraform.scope import EvaluationError
from scanner.sources.terraform.sets import has_unknown
from scanner.sources.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    type_of,
)

HERE = Path(__file__).parent
MODULE = HERE / "module"

ASKED = bool(os.environ.get("ASBUILT_RECORD_CONSOLE") and shutil.which("terraform"))

# What is known to differ, and why. Everything else must be equal.
UNTYPED_NULL = "null has no type here; Terraform tells a null string from a null of no type"
UNDECLARED = "a name that is not declared is unknown here, since the code may be incomplete; Terraform refuses it"
NO_SENSE = "not what the function is for; here it is an error, Terraform computes something"
RANDOM = "differs from call to call, so it is unknown here"
MALFORMED = "no valid syntax; our parser recovers"
VERSION = "decided by one operand since Terraform 1.12"
EXPLAINED = {
    'cidrhost("::ffff:10.0.0.0/104", 1)': "Terraform mixes IPv4 and IPv6 up and leaves the network",
    'cidrsubnet("10.0.0.0/16", -1, 0)': NO_SENSE,
    'cidrsubnet("10.0.0.0/16", 8, -1)': NO_SENSE,
    'coalescelist(null, ["a"])': UNTYPED_NULL,
    "false ? tostring(null) : 5": UNTYPED_NULL,
    "false ? {a = tostring(null)} : {a = 5}": UNTYPED_NULL,
    'format("%s", null)': UNTYPED_NULL,
    'format("%v", null)': UNTYPED_NULL,
    'format("%#v", null)': UNTYPED_NULL,
    'format("%d", null)': UNTYPED_NULL,
    'formatlist("%s", null)': UNTYPED_NULL,
    "true ? 1 : local.undefined": UNDECLARED,
    "can(local.undefined)": UNDECLARED,
    "local.undefined": UNDECLARED,
    "hello.world": UNDECLARED,
    "can(1, 2)": "a call that cannot be read is unknown here, Terraform refuses it",
    "length(uuid()) == 36": RANDOM,
    'length(bcrypt("x")) > 10 ? true : false': RANDOM,
    "var.undefined": UNDECLARED,
    "nosuchfunction(1)": UNDECLARED,
    "provider::missing::thing(1)": UNDECLARED,
    'templatestring("literal", {})': "Terraform wants a reference, to warn of a needless call",
    '"${}"': MALFORMED,
    """\"$$${"x"}\"""": MALFORMED,
    "var.null_list == null ? [] : var.null_list": UNTYPED_NULL,
    "false && null": VERSION,
    "true || null": VERSION,
}


def topics() -> list[str]:
    return sorted(path.stem for path in (HERE / "recorded").glob("*.json"))


def answers(topic: str) -> list[dict[str, Any]]:
    return list(json.loads((HERE / "recorded" / f"{topic}.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def module() -> ModuleInstance:
    loader = Loader(MODULE)
    return ModuleInstance(Root(loader, MODULE, "default"), loader.module(MODULE))


def evaluated(expression: str, module: ModuleInstance) -> dict[str, Any]:
    """What we say, in the form of the recording."""
    try:
        value = parse_text(expression, Location("console", 1)).evaluate(module.scope.demanding())
    except EvaluationError:
        return {"expression": expression, "error": True}
    if has_unknown(value):
        return {"expression": expression, "unknown": True}
    if secret(value):
        return {"expression": expression, "hidden": "(sensitive value)"}
    return {"expression": expression, "json": json_text(value), "type": type_of(value)}


def secret(value: Value) -> bool:
    raw = value.raw
    items = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list | tuple) else ()
    return value.sensitive or any(map(secret, items))


def same_answer(ours: dict[str, Any], recorded: dict[str, Any]) -> bool:
    if "type" not in recorded or "type" not in ours:
        return ours == recorded
    return ours["json"] == recorded["json"] and agree(ours["type"], read_type(recorded["type"]))


def read_type(text: str) -> Type:
    """The type that the console prints: an element or attribute a line, four spaces deeper each time."""
    lines = iter(text.split("\n"))
    return _read_type(next(lines), lines, 4)


def _read_type(start: str, lines: Iterator[str], depth: int) -> Type:
    start = start.rstrip(",")
    kind, _, inner = start.partition("(")
    if not inner and start in PRIMITIVES:
        return PRIMITIVES[start]
    if inner in ("[])", "{})"):
        return TupleType(()) if inner == "[])" else ObjectType({})
    if kind in COLLECTIONS and inner:
        return COLLECTIONS[kind](_read_type(inner[:-1], lines, depth))
    if kind in COLLECTIONS:
        element = _read_type(next(lines)[depth:], lines, depth + 4)
        next(lines)
        return COLLECTIONS[kind](element)
    parts: dict[str, Type] = {}
    while (line := next(lines)).startswith(" " * depth):
        name, _, part = line[depth:].rpartition(": ") if kind == "object" else (str(len(parts)), "", line[depth:])
        parts[name] = _read_type(part, lines, depth + 4)
    return ObjectType(parts) if kind == "object" else TupleType(tuple(parts.values()))


PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "dynamic": ANY}
COLLECTIONS: dict[str, Callable[[Type], Type]] = {"list": ListType, "set": SetType, "map": MapType}


def agree(ours: Type, recorded: Type) -> bool:
    """Whether two types agree; null and empty collections leave open what `any` stands for."""
    if ours is ANY or recorded is ANY:
        return True
    if isinstance(ours, ListType | SetType | MapType) and isinstance(recorded, ListType | SetType | MapType):
        return type(ours) is type(recorded) and agree(ours.element, recorded.element)
    if isinstance(ours, TupleType) and isinstance(recorded, TupleType):
        return len(ours.elements) == len(recorded.elements) and all(map(agree, ours.elements, recorded.elements))
    if isinstance(ours, ObjectType) and isinstance(recorded, ObjectType):
        return ours.attributes.keys() == recorded.attributes.keys() and all(
            agree(type_, recorded.attributes[name]) for name, type_ in ours.attributes.items()
        )
    return ours == recorded


@pytest.mark.parametrize("topic", topics())
def test_expressions_have_the_values_that_terraform_gives_them(topic: str, module: ModuleInstance) -> None:
    pairs = [(evaluated(recorded["expression"], module), recorded) for recorded in answers(topic)]
    different = [pair for pair in pairs if not same_answer(*pair) and pair[1]["expression"] not in EXPLAINED]
    assert not different


def test_what_is_said_to_differ_does(module: ModuleInstance) -> None:
    recorded = {answer["expression"]: answer for topic in topics() for answer in answers(topic)}
    assert not [text for text in EXPLAINED if same_answer(evaluated(text, module), recorded[text])]


def test_there_are_many_expressions() -> None:
    assert sum(len(answers(topic)) for topic in topics()) > 2000


@pytest.mark.skipif(not ASKED, reason="asks terraform only if ASBUILT_RECORD_CONSOLE is set")
@pytest.mark.parametrize("topic", topics())
def test_terraform_still_gives_the_recorded_answers(topic: str) -> None:
    assert recorder().record(topic) == answers(topic)


@pytest.mark.parametrize("topic", topics())
def test_every_expression_is_recorded(topic: str) -> None:
    assert [answer["expression"] for answer in answers(topic)] == recorder().expressions(topic)


def recorder() -> Any:
    path = HERE.parent / "tools" / "record_console.py"
    spec = importlib.util.spec_from_file_location("record_console", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool
