"""What the lineage picture shows: what is linked, and what is wanting."""

from dataclasses import replace

import pytest

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit.drawing import Edge, LineagePicture, Node
from mlaudit.model import Status
from mlaudit_reports import lineage_data


def _lineage(*pairs: str) -> LineagePicture:
    nodes = tuple(Node(name, "Endpoint", name, "") for name in dict.fromkeys("".join(pairs)))
    return LineagePicture(nodes, tuple(Edge(pair[0], pair[1], "feeds") for pair in pairs))


def _workload(audit: Audit, status: Status, *nodes: Node) -> WorkloadAudit:
    items = tuple(
        replace(each, status=status) for each in audit.workloads[0].items if each.id == "6.1"
    )
    return replace(audit.workloads[0], items=items, lineage=LineagePicture(nodes, ()))


ENDPOINT = Node("arn", "Endpoint", "fraud", "InService")


def test_several_relations_of_two_nodes_share_an_arrow() -> None:
    lineage = _lineage("ab", "ab")
    edges = (lineage.edges[0], replace(lineage.edges[1], relation="checks"))
    joined = lineage_data.joined(replace(lineage, edges=edges))
    assert [each.relation for each in joined] == ["feeds, checks"]


def test_what_leads_to_itself_or_nowhere_is_no_arrow() -> None:
    lineage = replace(_lineage("ab"), edges=(Edge("a", "a", "is"), Edge("a", "x", "feeds")))
    assert lineage_data.joined(lineage) == ()


def test_every_relation_is_told_in_words(audit: Audit) -> None:
    told = list(lineage_data.told(audit.workloads[0].lineage))
    assert ("model-package fraud-model", "is served by", "endpoint fraud-model") in told


def test_what_nothing_names_stands_alone(audit: Audit) -> None:
    assert [each.id for each in lineage_data.alone(audit.workloads[0].lineage)] == ["monitor"]


@pytest.mark.parametrize(
    ("status", "state"), [(Status.FAIL, "missing"), (Status.NOT_ASSESSED, "not seen")]
)
def test_a_monitor_that_is_asked_for_is_shown_as_wanting(
    audit: Audit, status: Status, state: str
) -> None:
    (ghost,) = lineage_data.ghosts(_workload(audit, status, ENDPOINT))
    assert (ghost.state, ghost.node.label) == (state, "data quality monitor")
    assert [(each.target, each.relation) for each in ghost.edges] == [("arn", "monitors")]


@pytest.mark.parametrize("status", [Status.PASS, Status.PARTIAL, Status.NOT_APPLICABLE])
def test_what_is_there_or_not_asked_for_is_not_wanting(audit: Audit, status: Status) -> None:
    assert lineage_data.ghosts(_workload(audit, status, ENDPOINT)) == ()


def test_where_nothing_serves_nothing_is_wanting(audit: Audit) -> None:
    assert lineage_data.ghosts(_workload(audit, Status.FAIL)) == ()


@pytest.mark.parametrize(
    ("kind", "tone"),
    [
        ("data", "data"),
        ("image", "image"),
        ("TrainingJob", "job"),
        ("ModelPackage", "model"),
        ("Endpoint", "serving"),
        ("MonitoringSchedule", "watch"),
        ("Queue", "other"),
    ],
)
def test_a_kind_has_the_colour_of_its_family(kind: str, tone: str) -> None:
    assert lineage_data.tone(kind) == tone
