"""The pipeline of `asbuilt scan`: collect, evaluate, report. Prints nothing, knows no command line."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from scanner.errors import SourceError
from scanner.facts import load_facts
from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Inventory, Notification
from scanner.model.long_lived import long_lived_objects
from scanner.model.progress import Phase, Progress, counted, rule_of, silent
from scanner.model.report import Report
from scanner.model.resource_type import Facts
from scanner.model.rule import Rule
from scanner.model.value import Plain
from scanner.model.waiver import Waiver
from scanner.policy.attestations import Attestations, load_attestations
from scanner.policy.baseline import load_baseline
from scanner.policy.evaluate import evaluate_baseline, evaluate_policies
from scanner.policy.library import Library
from scanner.policy.needs import needed_types
from scanner.policy.policy import Policy
from scanner.policy.signoffs import warnings
from scanner.policy.stages import current_stage
from scanner.policy.waivers import apply_waivers
from scanner.sources.collect import collect_code
from scanner.sources.manifests import ManifestOptions
from scanner.sources.terraform import TerraformOptions
from scanner.sources.waivers import written_waivers


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan and against what.

    paths       directories and files; every root module and manifest below them is read, or only `roots` where given
    standard_input   manifests given on standard input, None where it is not asked for
    helm, kustomize  charts (`CHART` or `CHART:values.yaml`) and directories to render with the programs of these names
    baselines   names or files; `policies` are ids to check on their own. With neither, the default profile is used
    variables, var_files, workspace   as for terraform itself
    stage, inputs, bindings           as in `asbuilt.yaml`
    cache       whether checked policies and baselines are kept between runs
    attestations     the file of sign-offs, None where there is none
    waivers     accepted deviations of the configuration; those in comments are found with the code
    """

    paths: Sequence[Path]
    baselines: Sequence[str] = ()
    policies: Sequence[str] = ()
    roots: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    var_files: Sequence[str] = ()
    workspace: str = "default"
    stage: str | None = None
    inputs: Mapping[str, Plain] = field(default_factory=dict)
    bindings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cache: bool = True
    standard_input: bytes | None = None
    helm: Sequence[str] = ()
    kustomize: Sequence[str] = ()
    attestations: Path | None = None
    waivers: Sequence[Waiver] = ()


def scan(request: Request, progress: Progress = silent) -> Report:
    """Everything that was decided about the code; `progress` is told how far it is.

    Raises DefinitionError for baselines and policies, SourceError where there is nothing to scan.
    """
    return scan_with_inventory(request, progress)[0]


def scan_with_inventory(request: Request, progress: Progress = silent) -> tuple[Report, Inventory]:
    """As `scan`, and beside the report what it was decided about."""
    started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with long_lived_objects():
        facts = load_facts()
        library = Library.load(None, facts, cache=request.cache)
        baselines = [load_baseline(name, library, facts, cache=request.cache) for name in request.baselines]
        policies = _policies(request, library)
        base = project_base(request.paths)
        asked = {type_ for baseline in baselines for type_ in needed_types(baseline)}
        asked |= {type_ for policy in policies for type_ in policy.types}
        progress(Phase.READ, 0)
        inventory = collect(request, base, files="file" in asked, facts=facts)
        signed = Attestations(date.today(), load_attestations(request.attestations) if request.attestations else ())
        findings: list[Finding] = []
        problems: list[Notification] = []
        for baseline in baselines:
            decided = evaluate_baseline(
                baseline,
                inventory,
                facts,
                stage=request.stage,
                inputs=request.inputs,
                bindings=request.bindings,
                attestations=signed,
                problems=problems,
            )
            findings += counted(decided, progress, Phase.CHECK, len(baseline.requirements), rule_of)
        findings += evaluate_policies(policies, inventory, facts)
    known = [rule for baseline in baselines for rule in baseline.rules()] + [policy.rule() for policy in policies]
    rules = {rule.id: rule for rule in known}
    findings, notes = after_waivers(findings, request.waivers, inventory, rules, base)
    report = Report(
        command="scan",
        started=started,
        inputs=[path.as_posix() for path in request.paths] + (["-"] if request.standard_input is not None else []),
        baselines=[baseline.id for baseline in baselines],
        findings=findings,
        rules=rules,
        notifications=[*inventory.notifications, *problems, *notes, *warnings(baselines, signed)],
        base=str(base),
        stage=next((stage for baseline in baselines if (stage := current_stage(baseline, request.stage))), None),
    )
    return report, inventory


def after_waivers(
    findings: Sequence[Finding],
    configured: Sequence[Waiver],
    inventory: Inventory,
    rules: Mapping[str, Rule],
    base: Path,
) -> tuple[list[Finding], list[Notification]]:
    """The findings about code, what the configuration or a comment waives marked so, and what is to be said of that."""
    written, odd = written_waivers(base, _waiver_files(inventory, findings))
    judged, notes = apply_waivers(findings, [*configured, *written], rules, date.today())
    return judged, [*odd, *notes]


def _waiver_files(inventory: Inventory, findings: Sequence[Finding]) -> list[str]:
    """The files that waivers are looked for in: those with resources and where findings lead."""
    places = [resource.location for resource in inventory.resources]
    failing = [finding for finding in findings if finding.verdict is Verdict.FAIL]
    places += [finding.location for finding in failing]
    places += [hop.location for finding in failing for hop in finding.provenance]
    return sorted({place.path for place in places if place is not None})


def project_base(paths: Sequence[Path]) -> Path:
    """The directory that locations are relative to, and that nothing is read outside of.

    The git repository around the paths (modules often lie beside the scanned directory), else the working directory
    if the paths are below it, else what the paths have in common.
    """
    given = [path.resolve() for path in paths] or [Path.cwd().resolve()]
    common = Path(os.path.commonpath(given))
    common = common if common.is_dir() else common.parent
    for directory in (common, *common.parents):
        if (directory / ".git").exists():
            return directory
    working = Path.cwd().resolve()
    return working if common.is_relative_to(working) else common


def _policies(request: Request, library: Library) -> list[Policy]:
    """The policies to check on their own: those asked for, or the default profile where there is no baseline either."""
    if request.policies:
        return [library.policy(id_) for id_ in request.policies]
    return [] if request.baselines else [policy for policy in library.policies() if policy.default_profile]


def collect(request: Request, base: Path, *, files: bool = False, facts: Facts | None = None) -> Inventory:
    """Everything below the paths, files as such where they are asked for; `facts` help to read plans and states.

    Raises SourceError where there is nothing to scan.
    """
    paths = [path.resolve() for path in request.paths]
    terraform = [
        TerraformOptions(request.variables, request.var_files, request.workspace, root)
        for root in request.roots or (None,)
    ]
    inventory = collect_code(paths, base, terraform, _manifests(request, base), files=files, facts=facts)
    if not inventory.resources and not inventory.notifications:
        shown = ", ".join(
            [*map(str, request.paths), *(["standard input"] if request.standard_input is not None else [])]
        )
        raise SourceError(
            f"there is nothing to scan in {shown}",
            hint="name a directory with Terraform code (*.tf) or manifests (docs/manifests.md)",
        )
    return inventory


def _manifests(request: Request, base: Path) -> ManifestOptions:
    """What is read besides the paths. Raises ScannerError where something cannot be rendered."""
    if not request.helm and not request.kustomize:
        return ManifestOptions(request.standard_input)
    from scanner.sources.kubernetes.render import render

    rendered = render(request.helm, request.kustomize, base)
    return ManifestOptions(request.standard_input, rendered.texts, rendered.charts)
