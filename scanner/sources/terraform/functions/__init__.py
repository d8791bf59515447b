"""Terraform's built-in functions (those of Terraform 1.11). `try` and `can` belong to the evaluation of expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from scanner.sources.terraform.functions.base import Function, FunctionError, Scope

__all__ = ["FUNCTIONS", "Function", "FunctionError", "Scope"]

_FAMILIES: Final = {
    "cidr": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "collection": "chunklist concat flatten keys list map merge range reverse slice transpose values zipmap",
    "conversion": "ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring",
    "csv_text": "csvdecode",
    "encoding": (
        "base64decode base64encode base64gzip jsondecode jsonencode textdecodebase64 textencodebase64 urlencode"
    ),
    "filesystem": "abspath basename dirname file filebase64 fileexists fileset pathexpand templatefile",
    "formatting": "format formatlist",
    "hashing": (
        "base64sha256 base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 filesha1 filesha256 "
        "filesha512 md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5"
    ),
    "moment": "formatdate plantimestamp timeadd timecmp timestamp",
    "numeric": "abs ceil floor log max min parseint pow signum",
    "pattern": "regex regexall replace",
    "selection": (
        "alltrue anytrue coalesce coalescelist compact contains distinct element index length lookup "
        "matchkeys one sort sum"
    ),
    "set_operations": "setintersection setproduct setsubtract setunion",
    "string": (
        "chomp endswith indent join lower split startswith strcontains strrev substr templatestring title "
        "trim trimprefix trimspace trimsuffix upper"
    ),
    "yaml_text": "yamldecode yamlencode",
}


class _Functions(Mapping[str, Function]):
    """Functions by name. A family is imported when one of its functions is asked for: most code uses few of them."""

    def __init__(self) -> None:
        self._families = {name: family for family, names in _FAMILIES.items() for name in names.split()}
        self._loaded: dict[str, Function] = {}

    def __getitem__(self, name: str) -> Function:
        if name not in self._loaded:
            family = import_module(f"{__name__}.{self._families[name]}")
            self._loaded.update((function.name, function) for function in family.FUNCTIONS)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._families)

    def __len__(self) -> int:
        return len(self._families)


FUNCTIONS: Final[Mapping[str, Function]] = _Functions()
