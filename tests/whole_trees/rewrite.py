"""Rewrites a Terraform tree so that terraform can plan it without any provider and show what each resource is given.

Each resource `aws_x.y` becomes `terraform_data.aws_x__y` whose `input` is an object of the same arguments: nested
blocks are lists of objects, dynamic blocks are for expressions. Each data source becomes one as well, except
aws_iam_policy_document, which the provider evaluates without asking anybody and which is kept. Expressions that name a
resource or data source name a local value instead, which adds to the written arguments an unknown value (decoded from
an id that is only known after apply) for every attribute that the code does not write. Everything else stays:
variables, locals, modules, outputs, count, for_each, depends_on.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from scanner.facts import load_facts

PARSER = Parser(Language(tree_sitter_hcl.language()))
KEPT_DATA = "aws_iam_policy_document"
DROPPED_BLOCKS = {"terraform", "provider", "check", "moved", "import", "removed", "ephemeral"}
META = ("count", "for_each", "depends_on")
DROPPED = {"provider", "lifecycle", "provisioner", "connection"}
"""Of a resource, what belongs to terraform itself."""
DROPPED_ELSEWHERE = {
    "module": {"providers", "version"},
    "data": {"provider", "lifecycle"},
    "variable": {"ephemeral"},
    "output": {"depends_on", "precondition", "ephemeral"},
    "locals": set(),
}
PROVIDER = """\
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}
"""


def rewrite_tree(source: Path, target: Path) -> None:
    """Copies a tree with every module in it rewritten."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", ".git"))
    for directory in {file.parent for file in target.rglob("*.tf")}:
        Module(directory).rewrite()


def name_of(type_: str, name: str) -> str:
    """The name that a resource `aws_x.y` or `data.aws_x.y` gets."""
    return f"{type_.replace('.', '__')}__{name}"


def original_address(address: str) -> str:
    """The address of the resource that a planned `terraform_data` stands for."""
    return re.sub(r"terraform_data\.(data__)?(.+?)__", lambda m: ("data." if m[1] else "") + m[2] + ".", address)


@dataclass
class Declared:
    """A resource or data source of a module: the names it writes, and how it is repeated."""

    type: str
    name: str
    known: set[str]
    written: set[str] = field(default_factory=set)
    repeated: str = ""

    def local(self) -> str:
        """The local value that expressions name: what is written, and unknown values for the rest."""
        target = f"terraform_data.{name_of(self.type, self.name)}"
        if self.repeated == "count":
            return f"[for it in {target} : {self.object('it')}]"
        if self.repeated == "for_each":
            return f"{{ for key, it in {target} : key => {self.object('it')} }}"
        return self.object(target)

    def object(self, it: str) -> str:
        """One instance: an argument that is null is as unknown as one that is not written."""
        unknown = f"jsondecode({it}.id)"
        rest = dict.fromkeys({*self.known, "id"} - self.written, unknown)
        given = {name: f"{it}.input.{name} == null ? {unknown} : {it}.input.{name}" for name in self.written}
        for name in self.written & self.computed.keys():
            extra = [f"{key} = try(b.{key}, null) == null ? {unknown} : b.{key}" for key in sorted(self.computed[name])]
            given[name] = f"[for b in {it}.input.{name} : merge(b, {{ {', '.join(extra)} }})]"
        return "{ " + ", ".join(f"{name} = {text}" for name, text in sorted((rest | given).items())) + " }"

    @property
    def computed(self) -> dict[str, set[str]]:
        """The attributes inside nested blocks that the provider fills in."""
        schema = load_facts().schema(self.type)
        blocks = schema.blocks if schema else {}
        own = {name: block.attributes for name, block in blocks.items() if name not in DROPPED}
        found = {name: {key for key, item in own[name].items() if item.computed} for name in own}
        return {name: keys for name, keys in found.items() if keys}


class Module:
    """The files of one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files = {file: file.read_bytes().removeprefix(b"\xef\xbb\xbf") for file in directory.glob("*.tf")}
        self.text = b"\n".join(self.files.values()).decode()
        self.declared: dict[tuple[str, str], Declared] = {}

    def rewrite(self) -> None:
        """Writes the rewritten files, and one with the local values that stand for resources."""
        trees = {file: PARSER.parse(data).root_node for file, data in self.files.items()}
        for file, root in trees.items():
            self.declare(file, root)
        for file, root in trees.items():
            file.write_text("\n".join(self.blocks(self.files[file], root)), encoding="utf-8")
        lines = [f"  {name_of(item.type, item.name)} = {item.local()}" for item in self.declared.values()]
        (self.directory / "zz_resources.tf").write_text("locals {\n" + "\n".join(lines) + "\n}\n", encoding="utf-8")

    def declare(self, file: Path, root: Node) -> None:
        """Collects the resources and data sources of a file."""
        for block in top_blocks(root):
            kind, *labels = header(self.files[file], block)
            if kind not in ("resource", "data") or labels[0] == KEPT_DATA:
                continue
            type_ = ("data." if kind == "data" else "") + labels[0]
            item = Declared(type_, labels[1], self.attributes(type_, labels[1]))
            for part in parts(block):
                name = argument_name(self.files[file], part)
                if name in ("count", "for_each"):
                    item.repeated = name
                elif name not in (*META, *DROPPED):
                    item.written.add(name)
            self.declared[item.type, item.name] = item

    def attributes(self, type_: str, name: str) -> set[str]:
        """The names that a resource has: those of its schema, or those that the module uses."""
        schema = load_facts().schema(type_)
        if schema is not None:
            return {*schema.attributes, *schema.blocks}
        return set(re.findall(rf"\b{re.escape(type_)}\.{re.escape(name)}(?:\[[^\]]*\])?\.(\w+)", self.text))

    def blocks(self, data: bytes, root: Node) -> Iterator[str]:
        """The rewritten blocks of a file."""
        for block in top_blocks(root):
            kind, *labels = header(data, block)
            if kind in DROPPED_BLOCKS:
                continue
            if kind in ("resource", "data") and labels[0] != KEPT_DATA:
                type_ = ("data." if kind == "data" else "") + labels[0]
                yield self.resource(data, block, name_of(type_, labels[1]))
            else:
                yield self.kept(data, block, [kind, *labels])

    def kept(self, data: bytes, block: Node, names: list[str]) -> str:
        """A block that stays a block, with its expressions rewritten."""
        lines = []
        for part in parts(block):
            name = argument_name(data, part)
            if name in DROPPED_ELSEWHERE.get(names[0], ()):
                continue
            if part.type == "block":
                lines.append(self.kept(data, part, header(data, part)))
            else:
                lines.append(f"{name} = {self.argument(data, part)}")
        return " ".join([names[0], *(f'"{label}"' for label in names[1:]), "{\n"]) + "\n".join(lines) + "\n}\n"

    def resource(self, data: bytes, block: Node, name: str) -> str:
        """A `terraform_data` in place of a resource."""
        meta = [
            f"  {argument_name(data, part)} = {self.argument(data, part)}"
            for part in parts(block)
            if argument_name(data, part) in META
        ]
        value = self.object(data, block, (*META, *DROPPED))
        return "\n".join([f'resource "terraform_data" "{name}" {{', *meta, f"  input = {value}", "}\n"])

    def object(self, data: bytes, block: Node, dropped: Collection[str] = ()) -> str:
        """The arguments and nested blocks of a block as an object."""
        items: dict[str, str] = {}
        nested: dict[str, list[str]] = {}
        for part in parts(block):
            name = argument_name(data, part)
            if name in dropped:
                continue
            if part.type == "attribute":
                items[name] = f"({self.argument(data, part)}\n  )"
            elif header(data, part)[0] == "dynamic":
                nested.setdefault(name, []).append(self.dynamic(data, part, name))
            else:
                nested.setdefault(name, []).append(f"[{self.object(data, part)}]")
        items |= {name: f"concat({', '.join(lists)})" for name, lists in nested.items()}
        return "{\n" + "".join(f"  {name} = {text}\n" for name, text in items.items()) + "}"

    def dynamic(self, data: bytes, block: Node, label: str) -> str:
        """A dynamic block as a for expression whose variable has `key` and `value`."""
        arguments = {argument_name(data, part): part for part in parts(block)}
        iterator = self.argument(data, arguments["iterator"]) if "iterator" in arguments else label
        pairs = f"[for k, v in {self.argument(data, arguments['for_each'])} : {{ key = k, value = v }}]"
        return f"[for {iterator} in {pairs} : {self.object(data, arguments['content'])}]"

    def argument(self, data: bytes, attribute: Node) -> str:
        """The right-hand side of an attribute, with resources named as they are after rewriting."""
        expression = next(child for child in attribute.children if child.type == "expression")
        prefix = "terraform_data." if argument_name(data, attribute) == "depends_on" else "local."
        text, at = [], expression.start_byte
        for start, end, name in self.references(data, expression):
            text += [data[at:start].decode(), prefix + name]
            at = end
        return "".join([*text, data[at : expression.end_byte].decode()])

    def references(self, data: bytes, node: Node) -> Iterator[tuple[int, int, str]]:
        """The spans that name a declared resource or data source, in order, with its new name."""
        children = node.children
        for position, child in enumerate(children):
            if child.type != "variable_expr":
                yield from self.references(data, child)
                continue
            steps = [item for item in children[position + 1 : position + 3] if item.type == "get_attr"]
            names = [text(data, child), *(text(data, item).lstrip(". ") for item in steps)]
            names = names[: 3 if names[0] == "data" else 2]
            item = self.declared.get((".".join(names[:-1]), names[-1]))
            if item is not None:
                yield child.start_byte, steps[len(names) - 2].end_byte, name_of(item.type, item.name)


def top_blocks(root: Node) -> Iterator[Node]:
    """The blocks at the top of a file."""
    for body in root.children:
        yield from (node for node in body.children if node.type == "block")


def parts(block: Node) -> Iterator[Node]:
    """The attributes and blocks inside a block."""
    for body in block.children:
        if body.type == "body":
            yield from (node for node in body.children if node.type in ("attribute", "block"))


def header(data: bytes, block: Node) -> list[str]:
    """Type and labels of a block."""
    return [text(data, node).strip('"') for node in block.children if node.type in ("identifier", "string_lit")]


def argument_name(data: bytes, part: Node) -> str:
    """The name of an attribute, of a block, or of what a dynamic block makes."""
    if part.type == "attribute":
        return text(data, part.children[0])
    names = header(data, part)
    return names[1] if names[0] == "dynamic" else names[0]


def text(data: bytes, node: Node) -> str:
    """The text of a node."""
    return data[node.start_byte : node.end_byte].decode()
