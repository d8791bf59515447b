"""IP network functions."""

from __future__ import annotations

import ipaddress
import re
from typing import TypeAlias

from scanner.model.value import Raw, Value
from scanner.sources.terraform.functions.base import Function, FunctionError, Scope, pure, strings, whole
from scanner.sources.terraform.kinds import NUMBER, STRING

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"


def _network(source: str) -> Network:
    """The network of an address with a prefix length; leading zeros, which Terraform ignores, are dropped."""
    address, slash, length = source.partition("/")
    if not slash or not re.fullmatch(r"\d{1,3}", length, re.ASCII) or "%" in address:
        raise FunctionError(f"{source!r} is no network like 10.0.0.0/16")
    if ":" not in address:
        address = ".".join(part.lstrip("0") or "0" if part else "" for part in address.split("."))
    try:
        return ipaddress.ip_network(f"{address}/{int(length)}", strict=False)
    except ValueError as error:
        raise FunctionError(f"{source!r} is no network like 10.0.0.0/16") from error


def _big(value: Value, what: str) -> int:
    if isinstance(value.raw, int):
        return value.raw
    raise FunctionError(f"{what} must be a whole number")


def _cidrhost(_scope: Scope, arguments: list[Value]) -> Raw:
    network, number = _network(str(arguments[0].raw)), _big(arguments[1], "the host number")
    largest = network.num_addresses - 1
    if number > largest or -number > largest + 1:
        raise FunctionError(f"the network {network} has no host {number}")
    return str(network[number])


def _subnet(network: Network, length: int, number: int) -> str:
    bits = length - network.prefixlen
    if length > network.max_prefixlen:
        raise FunctionError(f"{network} cannot be extended by {bits} bits")
    if not 0 <= number < 1 << bits:
        raise FunctionError(f"{network} has no subnet {number} of {length} bits")
    base = int(network.network_address) + (number << (network.max_prefixlen - length))
    return f"{type(network.network_address)(base)}/{length}"


def _cidrsubnet(_scope: Scope, arguments: list[Value]) -> Raw:
    network = _network(str(arguments[0].raw))
    added, number = whole(arguments[1], "the number of bits"), _big(arguments[2], "the subnet number")
    if not 0 <= added <= network.max_prefixlen:
        raise FunctionError(f"{network} cannot be extended by {added} bits")
    return _subnet(network, network.prefixlen + added, number)


def _cidrsubnets(_scope: Scope, arguments: list[Value]) -> Raw:
    network = _network(str(arguments[0].raw))
    following = int(network.network_address)
    subnets: list[str] = []
    for argument in arguments[1:]:
        added = whole(argument, "the number of bits")
        if not 1 <= added <= 32:
            raise FunctionError("a prefix can be extended by 1 to 32 bits")
        size = network.max_prefixlen - network.prefixlen - added
        if size < 0:
            raise FunctionError(f"{network} cannot be extended by {added} bits")
        number = -(-(following - int(network.network_address)) >> size)
        subnets.append(_subnet(network, network.prefixlen + added, number))
        following = int(network.network_address) + ((number + 1) << size)
    return strings(subnets)


def _cidrnetmask(source: str) -> Raw:
    network = _network(source)
    if network.version == 6:
        raise FunctionError("IPv6 networks have no netmask")
    return str(network.netmask)


FUNCTIONS = (
    Function("cidrhost", _cidrhost, (STRING, NUMBER)),
    Function("cidrnetmask", pure(_cidrnetmask), (STRING,)),
    Function("cidrsubnet", _cidrsubnet, (STRING, NUMBER, NUMBER)),
    Function("cidrsubnets", _cidrsubnets, (STRING,), rest=NUMBER),
)
