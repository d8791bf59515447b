"""Inventories that organisations have already, read as snapshots: AWS Config and Azure Resource Graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.errors import SourceError, UsageError
from scanner.model.inventory import Inventory, Notification
from scanner.model.long_lived import long_lived_objects
from scanner.model.resource import Origin, Resource
from scanner.sources.snapshot.forms import Form, form_of
from scanner.sources.snapshot.read import matching, packed


@dataclass(frozen=True, slots=True)
class Exported:
    """What exports say, and whom they speak of."""

    inventory: Inventory
    identity: Mapping[str, str]


def exports_among(paths: Sequence[Path]) -> dict[Path, Form]:
    """Those of the files that are exports of other tools. Raises SourceError where one cannot be opened."""
    return {path: form for path in paths if (form := form_of(path)) is not Form.OWN}


def read_exports(exports: Mapping[Path, Form], system: Origin, types: frozenset[str]) -> Exported:
    """The resources of some types (names or patterns) and every notification.

    Raises SourceError for an export of another system, UsageError where a package is missing.
    """
    for path, form in exports.items():
        if form.system is not system:
            raise SourceError(f"{path} is a {form.value}: it does not tell about {system.value}")
    try:
        return _aws(exports, types) if system is Origin.AWS else _azure(exports, types)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scanner"):
            raise
        hint = f"pip install 'asbuilt[{system.value}]'"
        raise UsageError(f"reading this export needs the package {error.name}", hint=hint) from error


def _aws(exports: Mapping[Path, Form], types: frozenset[str]) -> Exported:
    from scanner.sources.aws.maps import known_types, spellings
    from scanner.sources.aws.permissions import read_types
    from scanner.sources.aws.recorded.reading import ConfigReading
    from scanner.sources.snapshot.aws_config import read

    wanted = _wanted(types, known_types() | spellings().keys(), "aws_")
    reading = ConfigReading(read_types(wanted))

    def found() -> Iterator[Resource | Notification]:
        for path, form in exports.items():
            yield from read(path, form, reading)
        yield from reading.gaps()

    inventory = _gathered(exports, found)
    return Exported(inventory, _identity(account=", ".join(sorted(reading.accounts)), taken=reading.latest))


def _azure(exports: Mapping[Path, Form], types: frozenset[str]) -> Exported:
    from scanner.sources.azure.maps import known_types
    from scanner.sources.azure.rows import RowReading
    from scanner.sources.snapshot.resource_graph import read

    reading = RowReading(_wanted(types, known_types(), "azure"))

    def found() -> Iterator[Resource | Notification]:
        for path, form in exports.items():
            yield from read(path, form, reading)
        yield from reading.gaps()

    inventory = _gathered(exports, found)
    return Exported(inventory, _identity(subscription=", ".join(sorted(reading.subscriptions))))


def _wanted(types: frozenset[str], known: frozenset[str], prefix: str) -> frozenset[str]:
    """The types by name: what patterns stand for, and what is named though nothing reads it."""
    asked = matching(types)
    named = frozenset(type_ for type_ in types if type_.startswith(prefix) and "*" not in type_)
    return named | frozenset(type_ for type_ in known if asked(type_))


def _gathered(exports: Mapping[Path, Form], found: Callable[[], Iterator[Resource | Notification]]) -> Inventory:
    inventory = Inventory(inputs=[str(path) for path in exports])
    with long_lived_objects():
        for item in packed(found()):
            if isinstance(item, Resource):
                inventory.resources.append(item)
            else:
                inventory.notifications.append(item)
    return inventory


def _identity(**known: str) -> dict[str, str]:
    return {name: text for name, text in known.items() if text}
