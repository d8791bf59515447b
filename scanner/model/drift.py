"""Drift: what differs between the document, the code and the account, one line for each fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from scanner.model.finding import ResourceRef, Suppression
from scanner.model.location import Location
from scanner.model.rule import Severity
from scanner.model.value import Plain


class Meaning(StrEnum):
    """What a line of the table says, by who agrees with whom (design, section 8)."""

    AS_BUILT = "as_built"
    CHANGED_BY_HAND = "changed_by_hand"
    VIOLATION_DEPLOYED = "violation_deployed"
    NEXT_APPLY_BREAKS = "next_apply_breaks"
    PLAIN_DRIFT = "plain_drift"
    UNMANAGED = "unmanaged"
    NOT_DEPLOYED = "not_deployed"

    @property
    def policy(self) -> str | None:
        """The rule that findings of this meaning belong to; None for what is as it should be."""
        return _POLICIES[self]


_POLICIES = {
    Meaning.AS_BUILT: None,
    Meaning.CHANGED_BY_HAND: "drift-changed",
    Meaning.VIOLATION_DEPLOYED: "drift-changed",
    Meaning.NEXT_APPLY_BREAKS: "drift-changed",
    Meaning.PLAIN_DRIFT: "drift-changed",
    Meaning.UNMANAGED: "drift-unmanaged",
    Meaning.NOT_DEPLOYED: "drift-missing",
}


class Act(StrEnum):
    """Where the difference is put right."""

    NOWHERE = "nowhere"
    CODE = "code"
    ACCOUNT = "account"
    EITHER = "either"


@dataclass(slots=True, frozen=True)
class Drift:
    """One line of the table: a fact about one thing, as the document, the code and the account have it.

    component     the document's name of the thing, None where the document does not name it
    code          the resource in code; None where there is none
    account       the resource that runs; None where there is none
    path          the attribute; None where the line is about the resource as a whole
    document      what the document asks for, None where it says nothing (then `requirements` is empty too)
    in_code, in_account   the values, JSON data with sensitive parts masked; None for what is not there
    location      where to act in the code: the place of the value, else of the resource
    act           on which side to act
    matched_by    how the pair was found: `state`, `binding`, `identity`, `name`, `tag` or `links`; None without a pair
    requirements  the ids of the requirements that speak of the fact
    severity      how much it matters: that of the gravest requirement that does not hold, where one does not
    required      False where only advisory requirements make it a difference
    suppression   why it is ignored, where it is
    differs       whether code and account are certainly not the same; reports show the values
    """

    meaning: Meaning
    type: str
    component: str | None = None
    code: ResourceRef | None = None
    account: ResourceRef | None = None
    path: str | None = None
    document: Plain = None
    in_code: Plain = None
    in_account: Plain = None
    location: Location | None = None
    act: Act = Act.NOWHERE
    matched_by: str | None = None
    requirements: tuple[str, ...] = ()
    severity: Severity = Severity.MEDIUM
    required: bool = True
    suppression: Suppression | None = None
    differs: bool = field(default=False, compare=False)

    @property
    def documented(self) -> bool:
        """Whether the document says anything about the fact."""
        return bool(self.requirements)

    @property
    def resource(self) -> ResourceRef | None:
        """The resource as the place to act knows it: that of the code where there is one."""
        return self.code or self.account
