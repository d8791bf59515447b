"""Provider configurations in a plan: of their arguments it has those that are constant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.secrets import announces_secret
from scanner.model.value import MASK, Reason, Unknown, Value, from_plain
from scanner.model.words import Words
from scanner.sources.plan.configuration import Configuration, is_expression
from scanner.sources.plan.entries import mapping

_ELSEWHERE: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("the plan does not tell what this expression gives", "이 식의 값은 계획에 나오지 않음"),
)


def provider_resources(configuration: Configuration, location: Location) -> Iterator[Resource]:
    """Every provider configuration as a resource `provider.aws`."""
    for key, provider in configuration.providers.items():
        module, name = provider.get("module_address"), provider.get("name")
        if isinstance(name, str):
            own = key.rpartition(":")[2]
            address = f"{module}.provider.{own}" if isinstance(module, str) and module else f"provider.{own}"
            value = provider_value(provider, location)
            yield Resource(f"provider.{name}", address, value, location, Origin.PLAN, location.path)


def provider_value(provider: Mapping[str, Any], location: Location, region: str | None = None) -> Value:
    """The arguments of a configuration, secrets among them masked; `region` is where a resource that uses it is."""
    made = _arguments(mapping(provider.get("expressions")), location)
    if region is not None:
        made["region"] = Value(region, location)
    return Value(made, location)


def _arguments(expressions: Mapping[str, Any], location: Location) -> dict[str, Value]:
    """The arguments of a provider configuration."""
    made = {}
    for name, said in expressions.items():
        if isinstance(said, list):
            blocks = [Value(_arguments(mapping(item), location), location) for item in said]
            made[name] = Value(tuple(blocks), location)
        elif announces_secret(name):
            made[name] = Value(MASK, location, sensitive=True)
        elif is_expression(said) and "constant_value" in said:
            made[name] = from_plain(said["constant_value"], location)
        elif is_expression(said):
            made[name] = Value(_ELSEWHERE, location)
        else:
            made[name] = Value(_arguments(mapping(said), location), location)
    return made
