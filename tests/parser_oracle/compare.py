"""Compares the Terraform syntax reader with python-hcl2, an independent parser: same blocks, same literal attributes.

    python tests/parser_oracle/compare.py PATH…

PATH is a file or directory. Prints each disagreement, with the explanation where known.json has one, and the totals;
the exit code is 1 where a disagreement has no explanation.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import hcl2
from lark.exceptions import LarkError

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scanner.model.value import Unknown, Value
from scanner.sources.terraform.nowhere import NOWHERE
from scanner.sources.terraform.scope import EvaluationError
from scanner.sources.terraform.syntax import Body, parse
from scanner.sources.terraform.text import Source

KNOWN: Final = json.loads((Path(__file__).parent / "known.json").read_text(encoding="utf-8"))
BLOCK: Final = "__is_block__"  # python-hcl2 adds such names of its own, for comments too
OTHER: Final = object()
"""Stands for an attribute that is no literal: the parsers agree that it is there, its value is not compared."""
UNREADABLE: Final = object()


@dataclass(slots=True)
class Node:
    """A body as either parser sees it: attributes by name, and the bodies of its blocks by type and labels."""

    attributes: dict[str, Any] = field(default_factory=dict)
    blocks: dict[tuple[str, ...], list[Node]] = field(default_factory=dict)


@dataclass(slots=True)
class Disagreement:
    """Where the parsers differ, and why, where that is known."""

    file: Path
    place: str
    what: str

    @property
    def explanation(self) -> str | None:
        """From known.json: the first entry whose pattern is found in what differs."""
        for entry in KNOWN:
            if re.search(entry["pattern"], self.what, re.DOTALL):
                return str(entry["explanation"])
        return None


def files_under(paths: Sequence[Path]) -> list[Path]:
    """Every file in native syntax."""
    found = (file for path in paths for file in ([path] if path.is_file() else path.rglob("*.tf")))
    return sorted(file for file in found if ".terraform" not in file.parts)


def compare_file(file: Path, totals: Counter[str]) -> list[Disagreement]:
    """The disagreements about one file; counts what was compared."""
    data = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    source = Source(data, file.name)
    body, broken = parse(source)
    totals["files"] += 1
    try:
        theirs = from_hcl2(hcl2.loads(data.decode()))
    except (LarkError, ValueError, RecursionError) as error:
        if broken:
            return []
        return [Disagreement(file, "", f"only python-hcl2 cannot read it: {str(error).splitlines()[0]}")]
    if broken:
        return [Disagreement(file, str(broken[0].location), f"only asbuilt cannot read it: {broken[0].what}")]
    return [Disagreement(file, place, what) for place, what in compare(from_body(body), theirs, "", totals)]


def from_body(body: Body) -> Node:
    """A body as asbuilt reads it."""
    node = Node({name: literal(attribute) for name, attribute in body.attributes.items()})
    for block in body.blocks:
        node.blocks.setdefault((block.type, *block.labels), []).append(from_body(block.body))
    return node


def literal(attribute: Any) -> Any:
    """The value of an attribute that needs no other; OTHER where it does."""
    try:
        return plain(attribute.expression.evaluate(NOWHERE))
    except EvaluationError:
        return OTHER


def plain(value: Value) -> Any:
    """Plain data, with OTHER for what is unknown."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return OTHER
    if isinstance(raw, Mapping):
        return {key: plain(item) for key, item in raw.items()}
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return [plain(item) for item in raw]
    return raw


def from_hcl2(data: Mapping[str, Any]) -> Node:
    """A body as python-hcl2 reads it: blocks are lists of marked objects, labels are quoted keys around them."""
    node = Node()
    for name, value in data.items():
        if name.startswith("__"):
            continue
        if isinstance(value, list) and value and all(is_block(item) for item in value):
            for item in value:
                labels, body = unwrap(item)
                node.blocks.setdefault((name, *labels), []).append(from_hcl2(body))
        else:
            node.attributes[name] = from_hcl2_value(value)
    return node


def is_block(item: Any) -> bool:
    """Whether an object is a block, possibly inside labels."""
    return isinstance(item, dict) and (BLOCK in item or (len(item) == 1 and is_block(next(iter(item.values())))))


def unwrap(item: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The labels and the body of a block."""
    labels: list[str] = []
    while BLOCK not in item:
        label, item = next(iter(item.items()))
        labels.append(label.strip('"'))
    return tuple(labels), item


def from_hcl2_value(value: Any) -> Any:
    """A literal as plain data; OTHER for an expression or a template."""
    if isinstance(value, dict):
        if any(key.startswith(("${", '"${')) or "${" in key for key in value):
            return OTHER
        return {string(key) if key.startswith('"') else key: from_hcl2_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_hcl2_value(item) for item in value]
    return string(value) if isinstance(value, str) else value


def string(text: str) -> Any:
    """The value of a quoted string or heredoc as written in the source; OTHER for anything else."""
    if not (len(text) > 1 and text.startswith('"') and text.endswith('"')):
        return OTHER
    inner = text[1:-1]
    if re.search(r"(?<!\$)\$\{|(?<!%)%\{", inner):
        return OTHER
    if inner.startswith("<<"):
        return heredoc(inner)
    return markers(re.sub(r'\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt"\\])', unescape, inner))


def unescape(match: re.Match[str]) -> str:
    """One escape sequence."""
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] in "uU" else {"n": "\n", "r": "\r", "t": "\t"}.get(code, code)


def markers(text: str) -> str:
    """Doubled template markers stand for themselves."""
    return text.replace("$${", "${").replace("%%{", "%{")


def heredoc(text: str) -> str:
    """The value of a heredoc without templates."""
    head, *lines = text.split("\n")
    lines = lines[:-1]
    if head.startswith("<<-"):
        margin = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
        lines = [line[min(margin, len(line) - len(line.lstrip(" \t"))) :] for line in lines]
    return markers("".join(line + "\n" for line in lines))


def compare(ours: Node, theirs: Node, place: str, totals: Counter[str]) -> Iterator[tuple[str, str]]:
    """Where two bodies differ: (place, difference)."""
    for name in sorted({*ours.attributes, *theirs.attributes}):
        totals["attributes"] += 1
        mine, other = ours.attributes.get(name, UNREADABLE), theirs.attributes.get(name, UNREADABLE)
        if mine is UNREADABLE or other is UNREADABLE:
            yield f"{place}.{name}", f"only {'python-hcl2' if mine is UNREADABLE else 'asbuilt'} has the attribute"
        else:
            totals["literals"] += literals(other)
            if not same(mine, other):
                yield f"{place}.{name}", f"asbuilt reads {show(mine)}, python-hcl2 {show(other)}"
    for key in sorted({*ours.blocks, *theirs.blocks}):
        mine_blocks, other_blocks = ours.blocks.get(key, []), theirs.blocks.get(key, [])
        totals["blocks"] += max(len(mine_blocks), len(other_blocks))
        header = f"{place}.{'.'.join(key)}"
        if len(mine_blocks) != len(other_blocks):
            yield header, f"asbuilt has {len(mine_blocks)} such blocks, python-hcl2 {len(other_blocks)}"
        for number, (mine, other) in enumerate(zip(mine_blocks, other_blocks, strict=False)):
            yield from compare(mine, other, f"{header}[{number}]", totals)


def literals(value: Any) -> int:
    """How many literals a value consists of."""
    if isinstance(value, dict):
        return sum(literals(item) for item in value.values())
    return sum(literals(item) for item in value) if isinstance(value, list) else int(value is not OTHER)


def same(mine: Any, other: Any) -> bool:
    """Equal as Terraform data: numbers by value, booleans only with booleans; an expression may be anything."""
    if other is OTHER:
        return True
    if isinstance(mine, dict) and isinstance(other, dict):
        return mine.keys() == other.keys() and all(same(mine[key], other[key]) for key in mine)
    if isinstance(mine, list) and isinstance(other, list):
        return len(mine) == len(other) and all(same(*pair) for pair in zip(mine, other, strict=True))
    if isinstance(mine, bool) or isinstance(other, bool):
        return mine is other
    if isinstance(mine, int | Decimal) and isinstance(other, int | float):
        return float(mine) == float(other)
    return type(mine) is type(other) and bool(mine == other)


def show(value: Any) -> str:
    """A value for people."""
    return "an expression" if value is OTHER else repr(value)[:200]


def main(arguments: Sequence[str]) -> int:
    """Compares what is under the paths and prints the result."""
    totals: Counter[str] = Counter()
    found = [item for file in files_under([Path(path) for path in arguments]) for item in compare_file(file, totals)]
    for item in found:
        print(f"{item.file}{item.place}: {item.what}\n    {item.explanation or 'NOT EXPLAINED'}")
    unexplained = sum(item.explanation is None for item in found)
    print(", ".join(f"{totals[name]:,} {name}" for name in ("files", "blocks", "attributes", "literals")), end="; ")
    print(f"{len(found)} disagreements, {unexplained} of them not explained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
