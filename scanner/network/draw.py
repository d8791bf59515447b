"""Draws a picture of the network: DOT for graphviz, and SVG with graphviz or, without it, in plain layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final, TypeAlias

from scanner.network.layout import HEIGHT, Layout, Placed, lay_out
from scanner.network.picture import Arrow, Picture, State

COLOURS: Final = {
    State.PLAIN: "#4a5568",
    State.UNEXPECTED: "#c53030",
    State.UNDECIDED: "#b7791f",
    State.MISSING: "#718096",
}
_DASHED: Final = (State.UNDECIDED, State.MISSING)
_SECONDS: Final = 30
_ALONG: Final = (0.5, 0.4, 0.6, 0.32, 0.68, 0.25, 0.75, 0.18, 0.82)
"""Where the text of an arrow may stand along its curve, best first."""

_Area: TypeAlias = tuple[int, int, int, int]
_Four: TypeAlias = tuple[int, int, int, int]


def to_dot(picture: Picture) -> str:
    """The picture as a DOT graph."""
    names = {box: f"n{at}" for at, box in enumerate(picture.boxes)}
    lines = ["digraph network {", "  rankdir=LR;", '  node [fontname="Helvetica", fontsize=11];']
    lines.append('  edge [fontname="Helvetica", fontsize=9];')
    for box, name in names.items():
        shape = 'shape=box, style="rounded,filled", fillcolor="#edf2f7"' if box.inside else "shape=ellipse"
        lines.append(f"  {name} [label={_quoted(box.label)}, {shape}];")
    for arrow in picture.arrows:
        style = ", style=dashed" if arrow.state in _DASHED else ""
        colour = COLOURS[arrow.state]
        lines.append(
            f"  {names[arrow.source]} -> {names[arrow.target]} "
            f'[label={_quoted(arrow.services)}, color="{colour}", fontcolor="{colour}"{style}];'
        )
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_svg(picture: Picture, *, graphviz: bool = True) -> str:
    """The picture as SVG: laid out by graphviz where its `dot` is installed, else in plain layers."""
    return (_by_graphviz(to_dot(picture)) if graphviz else None) or plain_svg(picture)


def _by_graphviz(dot: str) -> str | None:
    """What graphviz makes of a graph; None where it is not installed or fails."""
    import shutil
    import subprocess

    program = shutil.which("dot")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "-Tsvg"], input=dot, capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def plain_svg(picture: Picture) -> str:
    """The picture in layers from left to right: who opens connections stands left of whom it reaches."""
    layout = lay_out(picture)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width}" height="{layout.height}" '
        f'viewBox="0 0 {layout.width} {layout.height}" font-family="Helvetica, Arial, sans-serif">',
        "<defs>",
        *(_head(state) for state in State),
        "</defs>",
        *_arrows(picture.arrows, layout),
        *(_box(placed) for placed in layout.boxes.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _head(state: State) -> str:
    return (
        f'<marker id="{state.value}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="{COLOURS[state]}"/></marker>'
    )


def _box(placed: Placed) -> str:
    box = placed.box
    radius, fill = (6, "#edf2f7") if box.inside else (HEIGHT // 2, "#ffffff")
    return (
        f'<g><rect x="{placed.x}" y="{placed.y}" width="{placed.width}" height="{HEIGHT}" rx="{radius}" '
        f'fill="{fill}" stroke="#4a5568"/><text x="{placed.x + placed.width // 2}" y="{placed.y + HEIGHT // 2 + 4}" '
        f'text-anchor="middle" font-size="12">{escape(box.label)}</text></g>'
    )


def _arrows(arrows: Iterable[Arrow], layout: Layout) -> Iterable[str]:
    """Curves, those between the same two boxes beside each other."""
    drawn: dict[tuple[str, str], int] = {}
    taken = [(box.x, box.y, box.x + box.width, box.y + HEIGHT) for box in layout.boxes.values()]
    for arrow in arrows:
        first, second = sorted((arrow.source.key, arrow.target.key))
        number = drawn.get((first, second), 0)
        drawn[first, second] = number + 1
        yield _curve(arrow, layout.boxes, number, taken)


def _curve(arrow: Arrow, boxes: Mapping[str, Placed], number: int, taken: list[_Area]) -> str:
    source, target = boxes[arrow.source.key], boxes[arrow.target.key]
    forward = source.x < target.x
    x1 = source.x + source.width if forward else source.x
    x2 = target.x if forward else target.x + target.width
    if source.x == target.x:
        x1 = x2 = source.x + source.width
    y1, y2 = (place.y + HEIGHT // 2 + number * 7 for place in (source, target))
    bend = max(40, abs(x2 - x1) // 2)
    c1 = x1 + bend if forward or source.x == target.x else x1 - bend
    c2 = x2 - bend if forward else x2 + bend
    colour = COLOURS[arrow.state]
    dash = ' stroke-dasharray="5 4"' if arrow.state in _DASHED else ""
    text_x, text_y = _free((x1, c1, c2, x2), (y1, y1, y2, y2), len(arrow.services), taken)
    return (
        f'<g><path d="M{x1} {y1} C{c1} {y1} {c2} {y2} {x2} {y2}" fill="none" stroke="{colour}"{dash} '
        f'marker-end="url(#{arrow.state.value})"/><text x="{text_x}" y="{text_y}" text-anchor="middle" '
        f'font-size="10" fill="{colour}">{escape(arrow.services)}</text></g>'
    )


def _free(xs: _Four, ys: _Four, letters: int, taken: list[_Area]) -> tuple[int, int]:
    """A place along a curve, as near its middle as can be, where a text hides no box and no other text."""
    areas = []
    for along in _ALONG:
        x, y = _point(xs, along), _point(ys, along) - 4
        area = (x - 3 * letters, y - 10, x + 3 * letters, y + 2)
        areas.append((x, y, area))
        if not any(_overlap(area, other) for other in taken):
            break
    else:
        areas = areas[:1]
    x, y, area = areas[-1]
    taken.append(area)
    return x, y


def _point(four: _Four, along: float) -> int:
    """A coordinate of a cubic Bézier curve, `along` from 0 to 1."""
    start, first, second, end = four
    back = 1 - along
    return round(back**3 * start + 3 * back**2 * along * first + 3 * back * along**2 * second + along**3 * end)


def _overlap(one: _Area, other: _Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
