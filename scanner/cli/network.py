"""`asbuilt network`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli import config, output
from scanner.cli.language import choose_language, language_option
from scanner.cli.names import pairs, typed
from scanner.cli.options import existing, terraform_options
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.cli.network_view import Seen
    from scanner.scan import Request

_COMPLETE, _INCOMPLETE = 0, 3


@dataclass(frozen=True, slots=True)
class Options:
    """The command line as given; names are those of the options."""

    paths: tuple[str, ...]
    baseline: str | None
    root: tuple[str, ...]
    var: tuple[str, ...]
    var_file: tuple[str, ...]
    workspace: str
    input: tuple[str, ...]
    source: str
    to: tuple[str, ...]
    format: str
    output: str | None
    lang: str | None
    config: str | None
    cache: bool


@click.command(
    epilog="""\b
Examples:
  asbuilt network infra --baseline onno-production
  asbuilt network infra --to sg-rds                     every way from the internet to one component
  asbuilt network infra --from 10.0.0.0/8 --to sg-rds   every way from a network
  asbuilt network infra --format svg --output network.svg

\b
Exit codes: 0 shown, 2 usage, configuration or baseline error,
3 incomplete: something could not be read.""",
)
@click.argument("paths", nargs=-1)
@click.option("--baseline", metavar="NAME|FILE", help="Baseline whose flows and components are shown.")
@terraform_options
@click.option("--input", multiple=True, metavar="NAME=VALUE", help="What the document leaves to you; value in YAML.")
@click.option(
    "--from",
    "source",
    default="internet",
    show_default=True,
    metavar="PEER",
    help="Where ways begin: internet, a network, a component or a service tag.",
)
@click.option("--to", multiple=True, metavar="COMPONENT", help="Where ways end; repeatable. [default: every group]")
@click.option(
    "--format",
    type=click.Choice(["text", "json", "dot", "svg"]),
    default="text",
    show_default=True,
    help="dot is for graphviz; svg is drawn by it where it is installed.",
)
@click.option("--output", metavar="FILE", help="Write to a file instead of standard output.")
@language_option
@click.option("--config", metavar="FILE", help="Configuration. [default: nearest asbuilt.yaml]")
@click.option("--no-cache", "cache", flag_value=False, default=True, help="Neither read nor write the cache.")
def command(**given: Any) -> int:
    """Show who may talk to whom: documented and actual flows, and the ways from the internet."""
    return run(Options(**given))


def run(options: Options) -> int:
    """Reads the code, writes the view and gives the exit code."""
    paths = [existing(text) for text in options.paths or (".",)]
    settings = config.load(existing(options.config).absolute() if options.config else config.find(paths))
    language = choose_language(options.lang or settings.language)
    from scanner.cli.network_view import look

    seen = look(_request(options, settings, paths), options.source, options.to)
    target = output.Target(options.format, Path(options.output) if options.output else None)
    output.write(target, _render(seen, options, language))
    return _COMPLETE if seen.complete else _INCOMPLETE


def _request(options: Options, settings: config.Config, paths: list[Path]) -> Request:
    """What to read; what the command line leaves open comes from the configuration."""
    from scanner.scan import Request

    named = (options.baseline,) if options.baseline else settings.baselines
    if len(named) > 1:
        raise UsageError("the configuration names several baselines", hint="choose one with --baseline")
    return Request(
        paths=paths,
        baselines=named,
        roots=options.root or settings.roots,
        variables=pairs("--var", options.var),
        var_files=(*settings.var_files, *options.var_file),
        workspace=options.workspace,
        inputs={**settings.inputs, **typed("--input", options.input)},
        bindings=settings.bind,
        cache=options.cache,
    )


def _render(seen: Seen, options: Options, language: str) -> str:
    if options.format == "json":
        from scanner.cli.network_json import render

        return render(seen)
    if options.format == "text":
        from scanner.cli import network_text

        color = options.output is None and output.use_color(wanted=True)
        return network_text.render(seen, language, output.terminal_width(), color=color)
    from scanner.network.draw import to_dot, to_svg

    return to_dot(seen.picture()) if options.format == "dot" else to_svg(seen.picture())
