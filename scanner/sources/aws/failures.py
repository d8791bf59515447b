"""Calls that did not answer, and what their errors mean."""

from __future__ import annotations

from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    TokenRetrievalError,
)

_DENIED: Final = frozenset(
    {
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized",
        "UnauthorizedAccess", "Forbidden", "OptInRequired", "SubscriptionRequiredException", "AccessDeniedFault",
    }
)  # fmt: skip
_EXPIRED: Final = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "ExpiredTokenError", "RequestExpired", "TokenRefreshRequired"}
)
_ROLE: Final = "AssumeRole"
_NO_ACCOUNT: Final = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "InvalidToken"})


class Failure(Exception):
    """A call that did not answer.

    operation    the operation that was called
    reason       what happened, for people
    code         the service's error code; empty where no service answered
    denied       whether a permission is missing
    account      whether every further call of the account will fail alike (the credentials have expired)
    unreachable  whether every further call of the service in the region will fail alike
    limited      whether it did answer, and the rest of the answer is not asked for
    """

    def __init__(
        self,
        operation: str,
        reason: str,
        code: str = "",
        *,
        denied: bool = False,
        account: bool = False,
        unreachable: bool = False,
        limited: bool = False,
    ) -> None:
        super().__init__(f"{operation}: {reason}")
        self.operation = operation
        self.reason = reason
        self.code = code
        self.denied = denied
        self.account = account
        self.unreachable = unreachable
        self.limited = limited


def failure_of(operation: str, error: Exception) -> Failure:
    """What an error of boto3 means; one that is neither of a service nor of the way to it is a malformed answer."""
    if isinstance(error, ClientError):
        return _service_error(operation, error)
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError):
        return Failure(operation, f"cannot be reached ({type(error).__name__})", unreachable=True)
    if isinstance(error, NoCredentialsError | TokenRetrievalError):
        return Failure(operation, _sentence(error), account=True)
    if isinstance(error, BotoCoreError):
        return Failure(operation, f"{type(error).__name__}: {_sentence(error)}")
    return Failure(operation, f"malformed answer ({type(error).__name__})")


def _service_error(operation: str, error: ClientError) -> Failure:
    """By status as well as by code: some services answer 403 with a code of their own, or with none."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    if error.operation_name == _ROLE:  # called on the way to another call, for its credentials
        return Failure(operation, f"the role cannot be assumed ({code})", code, account=True)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    expired = code in _EXPIRED or code.startswith("ExpiredToken")
    unknown_here = code in _NO_ACCOUNT
    denied = not expired and not unknown_here and (code in _DENIED or status in (401, 403))
    return Failure(operation, code or f"HTTP {status}", code, denied=denied, account=expired, unreachable=unknown_here)


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
