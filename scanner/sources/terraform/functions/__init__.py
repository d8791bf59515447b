"""Terraform's built-in functions (those of Terraform 1.11). `try` and `can` belong to the evaluation of expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scanner.model.value import Reason
from scanner.sources.terraform.functions import (
    cidr,
    collection,
    conversion,
    encoding,
    filesystem,
    formatting,
    hashing,
    moment,
    numeric,
    pattern,
    selection,
    set_operations,
    string,
)
from scanner.sources.terraform.functions.base import Function, FunctionError, Scope, undecidable
from scanner.sources.terraform.kinds import ANY

__all__ = ["FUNCTIONS", "Function", "FunctionError", "Scope", "find_function"]

FUNCTIONS: Final[Mapping[str, Function]] = {
    function.name: function
    for family in (
        cidr,
        collection,
        conversion,
        encoding,
        filesystem,
        formatting,
        hashing,
        moment,
        numeric,
        pattern,
        selection,
        set_operations,
        string,
    )
    for function in family.FUNCTIONS
}


def find_function(name: str) -> Function | None:
    """The function of that name, also as `core::name`; functions of providers have unknown results."""
    if name.startswith("provider::"):
        result = undecidable(f"{name} is a function of a provider", Reason.UNSUPPORTED)
        return Function(name, result, rest=ANY, nulls=True, handles_unknown=False)
    return FUNCTIONS.get(name.removeprefix("core::"))
