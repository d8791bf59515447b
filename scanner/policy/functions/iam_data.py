"""Policy documents and data: who may read everything there is, and whether a document lets anybody in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import lookup
from scanner.model.rule import Text
from scanner.model.value import Unknown, Value
from scanner.policy.evidence import Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, said, text, undecided
from scanner.policy.functions.statements import Statement, listed, statements_of
from scanner.policy.world import Subject

# Actions on what is stored, all of which can be limited to resources.
# Source: the tables of actions in the AWS Service Authorization Reference.
_DATA: Final = re.compile(
    r"(?i)s3:(Get|Put|Delete)Object\w*\*?|s3:\*Object\w*|dynamodb:(Get|Put|Delete|Update|Query|Scan|Batch)\w*\*?"
    r"|secretsmanager:(Get|Put|BatchGet)\w*\*?|ssm:GetParameter\w*\*?|kms:(Decrypt|GenerateDataKey\w*)\*?"
    r"|es:ESHttp\w*\*?|sqs:(Send|Receive|Delete)\w*\*?|rds-data:\w+\*?|(s3|secretsmanager|kms|dynamodb|es):(Get|Put)?\*"
)
_EVERYTHING: Final = re.compile(r"\*|arn:aws[a-z-]*:(\*|s3|secretsmanager|dynamodb|kms|ssm|es|sqs):[*:]*\*")


def _data_limited(subject: Subject, arguments: Arguments) -> Outcome:
    """No statement allows reading or writing data on every resource of a service."""
    return _of_statements(subject, arguments, _unlimited)


def _named_principals(subject: Subject, arguments: Arguments) -> Outcome:
    """Every statement that allows something says whom, or under which condition."""
    return _of_statements(subject, arguments, _anybody)


def _of_statements(
    subject: Subject, arguments: Arguments, judge: Callable[[Subject, Statement, str], Iterator[Outcome]]
) -> Outcome:
    path = text(arguments, "policy")
    outcomes: list[Outcome] = []
    for found in lookup(subject.root, path):
        statements = statements_of(found.value)
        outcomes += [undecided(subject, doubt.unknown, doubt.value, path) for doubt in statements.doubts]
        for statement in statements.known:
            if statement.allows:
                outcomes += judge(subject, statement, path)
    return all_hold(outcomes)


def _unlimited(subject: Subject, statement: Statement, path: str) -> Iterator[Outcome]:
    if not any(isinstance(item.raw, str) and _EVERYTHING.fullmatch(item.raw) for item in statement.resources):
        return
    for action in statement.actions:
        if isinstance(action.raw, str) and _DATA.fullmatch(action.raw):
            words = Text(f"{action.raw} is allowed on every resource", f"{action.raw} 작업이 모든 리소스에 허용됨")
            yield said(Verdict.FAIL, subject, words, path=path, at=action, actual=action.raw)


def _anybody(subject: Subject, statement: Statement, path: str) -> Iterator[Outcome]:
    whole = statement.whole.raw if statement.whole is not None else None
    conditioned = isinstance(whole, Mapping) and "Condition" in whole and not whole["Condition"].is_absent
    for principal in _principals(statement):
        if isinstance(principal.raw, Unknown):
            if not principal.refs:
                yield undecided(subject, principal.raw, principal, path)
        elif principal.raw == "*" and not conditioned:
            words = Text("anybody is let in", "누구에게나 허용됨")
            yield said(Verdict.FAIL, subject, words, path=path, at=principal, actual="*")


def _principals(statement: Statement) -> Iterator[Value]:
    value = statement.principals
    if value is None or value.is_absent:
        return
    if not isinstance(value.raw, Mapping):
        yield value
        return
    for items in value.raw.values():
        yield from listed(items.with_(location=items.location or value.location))


FUNCTIONS = (
    Function(
        "iam_data_limited",
        "Whether a policy document keeps data actions to named resources",
        ("policy",),
        _data_limited,
    ),
    Function(
        "iam_named_principals", "Whether a policy document lets in only whom it names", ("policy",), _named_principals
    ),
)
