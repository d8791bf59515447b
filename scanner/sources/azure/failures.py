"""Calls that did not answer, and what their errors mean."""

from __future__ import annotations

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

UNREGISTERED = "MissingSubscriptionRegistration"
"""The error of a subscription that does not use a resource provider: none of its resources can exist there."""


class Failure(Exception):
    """A call that did not answer.

    reason   what happened, for people
    code     the service's error code, empty where there is none
    status   the HTTP status, 0 where nothing answered
    denied   whether a permission is missing
    account  whether every further call will fail alike (there is no valid token)
    """

    def __init__(
        self, reason: str, code: str = "", *, status: int = 0, denied: bool = False, account: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.status = status
        self.denied = denied
        self.account = account


def answered(status: int, code: str) -> Failure:
    """What an answer with an error status means: by the status, as services choose their codes freely."""
    expired = status == 401
    return Failure(code or f"HTTP {status}", code, status=status, denied=status == 403, account=expired)


def failure_of(error: AzureError) -> Failure:
    """What an error of azure-core means."""
    if isinstance(error, HttpResponseError) and error.status_code and not isinstance(error, ClientAuthenticationError):
        return answered(error.status_code, error.error.code if error.error is not None and error.error.code else "")
    if isinstance(error, ClientAuthenticationError):
        return Failure("there are no valid credentials", account=True)
    if isinstance(error, ServiceRequestError | ServiceResponseError):
        return Failure(f"cannot be reached ({type(error).__name__})")
    return Failure(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
