"""A line of the table in the making: a difference, a leftover or a documented fact, and the claims that concern it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from scanner.drift.claims import Claim
from scanner.drift.data import keys_of
from scanner.drift.match import Pair
from scanner.model.drift import Act, Drift, Meaning
from scanner.model.finding import ResourceRef
from scanner.model.location import Location
from scanner.model.resource import Resource
from scanner.model.rule import Severity
from scanner.model.stated import Stated
from scanner.model.value import Plain

_ACTS: Final = {
    Meaning.AS_BUILT: Act.NOWHERE,
    Meaning.CHANGED_BY_HAND: Act.ACCOUNT,
    Meaning.VIOLATION_DEPLOYED: Act.CODE,
    Meaning.NEXT_APPLY_BREAKS: Act.CODE,
    Meaning.PLAIN_DRIFT: Act.EITHER,
    Meaning.UNMANAGED: Act.EITHER,
    Meaning.NOT_DEPLOYED: Act.ACCOUNT,
}
_WITHOUT_DOCUMENT: Final = {Meaning.UNMANAGED: Severity.LOW, Meaning.AS_BUILT: Severity.LOW}


@dataclass(slots=True)
class Row:
    """What is known of one line so far; `differs` where code and account are certainly not the same."""

    code: Resource | None = None
    live: Resource | None = None
    type: str = ""
    component: str | None = None
    path: str | None = None
    in_code: Plain = None
    in_account: Plain = None
    location: Location | None = None
    differs: bool = False
    matched_by: str | None = None
    claims: list[Claim] = field(default_factory=list)

    @classmethod
    def of_pair(cls, pair: Pair, component: str | None) -> Row:
        """A line about a pair."""
        return cls(pair.code, pair.live, pair.code.type, component, matched_by=pair.matched_by)

    @property
    def meaning(self) -> Meaning:
        """Who agrees with whom."""
        if self.code is None and self.live is not None:
            return Meaning.UNMANAGED
        if self.live is None and self.code is not None:
            return Meaning.NOT_DEPLOYED
        broken = [claim for claim in self.claims if claim.breaks_code or claim.breaks_account]
        broken = [claim for claim in broken if claim.fact.required] or broken
        code = any(claim.breaks_code for claim in broken)
        account = any(claim.breaks_account and not claim.undecided_code for claim in broken)
        if code:
            return Meaning.VIOLATION_DEPLOYED if account else Meaning.NEXT_APPLY_BREAKS
        if account:
            return Meaning.CHANGED_BY_HAND
        return Meaning.PLAIN_DRIFT if self.differs else Meaning.AS_BUILT

    def drift(self) -> Drift:
        """The finished line."""
        meaning = self.meaning
        failing = [fact for claim in self.claims for fact in claim.failing]
        stated = [claim.fact for claim in self.claims]
        graves = [fact.severity for fact in failing] or (
            [fact.severity for fact in stated] if meaning is Meaning.NOT_DEPLOYED else []
        )
        return Drift(
            meaning,
            self.type,
            self.component or self._whose(stated),
            _ref(self.code),
            _ref(self.live),
            self.path,
            next((fact.expected for fact in [*failing, *stated] if fact.expected is not None), None),
            self.in_code,
            self.in_account,
            self.location or (self.code.location if self.code else None),
            _ACTS[meaning],
            self.matched_by,
            tuple(dict.fromkeys(fact.requirement for fact in stated)),
            max(graves, default=_WITHOUT_DOCUMENT.get(meaning, Severity.MEDIUM)),
            self.differs or any(fact.required for fact in failing or stated),
            differs=self.differs,
        )

    def _whose(self, stated: Sequence[Stated]) -> str | None:
        """The component that a fact is about, for lines without a resource and for parts of one (a bucket's policy)."""
        if (self.code is not None or self.live is not None) and not keys_of(self.type).part_of:
            return None
        return next((fact.component for fact in stated if fact.component), None)


def _ref(resource: Resource | None) -> ResourceRef | None:
    if resource is None:
        return None
    return ResourceRef(resource.type, resource.address, resource.origin.value, resource.root)
