"""Rules that hold for any baseline."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from scanner.model.rule import Text
from scanner.policy.baseline import Requirement
from scanner.policy.conditions import Call
from scanner.policy.lint.constraints import Constraint, clash
from scanner.policy.lint.problem import Problem
from scanner.policy.lint.subject import Subject, named_components, parts
from scanner.policy.tracing import cited


def cannot_both_hold(subject: Subject) -> Iterator[Problem]:
    """Two requirements that ask different things of one attribute and bind at the same stage."""
    groups: dict[tuple[str, str], list[Constraint]] = {}
    for constraint in subject.constraints:
        groups.setdefault((constraint.component, constraint.path), []).append(constraint)
    for group in groups.values():
        for one, other in combinations(group, 2):
            if set(one.types) & set(other.types) and clash(one, other):
                ids = tuple(dict.fromkeys((one.requirement.id, other.requirement.id)))
                if subject.bind_together(*ids):
                    yield _both(subject, ids, one, other)


def _both(subject: Subject, ids: tuple[str, ...], one: Constraint, other: Constraint) -> Problem:
    en = f"{one.component}: {one.requirement.id} asks for {one.said}, {other.requirement.id} for {other.said}"
    ko = f"{one.component}: {one.requirement.id}의 {one.said} 조건과 {other.requirement.id}의 {other.said} 조건이 모순"
    return Problem("cannot-both-hold", Text(en, ko), ids, other.requirement.location, subject.decided(ids))


def replaced_too_late(subject: Subject) -> Iterator[Problem]:
    """A requirement that replaces one of its own or a later stage: the other never binds, or both do for a while."""
    stages = subject.baseline.stages
    known = {requirement.id: requirement for requirement in subject.baseline.requirements}
    for requirement in subject.baseline.requirements:
        for id_ in requirement.replaces:
            other = known[id_]
            if requirement.stage and other.stage and stages.index(other.stage) >= stages.index(requirement.stage):
                yield _problem(
                    subject, "stage-without-predecessor", requirement,
                    Text(f"{requirement.id} replaces {id_} from stage {requirement.stage} on, but {id_} binds from "
                         f"{other.stage} on",
                         f"{requirement.id} 항목이 {requirement.stage} 단계부터 {id_} 항목을 대체하나, {id_} 항목은 "
                         f"{other.stage} 단계부터 적용"),
                    id_,
                )  # fmt: skip


def unknown_sections(subject: Subject) -> Iterator[Problem]:
    """A requirement that cites a section which the record of the document does not have."""
    if subject.record is None:
        return
    for requirement in subject.baseline.requirements:
        for section in cited(requirement.section):
            if section not in subject.record.sections:
                yield _problem(
                    subject, "unknown-section", requirement,
                    Text(f"{requirement.id} cites section {section}, which the document's record does not have",
                         f"{requirement.id} 항목이 인용한 {section}절이 문서 기록에 없음"),
                )  # fmt: skip


def unused_components(subject: Subject) -> Iterator[Problem]:
    """A component that no requirement is about and that nothing else is found through."""
    used: set[str] = set()
    for requirement in subject.baseline.requirements:
        used.update(requirement.components, named_components(requirement.assertion))
        if requirement.selection is not None:
            used |= named_components(requirement.selection.where)
        used |= _words(dict(requirement.arguments)) | _words([dict(metric) for metric in requirement.metrics])
        for part in parts(requirement.assertion):
            used |= _words(part.arguments) if isinstance(part, Call) else set()
    for component in subject.baseline.components.values():
        for alternative in component.alternatives:
            used.update(alternative.attached_to, alternative.refers_to)
            used |= named_components(alternative.where)
    for name, component in subject.baseline.components.items():
        if name not in used:
            message = Text(
                f"no requirement is about the component {name}", f"{name} 구성 요소를 다루는 요구 사항이 없음"
            )
            yield Problem("component-never-bound", message, (), component.location)


def _words(data: Any) -> set[str]:
    if isinstance(data, str):
        return {data}
    if isinstance(data, dict):
        return {word for item in data.values() for word in _words(item)}
    return {word for item in data for word in _words(item)} if isinstance(data, list | tuple) else set()


def _problem(subject: Subject, rule: str, requirement: Requirement, message: Text, *others: str) -> Problem:
    ids = (requirement.id, *others)
    return Problem(rule, message, ids, requirement.location, subject.decided(ids))
