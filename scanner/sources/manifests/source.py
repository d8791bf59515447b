"""Manifests as a source of resources: finds their files, takes them apart, hands documents to the readers."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scanner.documents.document import Document, DocumentError
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.manifests.charts import Charts, is_rendered_first, is_template
from scanner.sources.manifests.files import MAX_FILE_SIZE, Bytes, Files
from scanner.sources.manifests.reader import ManifestDocument, Reader, Syntax
from scanner.sources.manifests.readers import READERS

_ANY: Final = tuple(dict.fromkeys(type_ for reader in READERS for type_ in reader.types))
STDIN: Final = "<stdin>"
_RENDER: Final = "render it first: helm template … | asbuilt scan -"


@dataclass(frozen=True, slots=True)
class ManifestOptions:
    """What is read besides the paths.

    standard_input   its bytes, None where it is not asked for
    rendered         what programs made of charts and kustomizations, by the file that it comes from
    charts           the directories of charts whose templates are among that, so are not read themselves
    """

    standard_input: bytes | None = None
    rendered: Mapping[str, bytes] = field(default_factory=dict)
    charts: frozenset[str] = frozenset()


class ManifestSource:
    """Reads the manifests under `paths`; locations are relative to `base`."""

    def __init__(self, paths: Sequence[Path], base: Path, options: ManifestOptions | None = None) -> None:
        self.paths = paths
        self.options = options or ManifestOptions()
        self._files = Files(base, _ANY)
        self._charts = Charts(self._files)
        self._documents: dict[str, list[ManifestDocument]] = {}
        self._notifications: list[Notification] = []

    def collect(self) -> Inventory:
        """All resources, and what could not be read. A file of no known format is nobody's and says nothing."""
        given = self.options.standard_input
        if given is not None:
            self._file(STDIN, given, named=True)
        for name, text in self.options.rendered.items():
            self._file(name, text, named=False)
        for path, named in self._files.find(self.paths):
            rendered = self.options.charts and self._is_rendered(self._files.relative(path))
            data = None if rendered else self._files.data(path)
            if data is not None:
                self._file(self._files.relative(path), data, named=named)
        inventory = Inventory(inputs=[str(path) for path in self.paths])
        for reader in READERS:
            documents = self._documents.get(reader.name)
            if documents:
                found = reader.read(documents, self._files.neighbour)
                if reader.name != "Kubernetes":  # which needs its roots earlier, for links
                    _assign_roots(found)
                inventory.extend(found)
        inventory.notifications += [*self._notifications, *self._charts.notifications(), *self._files.notifications]
        return inventory

    def _is_rendered(self, path: str) -> bool:
        """Whether a file is a template of a chart that was rendered, or of a chart inside it."""
        prefixes = ("" if chart == "." else f"{chart}/" for chart in self.options.charts)
        return any(path.startswith((f"{prefix}templates/", f"{prefix}charts/")) for prefix in prefixes)

    def _file(self, path: str, data: Bytes, *, named: bool) -> None:
        """One file: nobody's, a text of one format, or documents."""
        if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and len(data) <= MAX_FILE_SIZE:
            data = bytes(data).decode("utf-16", errors="replace").encode()
        readers = [reader for reader in READERS if reader.claims(path, data)]
        if not readers and not named:
            return
        hides = tuple(dict.fromkeys(type_ for reader in readers for type_ in reader.types)) or _ANY
        text = self._text(path, data, hides)
        if text is None:
            return
        whole = next((reader for reader in readers if reader.syntax is Syntax.TEXT), None)
        if self._charts.contains(path) and is_template(text):
            self._charts.add(path, hides)
        elif whole is not None:
            self._keep(whole, ManifestDocument(path, text, Value(None)))
        elif not self._structured(path, text, readers, hides) and named and text.strip():
            what = "the file is of no format that is read"
            self._note(Level.WARNING, what, Location(path, 1), ())

    def _structured(self, path: str, text: str, readers: Sequence[Reader], hides: tuple[str, ...]) -> bool:
        """Whether a YAML or JSON file holds something for a reader, or an error where it may."""
        if not readers and not path.endswith((".yaml", ".yml", ".json")):
            return False
        found = False
        for document in _documents(path, text, yaml_11=any(reader.yaml_11 for reader in readers)):
            if isinstance(document, DocumentError):
                found = True
                self._broken(document, text, hides)
                if is_rendered_first(text):
                    break
                continue
            reader = next((reader for reader in readers if _detects(reader, path, document.value)), None)
            if reader is not None:
                found = True
                self._keep(reader, ManifestDocument(path, text, document.value))
        return found

    def _broken(self, error: DocumentError, text: str, hides: tuple[str, ...]) -> None:
        what = error.message
        if is_rendered_first(text):
            helm = "*/*" in hides
            what = f"the file is a template: {_RENDER if helm else 'scan what it is rendered to'}"
        self._note(Level.ERROR, what, error.location, hides)

    def _keep(self, reader: Reader, document: ManifestDocument) -> None:
        self._documents.setdefault(reader.name, []).append(document)

    def _note(self, level: Level, what: str, location: Location, hides: tuple[str, ...]) -> None:
        self._notifications.append(Notification(level, what, location, hides))

    def _text(self, path: str, data: Bytes, hides: tuple[str, ...]) -> str | None:
        """The text of a file without byte order mark, None where it cannot be read."""
        if len(data) > MAX_FILE_SIZE:
            self._note(Level.ERROR, f"the file is larger than {MAX_FILE_SIZE} bytes", Location(path, 1), hides)
            return None
        try:
            return bytes(data).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = bytes(data)[: error.start]
            column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
            place = Location(path, before.count(b"\n") + 1, column)
            self._note(Level.ERROR, "the file is not valid UTF-8", place, hides)
            return None


def _assign_roots(inventory: Inventory) -> None:
    from scanner.sources.kubernetes.roots import assign_roots

    assign_roots(inventory.resources)


def _detects(reader: Reader, path: str, value: Value) -> bool:
    return reader.syntax is Syntax.YAML and isinstance(value.raw, dict) and reader.detects(path, value)


def _documents(path: str, text: str, *, yaml_11: bool) -> Iterable[Document | DocumentError]:
    """The documents of a file: JSON where its name or first character says so, else YAML."""
    from scanner.documents.yaml import scan_yaml_documents

    if path.endswith(".json") or (not path.endswith((".yaml", ".yml")) and text.lstrip()[:1] in ("{", "[")):
        from scanner.documents.json import read_json

        try:
            return [read_json(text, path)]
        except DocumentError as error:
            if path.endswith(".json") or is_template(text):
                return [error]
    return scan_yaml_documents(text, path, yaml_11=yaml_11)
