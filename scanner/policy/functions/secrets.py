"""Secrets that stand in plain view in the environment of a workload."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scanner.model.finding import Verdict
from scanner.model.path import decoded, lookup
from scanner.model.rule import Text
from scanner.model.secrets import has_credentials
from scanner.model.value import MASK, Reason, Unknown, Value, fields_of
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, text, texts, undecided
from scanner.policy.functions.written import MASKED
from scanner.policy.links import type_of
from scanner.policy.world import Subject

_LOOKS_SECRET = re.compile(
    r"://[^/:@\s]+:[^@/\s]+@"  # a URL with a password
    r"|\b(AKIA|ASIA)[0-9A-Z]{16}\b"  # an AWS access key
    r"|\bsk-[A-Za-z0-9_-]{16,}"  # an OpenAI key
    r"|\bsk_(live|test)_[A-Za-z0-9]{10,}"  # a Stripe key
    r"|\bpcsk_[A-Za-z0-9_]{10,}"  # a Pinecone key
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}"  # a GitHub token
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"  # a Slack token
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
)
_SECRET_NAME = re.compile(
    r"(?i)(passw(or)?d|passphrase|pwd|secret|token|credentials?|private_?key|api_?key|access_?key|dsn)$"
)
_SECRET_OF = re.compile(
    r"(?i)(secret|password|api_key|access_key|token)_(staging|stage|prod|production|dev|key|value)$"
)
_NO_SECRET = re.compile(
    r"(?i)$|\$|<|\*+$|x+$|true$|false$|yes$|no$|\d{1,6}$|/[\w./-]+$|arn:aws"
    r"|(your|my|change|replace|insert|put|set|enter|dummy|example|placeholder|todo|none|null|test)([-_ ]|me|$)"
)
"""Values that stand in for a secret, or say where it is."""
_PARTLY = Unknown(
    Reason.UNSUPPORTED,
    Words("a part of it is written in the file, a part is a variable", "일부는 파일에 적혀 있고 일부는 변수임"),
)
_SECRET_SOURCES = {
    ("random_password", "result"),
    ("random_password", "bcrypt_hash"),
    ("data.aws_secretsmanager_secret_version", "secret_string"),
    ("data.aws_secretsmanager_secret_version", "secret_binary"),
    ("data.aws_ssm_parameter", "value"),
    ("data.aws_secretsmanager_random_password", "random_password"),
    ("aws_iam_access_key", "secret"),
}


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    """No variable at `in` (an object of name and value) has a forbidden name or holds a secret."""
    assert subject.resource is not None
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    path = text(arguments, "in")
    return all_hold(
        outcome
        for found in lookup(subject.resource.attributes, path)
        for outcome in _variables(subject, found.path, found.value, texts(arguments, "names"))
    )


def _variables(subject: Subject, path: str, variables: Value, names: list[str]) -> Iterator[Outcome]:
    structure = decoded(variables)
    if isinstance(structure.raw, Unknown):
        yield undecided(subject, structure.raw, variables, path)
    if not isinstance(structure.raw, Mapping):
        return
    for name, item in structure.raw.items():
        value = item.with_(location=variables.location, hops=variables.hops)
        where = f"{path}.{name}"
        if value.is_absent:
            continue
        if name in names:
            words = Text(f"{name} stands in the environment", f"{name} 값이 환경 변수에 있음")
            yield said(Verdict.FAIL, subject, words, path=where, at=value)
        elif value.raw == MASK and not value.sensitive:
            yield undecided(subject, MASKED, value, where)
        elif value.sensitive or _from_secret(subject, value) or _looks_secret(value):
            words = Text(f"{name} holds a secret in plain view", f"{name} 환경 변수에 비밀값이 평문으로 있음")
            yield said(Verdict.FAIL, subject, words, path=where, at=value)
        elif isinstance(value.raw, Unknown) and not _harmless(value):
            yield undecided(subject, value.raw, value, where)


def _written(subject: Subject, arguments: Arguments) -> Outcome:
    """No variable at `in` has a secret as its value; a reference to a variable in its place is none."""
    assert subject.resource is not None
    inside = "in_urls" not in arguments or arguments["in_urls"].raw is True
    return all_hold(
        _one(subject, f"{found.path}.{name}", name, item, inside)
        for found in lookup(subject.resource.attributes, text(arguments, "in"))
        for name, item in fields_of(found.value).items()
    )


def _one(subject: Subject, where: str, name: str, value: Value, inside: bool) -> Outcome:
    written = value.raw if isinstance(value.raw, str) else value.shape or ""
    named = _SECRET_NAME.search(name) or _SECRET_OF.search(name)
    suspicious = named is not None and not _NO_SECRET.match(written)
    if suspicious and isinstance(value.raw, Unknown) and "$" in written:
        return undecided(subject, _PARTLY, value, where)
    if suspicious or (inside and (has_credentials(written) or _looks_secret(value))):
        words = Text(f"{name} has a secret as its value", f"{name} 값에 비밀값이 적혀 있음")
        return said(Verdict.FAIL, subject, words, path=where, at=value.with_(sensitive=True))
    return HOLDS


def _looks_secret(value: Value) -> bool:
    return isinstance(value.raw, str) and _LOOKS_SECRET.search(value.raw) is not None


def _from_secret(subject: Subject, value: Value) -> bool:
    """Whether a part of the value is the secret itself, not the name of one."""
    for ref in value.refs:
        type_ = type_of(ref.address)
        if (type_, ref.attribute) in _SECRET_SOURCES or subject.world.facts.sensitive(type_, ref.attribute):
            return True
    return False


def _harmless(value: Value) -> bool:
    """What only the provider knows, and is not sensitive: ARNs, addresses, names."""
    raw = value.raw
    return isinstance(raw, Unknown) and raw.reason is Reason.COMPUTED and bool(value.refs)


FUNCTIONS = (
    Function(
        "no_plain_secrets",
        "Whether the variables of a workload hold no secrets, only the names of some",
        ("in",),
        _decide,
        ("names",),
    ),
    Function(
        "no_written_secrets",
        "Whether no variable at `in` (an object of name and value) has a secret as its value, instead of a variable; "
        "without `in_urls` only those count whose name says so",
        ("in",),
        _written,
        ("in_urls",),
    ),
)
