"""Which of the resources that an expression mentions a value refers to: certainly, or possibly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scanner.model.value import Reason, Reference, Unknown, Value
from scanner.model.words import Words
from scanner.sources.plan.addresses import bare, fits, segments
from scanner.sources.plan.configuration import (
    Candidate,
    Configuration,
    Mentioned,
    ModulePath,
    is_expression,
    references,
)

_NAMES: Final = ("id", "arn", "name", "bucket", "identifier", "family", "function_name", "key_id", "url")
_SETTLED: Final = Unknown(Reason.COMPUTED, Words("it is known after apply", "적용 후에 정해지는 값임"))
_OPEN: Final = Unknown(
    Reason.UNSUPPORTED,
    Words(
        "it is known after apply, and the plan does not tell all that it is made of",
        "적용 후에 정해지는 값으로, 무엇으로 만들어지는지 계획에 모두 나오지 않음",
    ),
)
_MOST_CANDIDATES: Final = 1000
_OWN_KEY: Final = "each.key"
_NO_RESOURCE: Final = frozenset({"var", "local", "module", "each", "count", "path", "terraform", "self"})

Planned = Mapping[str, Any]
"""The planned values of a resource by attribute; what is not known is missing."""


@dataclass(slots=True)
class Instances:
    """Every resource of a plan by its address without keys, and a way to look its planned values up."""

    addresses: dict[str, list[str]] = field(default_factory=dict)
    planned: Callable[[str], Planned] = lambda _address: {}

    def add(self, address: str) -> None:
        """Takes a resource."""
        self.addresses.setdefault(bare(address), []).append(address)

    def of(self, candidate: Candidate) -> list[str]:
        """The resources that a candidate stands for; itself where the plan has none."""
        wanted = segments(candidate.address)
        found = [address for address in self.addresses.get(bare(candidate.address), ()) if fits(wanted, address)]
        return found or [candidate.address]


def _by_own_key(expression: Any) -> bool:
    """Whether an expression is about one resource and the key of its own: `aws_x.y[each.key].id`."""
    found = set(references(expression)) if is_expression(expression) else set()
    other = [segments(text) for text in found - {_OWN_KEY}]
    if _OWN_KEY not in found or len(other) != 1:
        return False
    first = other[0][0][0]
    return first not in _NO_RESOURCE and len(other[0]) == (3 if first == "data" else 2)


class Linker:
    """Gives the values of one resource their references."""

    def __init__(
        self,
        configuration: Configuration,
        instances: Instances,
        address: str,
        path: ModulePath,
        block: Mapping[str, Any],
    ) -> None:
        self._configuration = configuration
        self._instances = instances
        self._path = path
        self._block = block
        parts = segments(address)
        self._key = parts[-1][1] if parts else ""
        self._mentioned: dict[int, tuple[Any, Mentioned, list[tuple[str, Candidate]]]] = {}

    def unknown(self, expression: Any) -> Value:
        """A value that is known after apply. Where it can only come from one resource, that is certain."""
        mentioned, found = self._resolve(expression)
        if not found or len(found) > _MOST_CANDIDATES:
            return Value(_SETTLED if mentioned.complete and not found else _OPEN)
        late = [(address, item) for address, item in found if self._late(address, item.attribute)] or found
        certain = mentioned.complete and len(late) == 1
        refs = tuple(Reference(address, item.attribute, certain) for address, item in late)
        return Value(_SETTLED if mentioned.complete else _OPEN, refs=refs)

    def known(self, text: str, expression: Any) -> tuple[Reference, ...]:
        """The references of a known text: it is made of what is known, so what stands in it is what it refers to."""
        _, found = self._resolve(expression)
        if not text or not found or len(found) > _MOST_CANDIDATES:
            return ()
        certain: dict[str, list[Reference]] = {}
        possible: dict[str, list[Reference]] = {}
        for address, item in found:
            standing = self._stands_in(address, item.attribute, text)
            if standing is not None:
                group = certain if standing else possible
                group.setdefault(bare(address), []).append(Reference(address, item.attribute, standing))
        refs = [ref for group in certain.values() for ref in group]
        refs += [ref for name, group in possible.items() if name not in certain for ref in group]
        return tuple(refs)

    def _resolve(self, expression: Any) -> tuple[Mentioned, list[tuple[str, Candidate]]]:
        key = id(expression)
        if key not in self._mentioned:
            mentioned = self._configuration.mentioned(expression, self._path, self._block)
            found = [(address, item) for item in mentioned.candidates for address in self._instances.of(item)]
            if self._key and _by_own_key(expression):
                found = [item for item in found if segments(item[0])[-1][1] == self._key] or found
            self._mentioned[key] = (expression, mentioned, found)
        return self._mentioned[key][1:]

    def _late(self, address: str, attribute: str) -> bool:
        """Whether an attribute of a resource is known after apply only."""
        return not attribute or self._instances.planned(address).get(attribute) is None

    def _stands_in(self, address: str, attribute: str, text: str) -> bool | None:
        """Whether what is known of a resource stands in a text; None where it cannot be what the text is made of."""
        planned = self._instances.planned(address)
        values = [planned.get(name) for name in ([attribute] if attribute else _NAMES)]
        texts = [value for value in values if isinstance(value, str) and value]
        if any(re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text) for value in texts):
            return True
        return False if texts or not planned else None
