"""Finding the resources that the components of a baseline stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.errors import BindingError
from scanner.model.finding import Verdict
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Unknown
from scanner.model.words import Words
from scanner.policy.baseline import Alternative, Baseline, Component
from scanner.policy.checks import compile_condition
from scanner.policy.conditions import NOTHING, Pick, References
from scanner.policy.links import Backlinks, attribute_values, bare, mentions, same_address
from scanner.policy.matching import Attached, Link, Matcher, RefersTo, always, glob, least
from scanner.policy.params import Scope, fill, fill_condition
from scanner.policy.picks import existence
from scanner.policy.relations import compile_references
from scanner.policy.wording import nearest
from scanner.policy.world import Members, World, hidden_by

_MOST_SHOWN = 12
_ONE_CODE = frozenset({Origin.TERRAFORM, Origin.PLAN, Origin.STATE})
_UNSURE_NAME = Unknown(
    Reason.UNSUPPORTED, Words("whether it is this component is not known", "해당 구성 요소인지 알 수 없음")
)


class Binder:
    """Answers which resources a component stands for; each is worked out when it is first asked for."""

    def __init__(
        self,
        baseline: Baseline,
        world: World,
        bindings: Mapping[str, Sequence[str] | str],
        scope: Scope,
        *,
        live: bool = False,
    ) -> None:
        self._baseline = baseline
        self._world = world
        self._scope = scope
        self._live = live
        self._bindings = {
            name: (given,) if isinstance(given, str) else tuple(given) for name, given in bindings.items()
        }
        self._members: dict[str, Members | BindingError] = {}
        for name in self._bindings:
            if name not in baseline.components:
                raise BindingError(
                    f"bind: {baseline.id} has no component {name}", hint=nearest(name, baseline.components)
                )

    def knows(self, name: str) -> bool:
        """Whether the baseline has a component of that name."""
        return name in self._baseline.components

    def members(self, name: str) -> Members:
        """The resources of a component.

        Raises BindingError where several fit a component that is one, or a binding fits none.
        """
        if name not in self._members:
            component = self._baseline.components[name]
            given = self._bindings.get(name)
            try:
                self._members[name] = self._given(component, given) if given else self._found(component)
            except BindingError as error:
                self._members[name] = error
        members = self._members[name]
        if isinstance(members, BindingError):
            raise members.with_traceback(None)
        return members

    def _given(self, component: Component, patterns: Sequence[str]) -> Members:
        """The resources that the configuration names. What runs may be gone; code that is not there is a mistake."""
        pool = self._world.of_types(component.types)
        found = {pattern: [resource for resource in pool if _named(resource, pattern)] for pattern in patterns}
        hits = {id(resource): resource for resources in found.values() for resource in resources}
        missing = next((pattern for pattern, resources in found.items() if not resources), None)
        hidden = self._hidden(component) if missing is not None else None
        if missing is not None and hidden is None and (hits or not self._live):
            types = " or ".join(component.types)
            raise BindingError(
                f"bind: {component.name} is bound to {missing}, but no {types} has that address",
                hint=nearest(missing, [resource.address for resource in pool]),
            )
        return self._checked(component, Members(list(hits.values()), [], hidden))

    def _found(self, component: Component) -> Members:
        """The resources of the first alternative that fits any."""
        where = compile_condition(fill_condition(component.where, self._scope))
        pool = [(resource, self._world.decide(where, resource)) for resource in self._world.of_types(component.types)]
        pool = [(resource, outcome) for resource, outcome in pool if outcome.verdict is not Verdict.FAIL]
        certain: dict[int, Resource] = {}
        possible: dict[int, Resource] = {}
        for matcher in self._matchers(component):
            hits: list[Resource] = []
            for resource, eligible in pool:
                verdict = least(eligible.verdict, matcher.decide(resource))
                if verdict is Verdict.PASS:
                    hits.append(resource)
                elif verdict is Verdict.UNKNOWN:
                    possible[id(resource)] = resource
            certain.update({id(resource): resource for resource in hits})
            # The same thing may be written as Terraform and as a manifest: each kind of source has its first hit.
            settled = {resource.origin for resource in hits}
            pool = [(resource, eligible) for resource, eligible in pool if resource.origin not in settled]
            if not pool:
                break
        rest = [resource for key, resource in possible.items() if key not in certain]
        if certain:
            members = Members(list(certain.values()), rest if component.many else [], self._hidden(component))
            return self._checked(component, members)
        return Members([], rest, self._hidden(component))

    def _hidden(self, component: Component) -> Unknown | None:
        notification = self._world.hidden(component.types)
        return hidden_by(notification) if notification else None

    def _matchers(self, component: Component) -> list[Matcher]:
        if not component.alternatives:
            return [Matcher(self._world, {}, [], always)]
        return [self._matcher(alternative) for alternative in component.alternatives]

    def _matcher(self, alternative: Alternative) -> Matcher:
        patterns = {path: fill(list(texts), self._scope) for path, texts in alternative.patterns.items()}
        links: list[Link] = [self._attached(name) for name in alternative.attached_to]
        for name in alternative.refers_to:
            pick = Pick((), NOTHING, name)
            links.append(RefersTo(self._world, compile_references(References(pick), always)))
        where = NOTHING if alternative.where is None else fill_condition(alternative.where, self._scope)
        return Matcher(self._world, patterns, links, compile_condition(where))

    def _attached(self, name: str) -> Attached:
        links = Backlinks()
        members = self.members(name)
        for source in (*members.certain, *members.possible):
            for mention in mentions(attribute_values(source.attributes)):
                links.add(source, mention)
        return Attached(links, {id(source) for source in members.certain})

    def _checked(self, component: Component, members: Members) -> Members:
        """Several resources for what the document has once are an error, not a choice."""
        hits = [] if component.many else _ambiguous(members.certain)
        if not hits:
            return members
        shown = [_candidate(resource) for resource in hits[:_MOST_SHOWN]]
        if len(hits) > _MOST_SHOWN:
            shown.append(f"… and {len(hits) - _MOST_SHOWN} more")
        first = hits[0]
        several_roots = len({resource.root for resource in hits}) == len(hits)
        hint = (
            "scan one root module (roots: in asbuilt.yaml, or --root)"
            if several_roots
            else f"name the one that is meant in asbuilt.yaml: bind: {{{component.name}: {_in_yaml(first.address)}}}"
        )
        raise BindingError(
            f"the component {component.name} fits {len(hits)} resources: {', '.join(shown)}",
            path=component.location.path,
            line=component.location.line,
            column=component.location.column,
            hint=hint,
        )


def bindings_for(
    baseline: Baseline, bindings: Mapping[str, Sequence[str] | str] | None, *, live: bool
) -> dict[str, Sequence[str] | str]:
    """The bindings that speak of code, or of what runs: one configuration may have both.

    In an account an address is `aws_db_instance/orders`; Terraform's has no slash behind the type.
    """
    found: dict[str, Sequence[str] | str] = {}
    for name, given in (bindings or {}).items():
        types = baseline.components[name].types if name in baseline.components else ()
        patterns = [given] if isinstance(given, str) else list(given)
        kept = [pattern for pattern in patterns if _fits_side(pattern, types, live=live)]
        if kept:
            found[name] = kept
    return found


def _fits_side(pattern: str, types: Sequence[str], *, live: bool) -> bool:
    _, address = _split(pattern, types)
    clouds = [type_ for type_ in types if "_" in type_]
    if live:
        return not any(address.startswith(f"{type_}.") or f".{type_}." in address for type_ in clouds)
    return not any(address.startswith(f"{type_}/") for type_ in clouds)


def _ambiguous(resources: Sequence[Resource]) -> list[Resource]:
    """Resources of which only one can be meant: several in Terraform code, or several in one other root.

    What is written both as code and as manifest, as manifests of several directories, or runs in several accounts and
    regions, is checked each time.
    """
    places: dict[tuple[Origin, str], list[Resource]] = {}
    for resource in resources:
        root = "" if resource.origin in _ONE_CODE else resource.root
        places.setdefault((resource.origin, root), []).append(resource)
    return next((found for found in places.values() if len(found) > 1), [])


def _named(resource: Resource, pattern: str) -> bool:
    """Whether an address pattern (`root//address`, with `*` and `?`) names the resource."""
    root, address = _split(pattern, (resource.type,))
    if root is not None and root.rstrip("/") != resource.root.rstrip("/"):
        return False
    if "*" in address or "?" in address:
        return glob(address).match(resource.address) is not None
    return bare(address) == bare(resource.address) and same_address(address, resource.address)


def _split(pattern: str, types: Sequence[str]) -> tuple[str | None, str]:
    """The root of an address pattern, None where it names none, and the address.

    What runs has `type/id` as its address, and the id may begin with a slash: `aws_cloudwatch_log_group//ecs/api`.
    """
    for type_ in types:
        root, found, id_ = pattern.partition(f"{type_}/")
        if found and (not root or root.endswith("//")):
            return root[:-2] if root else None, found + id_
    root, separator, address = pattern.rpartition("//")
    return root if separator else None, address


def _candidate(resource: Resource) -> str:
    root = f"{resource.root}//" if resource.root not in ("", ".") else ""
    place = f" ({resource.location})" if resource.location else ""
    return f"{root}{resource.address}{place}"


def _in_yaml(address: str) -> str:
    """An address as it is written in a flow mapping."""
    return "'" + address.replace("'", "''") + "'" if set(address) & set("[]{},#'\"") else address


def unsure(resource: Resource) -> Unknown:
    """Why a possible member of a component is not a certain one."""
    return existence(resource) or _UNSURE_NAME
