"""Links as conditions: `references` and `referenced_by`."""

from __future__ import annotations

from dataclasses import replace

from scanner.model.finding import Verdict
from scanner.model.path import Found, joined
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.conditions import NOTHING, Pick, ReferencedBy, References
from scanner.policy.evidence import Evidence, Outcome
from scanner.policy.links import Mention, bare, mentions, same_address, settled, type_of
from scanner.policy.picks import Picked, Picker, Possible, existence, number_answer
from scanner.policy.structures import literal
from scanner.policy.world import Check, Subject, linking_values


def compile_references(condition: References, where: Check) -> Check:
    """This resource refers to a picked one."""
    picker = Picker(condition.pick, where)

    def decide(subject: Subject) -> Outcome:
        values = linking_values(subject.root, condition.through)
        linked = Picked()
        outside = False
        doubt: tuple[Mention, Unknown] | None = None
        for mention in mentions(values):
            targets = targets_of(subject, picker, mention)
            for resource, sure in targets:
                picker.sort(subject, resource, linked, sure=sure)
            if _known_elsewhere(mention, condition.pick, targets):
                outside = outside or condition.pick.where == NOTHING
                doubt = doubt or (mention, _OUTSIDE)
            elif mention.opaque is not None:
                doubt = doubt or (mention, mention.opaque)
            elif mention.text and not targets:
                unread = picker.pool(subject)[2]  # what it names may be among what was not read
                doubt = doubt or ((mention, unread) if unread else None)
        return _references(subject, condition, values, linked, doubt, outside=outside)

    return decide


_OUTSIDE = Unknown(
    Reason.DATA_SOURCE,
    Words(
        "it refers to a resource outside of this code, of which nothing is known",
        "이 코드 밖의 리소스를 참조하여 알 수 없음",
    ),
)


def targets_of(subject: Subject, picker: Picker, mention: Mention) -> list[tuple[Resource, bool]]:
    """The resources out of the pool that a value names, and whether it certainly does."""
    world = subject.world
    root = subject.resource.root if subject.resource else ""
    sure = settled(mention)
    types = picker.pick.types
    pool: dict[int, bool] | None = None
    if picker.pick.component is not None:
        certain, possible, _ = picker.pool(subject)
        pool = {id(resource): True for resource in certain} | {id(resource): False for resource in possible}
        types = tuple(sorted({resource.type for resource in (*certain, *possible)}))
    hits: dict[int, tuple[Resource, bool]] = {}
    for ref in mention.refs:
        for resource in world.at(root if ref.root is None else ref.root, bare(ref.address)):
            if resource.type in types and same_address(ref.address, resource.address):
                hits[id(resource)] = (resource, sure and ref.certain)
    if mention.text and types:
        for resource in world.named(types, mention.text):
            hits[id(resource)] = (resource, True)
    if pool is None:
        return list(hits.values())
    return [(resource, certainly and pool[key]) for key, (resource, certainly) in hits.items() if key in pool]


def _known_elsewhere(mention: Mention, pick: Pick, targets: list[tuple[Resource, bool]]) -> bool:
    """Whether a value certainly names a resource of a picked type that is not in this code (a data source, say)."""
    if targets or not settled(mention):
        return False
    types = {type_of(ref.address) for ref in mention.refs}
    return any(type_ in types or f"data.{type_}" in types for type_ in pick.types)


def _references(
    subject: Subject,
    condition: References,
    values: list[Found],
    linked: Picked,
    doubt: tuple[Mention, Unknown] | None,
    *,
    outside: bool,
) -> Outcome:
    base = _link_evidence(subject, condition, values, linked)
    if linked.certain or outside:
        return Outcome(Verdict.PASS, (base,))
    if linked.possible:
        return Outcome(Verdict.UNKNOWN, (doubtful(base, linked.possible[0]),))
    if doubt is not None:
        mention, unknown = doubt
        location = mention.value.location or base.location
        return Outcome(Verdict.UNKNOWN, (replace(base, unknown=unknown, location=location, hops=mention.value.hops),))
    return Outcome(Verdict.FAIL, (other_end(base, linked.rejected),))


def _link_evidence(subject: Subject, condition: References, values: list[Found], linked: Picked) -> Evidence:
    """The attribute that should refer, where one is named; otherwise the resource."""
    resource = subject.resource
    header = subject.root.location or (resource.location if resource else None)
    types = condition.pick.types or (condition.pick.component or "",)
    figures = {"types": types, "linked": linked.certain[0].address if linked.certain else None}
    if condition.through is None or not values:
        return Evidence("references", resource, condition.through, header, figures=figures)
    found = next((item for item in values if not item.value.is_absent), values[0])
    value = found.value
    path = joined(subject.prefix, found.path)
    return Evidence(
        "references",
        resource,
        path,
        value.location or header,
        value.hops,
        actual=value,
        written=not value.is_absent,
        figures=figures,
    )


def doubtful(base: Evidence, possible: Possible) -> Evidence:
    """Evidence that rests on something unknown at the other end: that is what has to be cleared up."""
    if not possible.evidence:
        return replace(base, unknown=possible.unknown)
    part = possible.evidence[0]
    return replace(
        base,
        unknown=possible.unknown,
        location=part.location or base.location,
        hops=part.hops,
        parts=possible.evidence,
    )


def other_end(base: Evidence, rejected: list[tuple[Resource, Outcome]]) -> Evidence:
    """Where exactly one resource is linked and only its condition fails, that is the place to fix."""
    if len(rejected) != 1 or not rejected[0][1].evidence:
        return base
    part = rejected[0][1].evidence[0]
    return replace(
        base, location=part.location or base.location, hops=part.hops, written=True, parts=rejected[0][1].evidence
    )


def compile_referenced_by(condition: ReferencedBy, where: Check) -> Check:
    """The number of picked resources that refer to this one."""
    picker = Picker(condition.pick, where)
    wanted = literal(condition.value)

    def decide(subject: Subject) -> Outcome:
        resource = subject.resource
        base = Evidence("referenced_by", resource, None, resource.location if resource else None, op=condition.op)
        base.expected = wanted
        if resource is None:
            return Outcome(Verdict.UNKNOWN, (replace(base, unknown=_NO_RESOURCE),))
        linked = _linking(subject, picker, resource, condition.through)
        base.figures = {"types": _named(condition.pick), "known": len(linked.certain), "most": linked.most}
        return number_outcome(base, linked, wanted)

    return decide


_NO_RESOURCE = Unknown(Reason.ERROR, Words("there is no resource under test here", "판정 대상 리소스가 없음"))


def _named(pick: Pick) -> tuple[str, ...]:
    return pick.types or (pick.component or "",)


def _linking(subject: Subject, picker: Picker, target: Resource, through: str | None) -> Picked:
    """The picked resources that refer to `target`."""
    world = subject.world
    pool, perhaps, hidden = picker.pool(subject)
    types = picker.pick.types or tuple(sorted({resource.type for resource in (*pool, *perhaps)}))
    links = world.backlinks(types, through)
    certain, possible = links.to(target, opaque=False)
    linked = Picked(hidden=hidden)
    members = None if picker.pick.component is None else {id(resource) for resource in (*pool, *perhaps)}
    unsure = {id(resource) for resource in perhaps}
    for source in certain:
        if members is None or id(source) in members:
            picker.sort(subject, source, linked, sure=id(source) not in unsure)
    seen = {id(source) for source in certain} | {id(target)}
    doubts = [_doubtful_link(subject, picker, *item) for key, item in possible.items() if key not in seen]
    shared = picker.once(subject.world, lambda: [_doubtful_link(subject, picker, *item) for item in links.opaque])
    seen |= possible.keys()
    doubts += [item for item in shared[:_MOST_DOUBTS] if id(item.resource) not in seen]
    linked.possible += [
        item for item in doubts if item is not None and (members is None or id(item.resource) in members)
    ]
    linked.endless = linked.endless or len(shared) > _MOST_DOUBTS
    linked.endless = linked.endless or any(existence(item.resource) is not None for item in linked.possible)
    return linked


_MOST_DOUBTS = 30
"""So many resources that may refer to anything are told apart; more of them are any number."""


def _doubtful_link(subject: Subject, picker: Picker, source: Resource, mention: Mention) -> Possible | None:
    """A resource that may refer to the one under test; None where its condition rules it out anyway."""
    outcome = picker.meets(subject, source)
    if outcome.verdict is Verdict.FAIL:
        return None
    raw = mention.value.raw
    unknown = mention.opaque or (raw if isinstance(raw, Unknown) else _NO_RESOURCE)
    seen = Evidence(
        "test", source, None, mention.value.location or source.location, mention.value.hops, unknown=unknown
    )
    return Possible(source, unknown, (seen,))


def number_outcome(base: Evidence, picked: Picked, wanted: Value) -> Outcome:
    """The outcome of a number of picked resources against `op wanted`."""
    answer = number_answer(base.op, len(picked.certain), picked.most, wanted)
    if isinstance(answer, Unknown):
        return Outcome(Verdict.UNKNOWN, (replace(base, unknown=answer),))
    if answer is None:
        if picked.possible:
            return Outcome(Verdict.UNKNOWN, (doubtful(base, picked.possible[0]),))
        return Outcome(Verdict.UNKNOWN, (replace(base, unknown=picked.hidden),))
    if answer:
        return Outcome(Verdict.PASS, (base,))
    too_few = number_answer(base.op, len(picked.certain) + 1, None, wanted) is not False
    if too_few:
        return Outcome(Verdict.FAIL, (base if picked.certain else other_end(base, picked.rejected),))
    return Outcome(Verdict.FAIL, (_offender(base, picked),))


def _offender(base: Evidence, picked: Picked) -> Evidence:
    """Where resources refer to this one that must not, what the first of them says is the place to fix."""
    if base.kind != "referenced_by" or not picked.seen:
        return base
    part = picked.seen[0]
    figures = {**base.figures, "too_many": True}
    return replace(
        base, location=part.location or base.location, hops=part.hops, written=True, parts=picked.seen, figures=figures
    )
