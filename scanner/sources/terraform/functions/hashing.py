"""Hash and crypto functions."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

from scanner.model.value import Raw, Reason, Unknown, Value
from scanner.sources.terraform.functions.base import Function, FunctionError, Implementation, Scope, pure, undecidable
from scanner.sources.terraform.functions.encoding import encoded_bytes
from scanner.sources.terraform.functions.filesystem import read_bytes
from scanner.sources.terraform.kinds import NUMBER, STRING

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def _hexadecimal(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def _base64(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: encoded_bytes(hashlib.new(algorithm, data, usedforsecurity=False).digest())


def _of_text(digest: Callable[[bytes], str]) -> Implementation:
    return pure(lambda text: digest(text.encode()))


def _of_file(digest: Callable[[bytes], str]) -> Implementation:
    def implementation(scope: Scope, arguments: list[Value]) -> Raw:
        data = read_bytes(scope, str(arguments[0].raw))
        return data if isinstance(data, Unknown) else digest(data)

    return implementation


def _uuidv5(namespace: str, name: str) -> Raw:
    try:
        space = _NAMESPACES.get(namespace) or uuid.UUID(namespace)
    except ValueError as error:
        raise FunctionError(f"{namespace!r} is no namespace") from error
    return str(uuid.uuid5(space, name))


_HEXADECIMAL = ("md5", "sha1", "sha256", "sha512")
_BASE64 = ("sha256", "sha512")

FUNCTIONS = (
    *(Function(name, _of_text(_hexadecimal(name)), (STRING,)) for name in _HEXADECIMAL),
    *(Function(f"base64{name}", _of_text(_base64(name)), (STRING,)) for name in _BASE64),
    *(Function(f"file{name}", _of_file(_hexadecimal(name)), (STRING,)) for name in _HEXADECIMAL),
    *(Function(f"filebase64{name}", _of_file(_base64(name)), (STRING,)) for name in _BASE64),
    Function("bcrypt", undecidable("bcrypt gives another result each time"), (STRING, NUMBER), optional=1),
    Function("rsadecrypt", undecidable("decrypted data is not looked at", Reason.UNSUPPORTED), (STRING, STRING)),
    Function("uuid", undecidable("uuid gives another result each time")),
    Function("uuidv5", pure(_uuidv5), (STRING, STRING)),
)
