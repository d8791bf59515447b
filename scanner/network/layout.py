"""Places the boxes of a picture in layers, so that most arrows point to the right and few of them cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scanner.network.picture import Box, Picture

HEIGHT: Final = 34
_GAP_X: Final = 190
_GAP_Y: Final = 26
_MARGIN: Final = 24
_LETTER: Final = 7
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """A box and its upper left corner."""

    box: Box
    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Every box by its key, and the size of the whole."""

    boxes: Mapping[str, Placed]
    width: int
    height: int


def lay_out(picture: Picture) -> Layout:
    """Layers by distance from what nothing reaches; within a layer in the order of the neighbours."""
    layers = _ordered(_layers(picture), picture)
    placed: dict[str, Placed] = {}
    x = _MARGIN
    tallest = max((len(layer) for layer in layers), default=0)
    for layer in layers:
        width = max(len(box.label) for box in layer) * _LETTER + 24
        y = _MARGIN + (tallest - len(layer)) * (HEIGHT + _GAP_Y) // 2
        for box in layer:
            placed[box.key] = Placed(box, x, y, width)
            y += HEIGHT + _GAP_Y
        x += width + _GAP_X
    height = 2 * _MARGIN + max(1, tallest) * (HEIGHT + _GAP_Y) - _GAP_Y
    return Layout(placed, max(2 * _MARGIN, x - _GAP_X + _MARGIN), height)


def _layers(picture: Picture) -> list[list[Box]]:
    """Boxes by the number of arrows on the longest way to them, where arrows that close a ring do not count."""
    following: dict[Box, list[Box]] = {}
    for arrow in picture.arrows:
        following.setdefault(arrow.source, []).append(arrow.target)
    targets = {arrow.target for arrow in picture.arrows}
    first = [box for box in picture.boxes if box not in targets]
    order, back = _walk([*first, *picture.boxes], following)
    depth = dict.fromkeys(picture.boxes, 0)
    for box in order:
        for target in following.get(box, ()):
            if (box, target) not in back:
                depth[target] = max(depth[target], depth[box] + 1)
    layers: dict[int, list[Box]] = {}
    for box in picture.boxes:
        layers.setdefault(depth[box], []).append(box)
    return [layers[at] for at in sorted(layers)]


def _walk(starts: Sequence[Box], following: Mapping[Box, Sequence[Box]]) -> tuple[list[Box], set[tuple[Box, Box]]]:
    """The boxes in an order in which arrows point forward, and the arrows that cannot because they close a ring."""
    done: list[Box] = []
    open_: set[Box] = set()
    seen: set[Box] = set()
    back: set[tuple[Box, Box]] = set()
    for start in starts:
        if start in seen:
            continue
        stack = [(start, iter(following.get(start, ())))]
        seen.add(start)
        open_.add(start)
        while stack:
            box, rest = stack[-1]
            target = next(rest, None)
            if target is None:
                stack.pop()
                open_.discard(box)
                done.append(box)
            elif target in open_:
                back.add((box, target))
            elif target not in seen:
                seen.add(target)
                open_.add(target)
                stack.append((target, iter(following.get(target, ()))))
    return done[::-1], back


def _ordered(layers: list[list[Box]], picture: Picture) -> list[list[Box]]:
    """Sorts each layer by the average place of its neighbours in the layer before, a few times over."""
    neighbours: dict[Box, list[Box]] = {}
    for arrow in picture.arrows:
        neighbours.setdefault(arrow.source, []).append(arrow.target)
        neighbours.setdefault(arrow.target, []).append(arrow.source)
    for _ in range(_ROUNDS):
        for one, other in (*pairwise(layers), *pairwise(layers[::-1])):
            _sort(other, one, neighbours)
    return layers


def _sort(layer: list[Box], fixed: Sequence[Box], neighbours: Mapping[Box, Sequence[Box]]) -> None:
    place = {box: at for at, box in enumerate(fixed)}
    own = {box: at for at, box in enumerate(layer)}

    def middle(box: Box) -> float:
        places = [place[other] for other in neighbours.get(box, ()) if other in place]
        return sum(places) / len(places) if places else own[box]

    layer.sort(key=middle)
