"""Literals in the syntaxes that are edited: HCL, JSON and YAML."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Final

from scanner.documents.scalars import yaml_11
from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.model.value import Plain

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_QUOTED: Final = re.compile(r'"((?:[^"\\$%\n]|\\.|\$(?!\{)|%(?!\{))*)"')
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_SAFE: Final = re.compile(r"[A-Za-z][\w./-]*(?: [\w./-]+)*|/[\w./-]*|\d+[A-Za-z]+")
_NAME: Final = re.compile(r"[A-Za-z_][\w-]*")


def read_hcl(text: str) -> Plain:
    """A scalar in HCL. Raises NoFix for anything else."""
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    match = _QUOTED.fullmatch(text)
    if match is None:
        raise NoFix(Obstacle.EXPRESSION)
    return _ESCAPE.sub(_unescaped, match[1])


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def hcl(value: Plain) -> str:
    """A scalar or list in HCL."""
    if isinstance(value, list):
        return f"[{', '.join(hcl(item) for item in value)}]"
    if isinstance(value, dict):
        raise NoFix(Obstacle.DECISION)
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return text.replace("${", "$${").replace("%{", "%%{")
    return json.dumps(value)


def hcl_key(name: str) -> str:
    """A key of an object in HCL."""
    return name if _NAME.fullmatch(name) else hcl(name)


def json_text(value: Plain, *, template: bool) -> str:
    """A value in JSON; in a `template` language, text is escaped as such."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("${", "$${").replace("%{", "%%{") if template else text


def read_json(text: str) -> Plain:
    """A scalar in JSON. Raises NoFix for anything else."""
    try:
        found: Plain = json.loads(text, parse_float=float)
    except ValueError as error:
        raise NoFix(Obstacle.EXPRESSION) from error
    if isinstance(found, list | dict):
        raise NoFix(Obstacle.EXPRESSION)
    return found


def yaml(value: Plain, *, like: str = "") -> str:
    """A scalar in YAML; `like` is what it takes the place of, whose quotes it takes over."""
    if isinstance(value, list | dict):
        raise NoFix(Obstacle.DECISION)
    if not isinstance(value, str):
        return json.dumps(value)
    if like[:1] == "'" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    if like[:1] != '"' and _SAFE.fullmatch(value) and isinstance(yaml_11(value), str):
        return value
    return json.dumps(value, ensure_ascii=False)


def same(left: Plain, right: Plain) -> bool:
    """Whether two scalars are equal as Terraform converts them."""
    return left == right if left is None or right is None else as_words(left) == as_words(right)


def as_words(value: Plain) -> str:
    """A scalar as Terraform writes it in a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(Decimal(repr(value)))
    return str(value)


def in_the_style_of(value: Plain, old: Plain) -> Plain:
    """A scalar as text where text was written (`"1"` becomes `"2"`), as a number or boolean where that was written."""
    if isinstance(old, str) and isinstance(value, bool | int | float):
        return as_words(value)
    if not isinstance(value, str) or old is None or isinstance(old, str | list | dict):
        return value
    if isinstance(old, bool):
        return {"true": True, "false": False}.get(value, value)
    return int(value) if re.fullmatch(r"[1-9]\d{0,14}|0", value) else value
