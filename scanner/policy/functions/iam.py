"""Rights as policy functions: what a role may do, what it may not, and who may take it.

Deny statements and conditions are left out of account: they only narrow what a statement allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scanner.model.finding import Verdict
from scanner.model.path import lookup
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, text, texts, undecided
from scanner.policy.functions.linked import referring
from scanner.policy.functions.statements import (
    NO_ACCOUNT,
    Statement,
    Statements,
    arn_of,
    covers,
    listed,
    overlaps,
    statements_of,
    statements_of_role,
)
from scanner.policy.world import Subject

_EVERYTHING = re.compile(r"\*|arn:[^:]*:[^:]*:\*?:\*?:\*")


def _allows(subject: Subject, arguments: Arguments) -> Outcome:
    """Every action is allowed on a resource that the pattern `resource` has in common with a statement."""
    assert subject.resource is not None
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    statements = statements_of_role(subject.world, subject.resource)
    pattern = text(arguments, "resource") or "*"
    return all_hold([_allowed(subject, statements, action, pattern) for action in texts(arguments, "actions")])


def _allowed(subject: Subject, statements: Statements, action: str, pattern: str) -> Outcome:
    doubts = [(doubt.unknown, doubt.value) for doubt in statements.doubts]
    for statement in statements.known:
        if not statement.allows or not _grants(statement, action):
            continue
        for resource in statement.resources:
            arn = arn_of(subject.world, _root(subject), resource)
            if arn is not None and overlaps(arn.replace(f":{NO_ACCOUNT}:", ":*:"), pattern):
                return HOLDS
            if arn is None and isinstance(resource.raw, Unknown):
                doubts.append((resource.raw, resource))
    if doubts:
        return undecided(subject, *doubts[0])
    on, on_ko = ("", "") if pattern == "*" else (f" on {pattern}", f" (대상 {pattern})")
    words = Text(f"{action} is not allowed{on}", f"{action} 권한이 없음{on_ko}")
    return said(Verdict.FAIL, subject, words, expected=action)


def _grants(statement: Statement, action: str) -> bool:
    if statement.excluded:
        return not any(isinstance(item.raw, str) and covers(item.raw, action) for item in statement.excluded)
    return any(isinstance(item.raw, str) and covers(item.raw, action) for item in statement.actions)


def _limited_to(subject: Subject, arguments: Arguments) -> Outcome:
    """Whatever is allowed of a service is on the list of actions, on resources that match."""
    assert subject.resource is not None
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    statements = statements_of_role(subject.world, subject.resource)
    outcomes = [undecided(subject, doubt.unknown, doubt.value) for doubt in statements.doubts]
    service, accepted = text(arguments, "service"), texts(arguments, "actions")
    for statement in statements.known:
        if statement.allows:
            outcomes += _within(subject, statement, service, accepted, text(arguments, "resources"))
    return all_hold(outcomes)


def _within(
    subject: Subject, statement: Statement, service: str, accepted: list[str], pattern: str
) -> Iterator[Outcome]:
    touched = False
    for action in statement.actions:
        if isinstance(action.raw, Unknown):
            yield undecided(subject, action.raw, action)
        elif isinstance(action.raw, str) and covers(action.raw.partition(":")[0], service):
            touched = True
            if not any(covers(item, action.raw) for item in accepted):
                yield _too_much(subject, action, f"only {', '.join(accepted)}", f"허용: {', '.join(accepted)}")
    if statement.excluded and statement.whole is not None and not _excludes(statement, service):
        touched = True
        yield _too_much(subject, statement.excluded[0], "no NotAction", "NotAction 사용 금지")
    for resource in statement.resources if touched else ():
        arn = arn_of(subject.world, _root(subject), resource)
        if arn is None and isinstance(resource.raw, Unknown):
            yield undecided(subject, resource.raw, resource)
        elif arn is not None and not re.search(pattern, arn):
            yield _too_much(subject, resource, f"resources like {pattern}", f"{pattern} 형태의 리소스")


def _excludes(statement: Statement, service: str) -> bool:
    return any(isinstance(item.raw, str) and covers(item.raw, f"{service}:*") for item in statement.excluded)


def _too_much(subject: Subject, value: Value, goal: str, goal_ko: str) -> Outcome:
    shown = value.raw if isinstance(value.raw, str) else "it"
    words = Text(f"{shown} is allowed, expected {goal}", f"{shown} 허용됨, {goal_ko}")
    return said(Verdict.FAIL, subject, words, at=value, actual=shown)


def _no_wildcards(subject: Subject, arguments: Arguments) -> Outcome:
    """No statement allows every action, or a whole service on every resource."""
    assert subject.resource is not None
    path = text(arguments, "policy")
    outcomes: list[Outcome] = []
    for found in lookup(subject.resource.attributes, path):
        statements = statements_of(found.value)
        outcomes += [undecided(subject, doubt.unknown, doubt.value, path) for doubt in statements.doubts]
        for statement in statements.known:
            if statement.allows:
                outcomes += _wildcards(subject, statement, path)
    return all_hold(outcomes)


def _wildcards(subject: Subject, statement: Statement, path: str) -> Iterator[Outcome]:
    reach = next((item for item in statement.resources if _is_everything(item)), None)
    vague = next((item for item in statement.resources if isinstance(item.raw, Unknown) and not item.refs), None)
    for action in statement.actions:
        if isinstance(action.raw, Unknown):
            yield undecided(subject, action.raw, action, path)
        elif action.raw in ("*", "*:*"):
            words = Text("every action is allowed", "모든 작업이 허용됨")
            yield said(Verdict.FAIL, subject, words, path=path, at=action, actual="*")
        elif isinstance(action.raw, str) and action.raw.endswith(":*") and reach is not None:
            words = Text(f"{action.raw} is allowed on every resource", f"{action.raw} 작업이 모든 리소스에 허용됨")
            yield said(Verdict.FAIL, subject, words, path=path, at=action, actual=action.raw)
        elif isinstance(action.raw, str) and action.raw.endswith(":*") and vague is not None:
            assert isinstance(vague.raw, Unknown)
            yield undecided(subject, vague.raw, vague, path)
    if statement.excluded and reach is not None:
        words = Text(
            "all actions but a few are allowed on every resource", "일부를 제외한 모든 작업이 모든 리소스에 허용됨"
        )
        yield said(Verdict.FAIL, subject, words, path=path, at=statement.excluded[0])


def _is_everything(resource: Value) -> bool:
    return isinstance(resource.raw, str) and _EVERYTHING.fullmatch(resource.raw) is not None


def _trusts_only(subject: Subject, arguments: Arguments) -> Outcome:
    """Nobody but the listed services may take the role; `alone` refuses accounts and federated users as well."""
    assert subject.resource is not None
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    path = "assume_role_policy"
    statements = statements_of(lookup(subject.resource.attributes, path)[0].value)
    outcomes = [undecided(subject, doubt.unknown, doubt.value, path) for doubt in statements.doubts]
    alone = "alone" in arguments and arguments["alone"].raw is True
    for statement in statements.known:
        if statement.allows:
            outcomes += _trust(subject, statement, texts(arguments, "services"), alone=alone)
    return all_hold(outcomes)


def _trust(subject: Subject, statement: Statement, services: list[str], *, alone: bool) -> Iterator[Outcome]:
    if statement.everyone_but is not None:
        yield _distrusted(subject, statement.everyone_but, "everyone but a few")
    for kind, principal in _principals(statement.principals):
        raw = principal.raw
        if isinstance(raw, Unknown):
            if kind in ("", "Service") or alone or not principal.refs:
                yield undecided(subject, raw, principal, "assume_role_policy")
        elif kind == "Service":
            if not any(covers(item, str(raw)) for item in services):
                yield _distrusted(subject, principal, str(raw))
        elif raw == "*" or alone:
            yield _distrusted(subject, principal, str(raw))


def _principals(value: Value | None) -> Iterator[tuple[str, Value]]:
    """Principals with their kind (AWS, Service, Federated); a bare asterisk has none."""
    if value is None or value.is_absent:
        return
    if isinstance(value.raw, Mapping):
        for kind, items in value.raw.items():
            for item in listed(items.with_(location=value.location)):
                yield kind, item
    else:
        yield "", value


def _distrusted(subject: Subject, value: Value, who: str) -> Outcome:
    words = Text(f"{who} may take the role", f"{who} 주체가 역할을 얻을 수 있음")
    return said(Verdict.FAIL, subject, words, path="assume_role_policy", at=value, actual=who)


def _reads_injected_secrets(subject: Subject, arguments: Arguments) -> Outcome:  # noqa: ARG001 (one signature)
    """The role may read every secret that the task definitions which use it as execution role inject."""
    assert subject.resource is not None
    statements = statements_of_role(subject.world, subject.resource)
    tasks = referring(subject.world, ("aws_ecs_task_definition",), "execution_role_arn", subject.resource)
    outcomes = [undecided(subject, doubt.unknown, doubt.value) for doubt in tasks.doubts]
    for task, _ in tasks.certain:
        for found in lookup(task.attributes, "container_definitions[*].secrets[*].valueFrom"):
            outcomes.append(_readable(subject, statements, found.value))
    return all_hold(outcomes)


def _readable(subject: Subject, statements: Statements, secret: Value) -> Outcome:
    arn = arn_of(subject.world, _root(subject), secret)
    if arn is None:
        unknown = secret.raw if isinstance(secret.raw, Unknown) else _UNCLEAR
        return undecided(subject, unknown, secret)
    if ":secretsmanager:" not in arn:
        return HOLDS
    name = ":".join(arn.split(":")[:7])
    spellings = [name, f"{name}-??????"]
    doubts = [(doubt.unknown, doubt.value) for doubt in statements.doubts]
    for statement in statements.known:
        if not statement.allows or not _grants(statement, "secretsmanager:GetSecretValue"):
            continue
        for resource in statement.resources:
            granted = arn_of(subject.world, _root(subject), resource)
            if granted is None and isinstance(resource.raw, Unknown):
                doubts.append((resource.raw, resource))
            elif granted is not None and any(_same_secret(granted, item) for item in spellings):
                return HOLDS
    if doubts:
        return undecided(subject, *doubts[0])
    words = Text(f"the role may not read {name}", f"역할에 {name} 조회 권한이 없음")
    return said(Verdict.FAIL, subject, words, at=secret, actual=name)


_UNCLEAR = Unknown(Reason.UNSUPPORTED, Words("it does not tell which secret it names", "어떤 시크릿인지 알 수 없음"))


def _same_secret(granted: str, wanted: str) -> bool:
    """Whether a granted ARN pattern covers a secret; where an account is not known, the names decide."""
    if f":{NO_ACCOUNT}:" in granted + wanted:
        granted, wanted = granted.rpartition(":secret:")[2], wanted.rpartition(":secret:")[2]
    return covers(granted, wanted)


def _root(subject: Subject) -> str:
    return subject.resource.root if subject.resource else ""


FUNCTIONS = (
    Function("iam_allows", "Whether a role is allowed actions on resources", ("actions",), _allows, ("resource",)),
    Function(
        "iam_limited_to",
        "Whether a role is allowed nothing of a service but some actions on some resources",
        ("service", "actions", "resources"),
        _limited_to,
    ),
    Function("iam_no_wildcards", "Whether a policy document allows no more than it names", ("policy",), _no_wildcards),
    Function("iam_trusts_only", "Whether only some services may take a role", ("services",), _trusts_only, ("alone",)),
    Function(
        "iam_reads_injected_secrets",
        "Whether an execution role may read the secrets that its tasks are given",
        (),
        _reads_injected_secrets,
    ),
)
