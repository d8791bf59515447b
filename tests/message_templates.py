"""Every text that an error or a notification may show, as it is written in the code: `{}` for what is filled in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

SHOWN: Final = frozenset({"UsageError", "DefinitionError", "BindingError", "SourceError", "Notification"})
"""What people read as it is: errors of commands, and notifications."""
TOLD: Final = frozenset(
    {
        *("error", "key_error", "_error", "note", "_note", "_wrong", "fail", "FlowError", "NoFigure", "MetricError"),
        *("Damaged", "Unusable", "Failure", "MalformedAnswer", "RefusedRequest", "ClusterGone", "OtherVersion"),
        *("DocumentError", "JsonError", "ExpressionError", "EvaluationError", "ConversionError", "Mismatch"),
        *("Undecidable", "SyntaxProblem", "ValueError", "FunctionError"),
    }
)
"""What becomes one of them, or a part of one, on its way."""
KEYWORDS: Final = frozenset({"hint", "what", "message", "why", "reason", "said", "text", "expected"})
TELLING: Final = frozenset({"problem"})
"""Functions that return such a text."""
_DEPTH: Final = 6
_LETTERS: Final = 4
_WORDS: Final = re.compile(r"(?i)[a-z]{2,}[^a-z]* [^a-z]*[a-z]{2,}|[a-z]{2,}:? \{\}|\{\}:? [a-z]{2,}")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Module:
    """One file: its tree, its functions and constants by name, and what it imports from where."""

    name: str
    tree: ast.Module
    functions: dict[str, list[Function]] = field(default_factory=dict)
    constants: dict[str, list[ast.expr]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    calls: list[tuple[Function | None, ast.Call]] = field(default_factory=list)
    _given: dict[Function, dict[str, list[ast.expr]]] = field(default_factory=dict)

    def given(self, function: Function) -> dict[str, list[ast.expr]]:
        """What names are given in a function."""
        if function not in self._given:
            names = self._given[function] = {}
            for target, value in _assignments(list(ast.walk(function))):
                names.setdefault(target, []).append(value)
        return self._given[function]


def read(root: Path) -> dict[str, Module]:
    """All modules below a package directory, by dotted name."""
    modules = {}
    for file in sorted(root.rglob("*.py")):
        name = ".".join((root.name, *file.relative_to(root).with_suffix("").parts))
        module = modules[name] = Module(name, ast.parse(file.read_text(encoding="utf-8")))
        module.calls = list(_calls(module.tree))
        for node in ast.walk(module.tree):
            if isinstance(node, Function):
                module.functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    module.imports[alias.asname or alias.name] = (node.module or "", alias.name)
        for target, value in _assignments(module.tree.body):
            module.constants.setdefault(target, []).append(value)
        for inner in (part for part in module.tree.body if isinstance(part, ast.ClassDef)):
            for target, value in _assignments(inner.body):
                module.constants.setdefault(target, []).append(value)
    return modules


def templates(root: Path) -> dict[str, str]:
    """Every template and the first module that holds it."""
    modules = read(root)
    sinks = _passed_on(modules)
    found: dict[str, str] = {}
    for module in modules.values():
        told = [(part, function) for function, call in module.calls for part in _told(call, sinks)]
        told += [pair for name in TELLING for pair in _returned(module, name)]
        for part, function in told:
            for text in _texts(part, function, module, modules, 0):
                if _WORDS.search(shown := merged(text)) and len(re.sub("[^A-Za-z]", "", shown)) >= _LETTERS:
                    found.setdefault(shown, module.name)
    return found


def merged(text: str) -> str:
    """Without white space around; what is filled in side by side counts as one."""
    return re.sub(r"(\{\})+", "{}", text.strip())


def _calls(tree: ast.Module) -> Iterator[tuple[Function | None, ast.Call]]:
    """Every call with the innermost function around it."""
    waiting: list[tuple[ast.AST, Function | None]] = [(tree, None)]
    while waiting:
        node, function = waiting.pop()
        inside = node if isinstance(node, Function) else function
        if isinstance(node, ast.Call):
            yield inside, node
        waiting += [(child, inside) for child in ast.iter_child_nodes(node)]


def _called(call: ast.Call) -> str:
    target = call.func
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""


def _told(call: ast.Call, sinks: Mapping[str, frozenset[int | str]]) -> list[ast.expr]:
    """The arguments of a call that people read."""
    name = _called(call)
    if name in SHOWN or name in TOLD:
        return [*call.args, *(item.value for item in call.keywords if item.arg in KEYWORDS)]
    places = sinks.get(name, frozenset())
    told = [argument for place, argument in enumerate(call.args) if place in places]
    return told + [item.value for item in call.keywords if item.arg in places]


def _passed_on(modules: Mapping[str, Module]) -> dict[str, frozenset[int | str]]:
    """Functions that hand a parameter to what shows it: name -> positions and names of these parameters."""
    sinks: dict[str, frozenset[int | str]] = {}
    for _ in range(3):
        for module in modules.values():
            for function, call in module.calls:
                if function is None or not _told(call, sinks):
                    continue
                names = {node.id for argument in _told(call, sinks) for node in _direct(argument)}
                parameters = [item.arg for item in function.args.args]
                shift = 1 if parameters[:1] in (["self"], ["cls"]) else 0
                places: set[int | str] = set()
                for place, parameter in enumerate(parameters):
                    if parameter in names and parameter in KEYWORDS:
                        places |= {place - shift, parameter}
                if places and function.name != "__init__":
                    sinks[function.name] = sinks.get(function.name, frozenset()) | places
    return sinks


def _direct(argument: ast.expr) -> list[ast.Name]:
    """The names in an argument that are shown as they are, or put into an f-string."""
    if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute) and argument.func.attr == "format":
        return _direct(argument.func.value)
    if isinstance(argument, ast.Name):
        return [argument]
    if isinstance(argument, ast.JoinedStr):
        parts = [part.value for part in argument.values if isinstance(part, ast.FormattedValue)]
        return [part for part in parts if isinstance(part, ast.Name)]
    return []


def _texts(
    node: ast.expr, function: Function | None, module: Module, modules: Mapping[str, Module], depth: int
) -> list[str]:
    """What an expression may be, as templates; nothing where the code does not tell."""
    if depth > _DEPTH:
        return []

    def inner(part: ast.expr) -> list[str]:
        return _texts(part, function, module, modules, depth + 1)

    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return _filled([part.value if isinstance(part, ast.Constant) else inner(part.value) for part in node.values])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [a + b for a, b in product(inner(node.left) or ["{}"], inner(node.right) or ["{}"])]
    if isinstance(node, ast.Name):
        return _named(node.id, function, module, modules, depth)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
        return _named(node.attr, None, module, modules, depth)
    if isinstance(node, ast.Call):
        return _given(node, function, module, modules, depth)
    return [text for part in _choices(node) for text in inner(part)]


def _choices(node: ast.expr) -> list[ast.expr]:
    """The expressions that an expression chooses from."""
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp | ast.Dict):
        return node.values
    return [node.value] if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name | ast.Dict) else []


def _continues(text: str) -> bool:
    """Whether a text is no sentence of its own."""
    return not text or text[0] in " ,;" or text[-1] == " " or text.startswith("{} (")


def _filled(parts: list[str | list[str]]) -> list[str]:
    """An f-string. What continues the sentence (` in {}`, or nothing) is put in; others are messages themselves."""
    wholes, others = [""], []
    for part in parts:
        options = [part] if isinstance(part, str) else ["{}"]
        if not isinstance(part, str) and any(map(_continues, part)):
            options = list(dict.fromkeys(part))
        elif not isinstance(part, str):
            others += part
        wholes = [whole + option for whole in wholes for option in options]
    return wholes + others


def _named(
    name: str, function: Function | None, module: Module, modules: Mapping[str, Module], depth: int
) -> list[str]:
    """What a name stands for: in the function, else in the module, else where it is imported from."""
    if function is not None and (local := module.given(function).get(name)):
        return [text for value in local for text in _texts(value, function, module, modules, depth + 1)]
    if name in module.constants:
        return [text for value in module.constants[name] for text in _texts(value, None, module, modules, depth + 1)]
    origin, original = module.imports.get(name, ("", ""))
    if origin in modules and modules[origin] is not module:
        return _named(original, None, modules[origin], modules, depth + 1)
    return []


def _given(
    call: ast.Call, function: Function | None, module: Module, modules: Mapping[str, Module], depth: int
) -> list[str]:
    """What a call may return: of a function of the same module or an imported one, or `table.get(...)`."""
    name = _called(call)
    if isinstance(call.func, ast.Attribute) and name == "get" and isinstance(call.func.value, ast.Name):
        return [
            text
            for part in (call.func.value, *call.args[1:])
            for text in _texts(part, function, module, modules, depth + 1)
        ]
    if name == "format" and isinstance(call.func, ast.Attribute):
        parts = [call.func.value, *call.args]
        return [text for part in parts for text in _texts(part, function, module, modules, depth + 1)]
    owner = module
    if name not in module.functions and module.imports.get(name, ("", ""))[0] in modules:
        owner = modules[module.imports[name][0]]
    return [text for value, body in _returned(owner, name) for text in _texts(value, body, owner, modules, depth + 1)]


def _returned(module: Module, name: str) -> list[tuple[ast.expr, Function]]:
    """What the functions of that name return, each with its function."""
    return [
        (node.value, body)
        for body in module.functions.get(name, [])
        for node in ast.walk(body)
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None
    ]


def _assignments(nodes: list[ast.stmt] | list[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Names and attributes with what they are given."""
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
            targets = [node.target]
        value = getattr(node, "value", None)
        if isinstance(node, ast.AugAssign):
            value = ast.BinOp(ast.Constant("{}"), ast.Add(), node.value)
        pairs = [(target, value) for target in targets] if isinstance(value, ast.expr) else _looped(node)
        for target, given in pairs:
            if isinstance(target, ast.Name):
                yield target.id, given
            elif isinstance(target, ast.Attribute):
                yield target.attr, given


def _looped(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """`for a, b in (("text", x), ("other", y))`."""
    if not (isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple | ast.List)):
        return []
    pairs = []
    for item in node.iter.elts:
        if isinstance(node.target, ast.Tuple) and isinstance(item, ast.Tuple):
            pairs += list(zip(node.target.elts, item.elts, strict=False))
        else:
            pairs.append((node.target, item))
    return pairs
