"""`aws_iam_policy_document`: a data source that only puts its arguments together as JSON.

Source of the rules: github.com/hashicorp/terraform-provider-aws 5.100.0, policy_document_data_source.go and
policy_model.go in internal/service/iam; the tests compare with what the provider itself answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from scanner.model.location import Location
from scanner.model.path import decoded
from scanner.model.value import ABSENT, Plain, Reason, Unknown, Value, plain
from scanner.sources.terraform.functions.base import derive, first_unknown
from scanner.sources.terraform.types import is_sequence

_LISTS: Final = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_PRINCIPALS: Final = {"principals": "Principal", "not_principals": "NotPrincipal"}
_WITH_VARIABLES: Final = frozenset({"resources", "not_resources"})
_NOTHING: Final = Value(ABSENT)


def policy_document(arguments: Mapping[str, Value], place: Location | None, *, indent: bool) -> Value:
    """The JSON text of a policy document, with the structure behind it; the text is unknown where a part of it is."""
    structure = _document(arguments, place)
    missing = first_unknown([structure])
    result = derive(missing or _text(plain(structure, reveal=True), indent=indent), [structure], structure)
    result.location = place
    return result


def _text(data: Plain, *, indent: bool) -> str:
    """JSON as Go's encoder writes it."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(data, ensure_ascii=False, indent=2 if indent else None, separators=separators)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _document(arguments: Mapping[str, Value], place: Location | None) -> Value:
    """Source documents, then the document's own statements, then the overriding documents."""
    version = arguments.get("version", _NOTHING)
    own: dict[str, Value] = {"Version": Value("2012-10-17") if version.is_absent else version}
    identity = arguments.get("policy_id", _NOTHING)
    if not identity.is_absent and identity.raw != "":
        own["Id"] = identity
    own["Statement"] = _statements(arguments.get("statement", _NOTHING))
    merged: dict[str, Value] = {}
    for document in _documents(arguments.get("source_policy_documents", _NOTHING)):
        _merge(merged, document)
    _merge(merged, own)
    for document in _documents(arguments.get("override_policy_documents", _NOTHING)):
        _merge(merged, document, overriding=True)
    names = [name for name in ("Version", "Id", "Statement") if name in merged]
    return Value({name: merged[name] for name in names}, place)


def _documents(listed: Value) -> list[Mapping[str, Value]]:
    """The documents given as JSON texts; what is unknown of them is one unknown statement."""
    if isinstance(listed.raw, Unknown):
        return [{"Statement": Value((listed,))}]
    documents: list[Mapping[str, Value]] = []
    for item in listed.raw if is_sequence(listed.raw) else ():
        structure = decoded(item)
        if isinstance(structure.raw, Mapping):
            documents.append(_collapsed_document(structure.raw))
        elif isinstance(item.raw, Unknown):
            documents.append({"Statement": Value((item,))})
        elif item.raw not in ("", None):
            wrong = Unknown(Reason.ERROR, "a policy document is no JSON object")
            documents.append({"Statement": Value((Value(wrong, item.location),))})
    return documents


def _collapsed_document(document: Mapping[str, Value]) -> Mapping[str, Value]:
    statements = document.get("Statement")
    if statements is None or not is_sequence(statements.raw):
        return document
    return {**document, "Statement": Value(tuple(map(_collapsed, statements.raw)), statements.location)}


def _collapsed(statement: Value) -> Value:
    """A statement of a JSON document with lists of one element written as that element."""
    if not isinstance(statement.raw, Mapping):
        return statement
    result: dict[str, Value] = {}
    for name, value in statement.raw.items():
        depth = {"Principal": 1, "NotPrincipal": 1, "Condition": 2}.get(name, 0)
        result[name] = _single(value, depth)
    return Value(result, statement.location, statement.hops, statement.refs, statement.sensitive)


def _single(value: Value, depth: int) -> Value:
    raw = value.raw
    if isinstance(raw, Mapping) and depth:
        inner = {name: _single(item, depth - 1) for name, item in raw.items()}
        return Value(inner, value.location, value.hops, value.refs, value.sensitive)
    if is_sequence(raw) and len(raw) == 1:
        only = raw[0]
        return only if only.location is not None else only.with_(location=value.location)
    return value


def _merge(merged: dict[str, Value], document: Mapping[str, Value], *, overriding: bool = False) -> None:
    """Adds the statements of a document; one with a known Sid replaces the one of that name."""
    version, identity = document.get("Version", _NOTHING), document.get("Id", _NOTHING)
    before = merged.get("Version")
    if not version.is_absent and (before is None or str(version.raw) > str(before.raw)):
        merged["Version"] = version
    if not identity.is_absent:
        merged["Id"] = identity
    _merge_statements(merged, document, overriding=overriding)


def _merge_statements(merged: dict[str, Value], document: Mapping[str, Value], *, overriding: bool) -> None:
    added = document.get("Statement")
    if added is None or (is_sequence(added.raw) and not added.raw):
        return
    before = merged.get("Statement")
    if isinstance(added.raw, Unknown) or (before is not None and isinstance(before.raw, Unknown)):
        merged["Statement"] = added if isinstance(added.raw, Unknown) or before is None else before
        return
    statements = list(before.raw) if before is not None and is_sequence(before.raw) else []
    for statement in added.raw if is_sequence(added.raw) else (added,):
        if isinstance(statement.raw, Unknown) and overriding and any(map(_sid, statements)):
            merged["Statement"] = statement  # it may replace any statement that has a name
            return
        _place(statements, statement)
    merged["Statement"] = Value(tuple(statements), before.location if before is not None else added.location)


def _place(statements: list[Value], statement: Value) -> None:
    sid = _sid(statement)
    for index, existing in enumerate(statements):
        if sid and _sid(existing) == sid:
            statements[index] = statement
            return
    statements.append(statement)


def _sid(statement: Value) -> str:
    sid = statement.raw.get("Sid") if isinstance(statement.raw, Mapping) else None
    return sid.raw if sid is not None and isinstance(sid.raw, str) else ""


def _statements(blocks: Value) -> Value:
    if not is_sequence(blocks.raw):
        return blocks if isinstance(blocks.raw, Unknown) else Value(())
    return Value(tuple(map(_statement, blocks.raw)), blocks.location)


def _statement(block: Value) -> Value:
    """One statement block as the JSON statement, every member at the place of its argument."""
    content = block.raw
    if not isinstance(content, Mapping):
        return block
    result: dict[str, Value] = {}
    sid = content.get("sid", _NOTHING)
    if not sid.is_absent and sid.raw != "":
        result["Sid"] = sid
    effect = content.get("effect", _NOTHING)
    result["Effect"] = Value("Allow") if effect.is_absent else effect
    for argument, name in _LISTS.items():
        items = _texts(content.get(argument, _NOTHING), variables=argument in _WITH_VARIABLES, ordered=False)
        if items is not None:
            result[name] = items
    for argument, name in _PRINCIPALS.items():
        principals = _principals(content.get(argument, _NOTHING))
        if principals is not None:
            result[name] = principals
    conditions = _conditions(content.get("condition", _NOTHING))
    if conditions is not None:
        result["Condition"] = conditions
    return Value(result, block.location)


def _texts(value: Value, *, variables: bool = True, ordered: bool) -> Value | None:
    """A list of texts: none is left out, one stands for itself, sets are in descending order."""
    if value.is_absent:
        return None
    if not is_sequence(value.raw):
        return value
    items = [_with_variables(item) if variables else item for item in value.raw]
    if not items:
        return None
    if len(items) == 1:
        return items[0] if items[0].location is not None else items[0].with_(location=value.location)
    if not ordered and all(isinstance(item.raw, str) for item in items):
        items.sort(key=lambda item: str(item.raw), reverse=True)
    return Value(tuple(items), value.location, value.hops, value.refs, value.sensitive)


def _with_variables(item: Value) -> Value:
    """`&{…}` stands for a policy variable, which Terraform would take for an interpolation."""
    if isinstance(item.raw, str) and "&{" in item.raw:
        return Value(item.raw.replace("&{", "${"), item.location, item.hops, item.refs, item.sensitive)
    return item


def _joined(first: Value | None, second: Value) -> Value:
    if first is None:
        return second
    if isinstance(first.raw, Unknown) or isinstance(second.raw, Unknown):
        return first if isinstance(first.raw, Unknown) else second
    items: list[Value] = []
    for value in (first, second):
        items.extend(value.raw if is_sequence(value.raw) else [value])
    return Value(tuple(items), first.location)


def _principals(blocks: Value) -> Value | None:
    if not is_sequence(blocks.raw):
        return blocks if isinstance(blocks.raw, Unknown) else None
    found: dict[str, Value] = {}
    for block in blocks.raw:
        content = block.raw if isinstance(block.raw, Mapping) else {}
        kind = content.get("type", _NOTHING)
        identifiers = _texts(content.get("identifiers", _NOTHING), ordered=False)
        if not isinstance(kind.raw, str):
            return kind if isinstance(kind.raw, Unknown) else block
        if identifiers is not None:
            if len(blocks.raw) == 1 and kind.raw == "*" and identifiers.raw == "*":
                return identifiers
            found[kind.raw] = _joined(found.get(kind.raw), identifiers)
    return Value(dict(sorted(found.items())), _place_of(blocks.raw)) if found else None


def _conditions(blocks: Value) -> Value | None:
    if not is_sequence(blocks.raw):
        return blocks if isinstance(blocks.raw, Unknown) else None
    found: dict[str, dict[str, Value]] = {}
    for block in blocks.raw:
        content = block.raw if isinstance(block.raw, Mapping) else {}
        test, variable = content.get("test", _NOTHING), content.get("variable", _NOTHING)
        for name in (test, variable):
            if isinstance(name.raw, Unknown):
                return name
        values = _texts(content.get("values", _NOTHING), ordered=True) or Value(())
        by_variable = found.setdefault(str(test.raw), {})
        by_variable[str(variable.raw)] = _joined(by_variable.get(str(variable.raw)), values)
    tests = {name: Value(dict(sorted(items.items()))) for name, items in sorted(found.items())}
    return Value(tests, _place_of(blocks.raw)) if tests else None


def _place_of(blocks: Sequence[Value]) -> Location | None:
    return blocks[0].location if blocks else None
