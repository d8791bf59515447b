"""What a hook may have to say, in a form that is kept: violations and what could not be read or decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scanner.model.finding import Finding
    from scanner.model.inventory import Notification

TERRAFORM: Final = "terraform"
MANIFESTS: Final = "manifests"
_HCL: Final = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json", ".terraform.lock.hcl")


@dataclass(slots=True)
class Item:
    """A finding or a notification, as JSON data.

    id          identity across runs, without line numbers
    touches     the files that it speaks of: where it is, where its values come from, the block of its resource
    violation   whether it is a violation, not something undecided or unread
    said        the finding (`rule`, `severity`, …) or the notification (`what`)
    """

    id: str
    touches: list[str]
    violation: bool
    said: dict[str, Any]

    def dump(self) -> list[Any]:
        """As JSON data, that `Item(*…)` takes."""
        return [self.id, self.touches, self.violation, self.said]

    @property
    def kind(self) -> str | None:
        """Whose code it is about: Terraform's or manifests'; None where it has no place."""
        if not self.touches:
            return None
        return TERRAFORM if self.touches[0].endswith(_HCL) else MANIFESTS

    def speaks_of(self, changed: Collection[str]) -> bool:
        """Whether one of the files changed, by itself or with the submodule that it lies in."""
        return any(
            path in changed or any(path.startswith(f"{name}/") for name in changed if name) for path in self.touches
        )


def of_finding(finding: Finding, block: str | None) -> Item:
    """A finding; `block` is the file of its resource."""
    places = [finding.location] if finding.location else []
    places += [hop.location for hop in finding.provenance if hop.location]
    paths = [place.path for place in places] + ([block] if block else [])
    place, resource = finding.location, finding.resource
    return Item(
        id=finding.fingerprint,
        touches=list(dict.fromkeys(paths)),
        violation=finding.verdict == "fail",
        said={
            "rule": finding.rule,
            "baseline": finding.baseline,
            "component": finding.component,
            "verdict": finding.verdict.value,
            "severity": finding.severity.value,
            "message": finding.message.as_dict(),
            "place": [place.path, place.line, place.column] if place else None,
            "resource": [resource.type, resource.address, resource.origin, resource.root] if resource else None,
        },
    )


def of_notification(note: Notification) -> Item:
    """Something that could not be read."""
    place = note.location
    path = place.path if place else ""
    said = {"what": note.what, "place": [place.path, place.line, place.column] if place else None}
    return Item(f"{path}\0{note.what}", [path] if path else [], violation=False, said=said)


def finding_of(item: Item) -> Finding | None:
    """The finding, as far as one line says it; None for a notification."""
    from scanner.model.finding import Enforce, Finding, Kind, ResourceRef, Verdict
    from scanner.model.location import Location
    from scanner.model.rule import Severity, Text

    said = item.said
    if "rule" not in said:
        return None
    return Finding(
        requirement=said["rule"],
        policy=None,
        baseline=said["baseline"],
        component=said["component"],
        section=None,
        kind=Kind.STATIC,
        verdict=Verdict(said["verdict"]),
        reason=None,
        severity=Severity(said["severity"]),
        category="",
        enforce=Enforce.REQUIRED,
        title=Text("", ""),
        message=Text(**said["message"]),
        resource=ResourceRef(*said["resource"]) if said["resource"] else None,
        location=Location(*said["place"]) if said["place"] else None,
    )
