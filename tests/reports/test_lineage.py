from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import pytest

from mlaudit.audit import Audit, Edge, LineagePicture, Node
from mlaudit_reports import layers, picture


def _lineage(*pairs: str) -> LineagePicture:
    nodes = tuple(Node(name, "model", name, "") for name in dict.fromkeys("".join(pairs)))
    return LineagePicture(nodes, tuple(Edge(*pair, "feeds") for pair in _pairs(pairs)))


def _pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word[0], word[1]) for word in words]


def _depth(arranged: layers.Layers) -> dict[str, int]:
    return {
        slot[0]: row for row, slots in enumerate(arranged.rows) for slot in slots if slot[1:] == ()
    }


@pytest.mark.parametrize(
    ("edges", "upward"),
    [
        (["ab", "bc"], []),
        (["ab", "bc", "ca"], ["ca"]),
        (["sa", "ab", "ba"], ["ba"]),
        (["ba", "sb", "ab"], ["ab"]),
    ],
)
def test_only_what_closes_a_cycle_runs_upward(edges: list[str], upward: list[str]) -> None:
    arranged = layers.arrange(sorted(set("".join(edges))), _pairs(edges))
    assert arranged.reversed == set(_pairs(upward))


def test_a_node_stands_below_all_that_leads_to_it() -> None:
    arranged = layers.arrange("abcd", [("a", "b"), ("b", "c"), ("a", "d"), ("c", "d")])
    assert _depth(arranged) == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_a_start_stands_right_above_its_first_target() -> None:
    arranged = layers.arrange("abcx", [("a", "b"), ("b", "c"), ("x", "c")])
    assert _depth(arranged)["x"] == 1


def test_a_long_edge_has_a_waypoint_in_every_layer_it_passes() -> None:
    arranged = layers.arrange("abc", [("a", "b"), ("b", "c"), ("a", "c")])
    assert arranged.routes["a", "c"] == (("a",), ("a", "c", "1"), ("c",))
    assert ("a", "c", "1") in arranged.rows[1]


def test_edges_that_need_not_cross_do_not() -> None:
    arranged = layers.arrange("abxy", [("a", "y"), ("b", "x")])
    upper, lower = ([slot[0] for slot in row] for row in arranged.rows)
    assert (upper, lower) in ((["a", "b"], ["y", "x"]), (["b", "a"], ["x", "y"]))


def test_no_two_boxes_overlap(audit: Audit) -> None:
    drawing = picture.draw(audit.workloads[0].lineage)
    assert drawing is not None
    assert len(drawing.boxes) == 4
    for one, other in combinations(drawing.boxes, 2):
        apart = abs(one.left - other.left) >= picture.WIDTH
        assert apart or abs(one.top - other.top) >= picture.HEIGHT


def test_everything_is_inside_the_drawing() -> None:
    drawing = picture.draw(_lineage("ab", "ac", "ad", "be", "ae", "ea"))
    assert drawing is not None
    for box in drawing.boxes:
        assert 0 <= box.left <= drawing.width - picture.WIDTH
        assert 0 <= box.top <= drawing.height - picture.HEIGHT


def test_several_relations_of_two_nodes_share_an_arrow() -> None:
    lineage = _lineage("ab", "ab")
    edges = (lineage.edges[0], replace(lineage.edges[1], relation="checks"))
    drawing = picture.draw(replace(lineage, edges=edges))
    assert drawing is not None
    assert [arrow.edge.relation for arrow in drawing.arrows] == ["feeds, checks"]


@pytest.mark.parametrize("edges", [[], ["aa"], ["ax"]])
def test_with_nothing_linked_there_is_nothing_to_draw(edges: list[str]) -> None:
    links = tuple(Edge(*pair, "feeds") for pair in _pairs(edges))
    assert picture.draw(LineagePicture((Node("a", "model", "a", ""),), links)) is None


def test_a_huge_lineage_is_drawn_in_part() -> None:
    nodes = tuple(Node(str(n), "model", str(n), "") for n in range(300))
    edges = tuple(Edge("0", str(n), "feeds") for n in range(1, 300))
    drawing = picture.draw(LineagePicture(nodes, edges))
    assert drawing is not None
    assert len(drawing.boxes) + drawing.left_out == 300
    assert len(drawing.arrows) == len(drawing.boxes) - 1


@pytest.mark.parametrize(
    ("kind", "tone"),
    [
        ("data", "data"),
        ("image", "image"),
        ("training-job", "job"),
        ("model-package", "model"),
        ("endpoint", "serving"),
        ("monitoring-schedule", "watch"),
        ("queue", "other"),
    ],
)
def test_a_kind_has_the_colour_of_its_family(kind: str, tone: str) -> None:
    assert picture.tone(kind) == tone
