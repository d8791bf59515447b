"""Data sources whose answers follow from the code: what needs no cloud account is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from scanner.model.location import Location
from scanner.model.value import Hop, Unknown, Value
from scanner.sources.terraform.iam_policy import policy_document
from scanner.sources.terraform.scope import EvaluationError, Scope, derived


class DataSource(Protocol):
    """A data source as it is written."""

    @property
    def address(self) -> str:
        """Its full address."""

    @property
    def place(self) -> Location:
        """Its header."""

    @property
    def scope(self) -> Scope:
        """The scope of its arguments."""

    def get(self, name: str, default: Value, /) -> Value:
        """An argument as written."""

    def arguments(self) -> Mapping[str, Value]:
        """All arguments as written."""

    def configuration(self) -> Value | None:
        """The provider configuration that it uses."""


def _policy_json(source: DataSource) -> Value:
    return policy_document(source.arguments(), source.place, indent=True)


def _policy_minified(source: DataSource) -> Value:
    return policy_document(source.arguments(), source.place, indent=False)


def _region(source: DataSource) -> Value | None:
    """The region of the provider configuration, where the code says it."""
    configuration = source.configuration()
    if configuration is None or not isinstance(configuration.raw, Mapping):
        return None
    region = configuration.raw.get("region")
    return region if region is not None and isinstance(region.raw, str) else None


def _partition(source: DataSource) -> Value | None:
    region = _region(source)
    if region is None:
        return None
    name = str(region.raw)
    special = {"cn": "aws-cn", "us-gov": "aws-us-gov", "us-iso": None, "us-isob": None, "eu-isoe": None}
    prefix = name.rsplit("-", 2)[0]
    partition = special.get(prefix, "aws")
    return derived(partition, region) if partition is not None else None


def _suffix(source: DataSource) -> Value | None:
    partition = _partition(source)
    if partition is None:
        return None
    return derived("amazonaws.com.cn" if partition.raw == "aws-cn" else "amazonaws.com", partition)


def _rendered(source: DataSource) -> Value | None:
    """The text of the old `template_file`."""
    template, variables = source.get("template", Value(None)), source.get("vars", Value({}))
    if isinstance(template.raw, Unknown):
        return derived(template.raw, template)
    if not isinstance(template.raw, str) or not isinstance(variables.raw, Mapping):
        return None
    try:
        return source.scope.expand_template(template.raw, variables.raw, source.place.path)
    except EvaluationError:
        return None


_COMPUTED: Final[Mapping[tuple[str, str], Callable[[DataSource], Value | None]]] = {
    ("data.aws_iam_policy_document", "json"): _policy_json,
    ("data.aws_iam_policy_document", "minified_json"): _policy_minified,
    ("data.aws_region", "name"): _region,
    ("data.aws_region", "id"): _region,
    ("data.aws_region", "region"): _region,
    ("data.aws_partition", "partition"): _partition,
    ("data.aws_partition", "id"): _partition,
    ("data.aws_partition", "dns_suffix"): _suffix,
    ("data.template_file", "rendered"): _rendered,
}


def computed(type_: str, name: str, source: DataSource) -> Value | None:
    """What the data source would answer, None where only the cloud account can tell."""
    compute = _COMPUTED.get((type_, name))
    value = compute(source) if compute is not None else None
    return None if value is None else value.with_(hops=(Hop(f"{source.address}.{name}", source.place),))
