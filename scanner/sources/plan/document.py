"""What terraform writes as JSON: plans and states, told apart by what stands in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from scanner.documents.stream import Damaged, JsonStream
from scanner.errors import SourceError
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location

_SHOW_PLAN: Final = "terraform show -json plan.out > plan.json"
_OF_SHOW: Final = frozenset({"format_version", "terraform_version"})
_OF_PLAN: Final = frozenset(
    {"planned_values", "resource_changes", "resource_drift", "prior_state", "output_changes", "configuration",
     "relevant_attributes", "applyable", "complete", "errored", "deferred_changes", "proposed_unknown"}
)  # fmt: skip
_OF_RAW: Final = frozenset({"lineage", "serial", "resources", "outputs", "check_results"})
_ANYWHERE: Final = frozenset({"version", "variables", "values", "checks", "timestamp"})
_ENCRYPTED: Final = frozenset({"encrypted_data", "encryption_version"})
_MOST_KEYS: Final = 40
_PLANNED: Final = frozenset({"planned_values", "resource_changes"})
_FORMATS: Final = ("0", "1")
_RAW_VERSIONS: Final = ("4",)
_SHOWN: Final = 20
"""Characters of a version that are shown."""


class Kind(StrEnum):
    """What a document is: a plan or state as `terraform show -json` gives it, or a state as it is stored."""

    PLAN = "plan"
    STATE = "state"
    RAW_STATE = "raw state"


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON text under a name, as locations have it; `open` begins it anew."""

    name: str
    open: Callable[[], IO[bytes]]

    @classmethod
    def of_file(cls, path: Path, name: str) -> Document:
        """The content of a file."""
        return cls(name, lambda: path.open("rb"))

    @classmethod
    def of_bytes(cls, data: bytes, name: str) -> Document:
        """What was read already."""
        return cls(name, lambda: io.BytesIO(data))

    @contextmanager
    def stream(self) -> Iterator[JsonStream]:
        """The text from its beginning. Raises SourceError where it cannot be opened, Damaged where it is none."""
        try:
            file = self.open()
        except OSError as error:
            raise SourceError(f"cannot read {self.name}: {error.strerror}") from error
        with file:
            yield JsonStream(file)

    def damaged(self, error: Damaged) -> Notification:
        """What a document that cannot be read to its end means: anything may be missing."""
        what = f"it could not be read in full: {error}"
        return Notification(Level.ERROR, what, Location(self.name, 1))


def kind_of(document: Document) -> Kind | None:
    """What the document is; None for anything that is not terraform's.

    Raises SourceError for what terraform writes but nobody else can read: binary plans, logs, versions of the future.
    """
    _refuse_binary(document)
    try:
        with document.stream() as stream:
            return _kind(document, stream) if stream.peek() == "{" else None
    except Damaged:
        return None


def _refuse_binary(document: Document) -> None:
    """A plan as `terraform plan -out` stores it is an archive that only terraform reads."""
    try:
        with document.open() as file:
            if file.read(4) != b"PK\x03\x04":
                return
            with zipfile.ZipFile(file) as archive:
                if "tfplan" not in archive.namelist():
                    return
    except (OSError, zipfile.BadZipFile):
        return
    raise SourceError(f"{document.name} is a binary plan", hint=_SHOW_PLAN)


def _kind(document: Document, stream: JsonStream) -> Kind | None:
    """Decides by the first keys that tell; what is between them is passed over."""
    seen: dict[str, object] = {}
    for key in stream.members():
        if key == "@level" and not seen:
            hint = f"terraform plan -out plan.out, then {_SHOW_PLAN}"
            raise SourceError(f"{document.name} is the log of terraform, not the plan", hint=hint)
        if key in _ENCRYPTED:
            raise SourceError(f"{document.name} is encrypted", hint="give what `tofu show -json` says of it")
        known = key in _OF_SHOW or key in _OF_PLAN or key in _OF_RAW or key in _ANYWHERE
        if len(seen) > _MOST_KEYS or (not known and not seen.keys() & (_OF_SHOW | {"lineage"})):
            return None
        if key in _OF_SHOW or key == "version":
            seen[key] = stream.value()
        else:
            seen[key] = None
        kind = _told(document, seen)
        if kind is not None:
            return kind
        if key not in _OF_SHOW and key != "version":
            stream.skip()
    return Kind.STATE if "format_version" in seen and not seen.keys() - _OF_SHOW - {"checks"} else None


def _told(document: Document, seen: dict[str, object]) -> Kind | None:
    """What the keys so far say."""
    if "version" in seen and seen.keys() & {"terraform_version", "lineage"}:
        found = str(seen["version"])
        _check(document, found, _RAW_VERSIONS, f"a state of version {found[:_SHOWN]}")
        return Kind.RAW_STATE
    if "format_version" not in seen:
        return None
    kind = Kind.PLAN if seen.keys() & _PLANNED else Kind.STATE if "values" in seen else None
    if kind is not None:
        major = str(seen["format_version"]).partition(".")[0]
        _check(document, major, _FORMATS, f"a {kind.value} in format {major[:_SHOWN]}")
    return kind


def _check(document: Document, found: str, known: Sequence[str], what: str) -> None:
    if found not in known:
        hint = "write it anew with a current terraform; a newer asbuilt may know newer ones"
        raise SourceError(f"{document.name}: {what} is not known, only {' and '.join(known)}", hint=hint)
