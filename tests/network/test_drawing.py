"""The picture of a network, as DOT and as plain SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from scanner.network.compare import Expectation, Mode, compare
from scanner.network.documented import parse_flows
from scanner.network.draw import COLOURS, plain_svg, to_dot, to_svg
from scanner.network.inventory import Groups
from scanner.network.layout import HEIGHT, lay_out
from scanner.network.picture import Box, Picture, State, picture
from scanner.network.services import Direction
from tests.network.test_reachability import THREE_TIERS, sg, short
from tests.network.world import read

SVG = "{http://www.w3.org/2000/svg}"


def drawn(directory: Path, text: str) -> Picture:
    return picture(Groups(read(directory, text)).every(), short)


def arrows(found: Picture) -> list[str]:
    return [f"{arrow.source.label} > {arrow.target.label} {arrow.services} {arrow.state}" for arrow in found.arrows]


def test_arrows_between_groups_and_from_outside(tmp_path: Path) -> None:
    assert arrows(drawn(tmp_path, THREE_TIERS)) == [
        "0.0.0.0/0 > alb tcp 443 plain",
        "10.0.0.0/8 > db tcp 22 plain",
        "alb > app tcp 80 plain",
        "app > db tcp 5432 plain",
    ]


def test_a_flow_that_only_one_end_allows_is_no_arrow(tmp_path: Path) -> None:
    assert arrows(drawn(tmp_path, sg("a", "out 80 b") + sg("b"))) == []


def test_arrows_between_the_same_boxes_are_one(tmp_path: Path) -> None:
    assert arrows(drawn(tmp_path, sg("a", "in 80 0.0.0.0/0", "in 443 0.0.0.0/0"))) == [
        "0.0.0.0/0 > a tcp 80, 443 plain"
    ]


def test_differences_stand_out(tmp_path: Path) -> None:
    text = sg("a", "in 80 0.0.0.0/0", "in 22 10.0.0.0/8") + sg("b")
    groups = Groups(read(tmp_path, text)).every()
    flows = parse_flows(Direction.INGRESS, [{"port": [80, 443], "peer": "0.0.0.0/0"}], lambda _: None)
    found = compare(groups[0], Expectation(Direction.INGRESS, Mode.EXACTLY, flows))
    shown = picture(groups, short, [(groups[0], difference) for difference in found])
    assert arrows(shown) == [
        "0.0.0.0/0 > a tcp 443 missing",
        "0.0.0.0/0 > a tcp 80 plain",
        "10.0.0.0/8 > a tcp 22 unexpected",
    ]
    dot = to_dot(shown)
    assert COLOURS[State.UNEXPECTED] in dot
    assert "dashed" in dot


def test_dot_quotes_what_could_end_a_label() -> None:
    box = Box("k", 'x" ]; evil [label="\\', True)
    assert '[label="x\\" ]; evil [label=\\"\\\\", shape=box' in to_dot(Picture((box,), ()))


def test_svg_is_well_formed_and_escaped(tmp_path: Path) -> None:
    shown = drawn(tmp_path, THREE_TIERS)
    root = ET.fromstring(plain_svg(shown))
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {"alb", "app", "db", "0.0.0.0/0", "tcp 443", "tcp 5432"} <= texts
    hostile = Picture((Box("k", "<script>&", True),), ())
    assert ET.fromstring(plain_svg(hostile)).find(f"{SVG}g/{SVG}text").text == "<script>&"  # type: ignore[union-attr]


def test_boxes_do_not_overlap_and_arrows_point_to_the_right(tmp_path: Path) -> None:
    shown = drawn(tmp_path, THREE_TIERS)
    layout = lay_out(shown)
    places = list(layout.boxes.values())
    for at, one in enumerate(places):
        for other in places[:at]:
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert beside or abs(one.y - other.y) >= HEIGHT
        assert one.x + one.width <= layout.width
        assert one.y + HEIGHT <= layout.height
    for arrow in shown.arrows:
        assert layout.boxes[arrow.source.key].x < layout.boxes[arrow.target.key].x


def test_a_ring_is_drawn(tmp_path: Path) -> None:
    shown = drawn(tmp_path, sg("a", "in 80 b", "out 80 b") + sg("b", "in 80 a", "out 80 a"))
    assert len(lay_out(shown).boxes) == 2
    ET.fromstring(plain_svg(shown))


def test_without_graphviz_the_plain_drawing_is_used(tmp_path: Path) -> None:
    shown = drawn(tmp_path, THREE_TIERS)
    assert to_svg(shown, graphviz=False) == plain_svg(shown)


def test_nothing_is_a_picture_too() -> None:
    assert re.match("<svg", plain_svg(Picture((), ())))
