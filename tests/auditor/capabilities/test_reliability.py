"""How the runs of workflows end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mlaudit.capabilities.reliability import flow_runs
from mlaudit.resources import Pipeline, PipelineRun, Resource, StateMachine, StateMachineRun
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, view_of

P, M = arn_of(Pipeline, "p"), arn_of(StateMachine, "m")
DAY = timedelta(days=1)


def run(status: str, started_at: datetime = RECENT, number: int = 1) -> PipelineRun:
    arn = f"{P}/execution/{number}"
    return build(PipelineRun, arn=arn, pipeline_arn=P, status=status, started_at=started_at)


def execution(status: str, started_at: datetime = RECENT, number: int = 1) -> StateMachineRun:
    return build(
        StateMachineRun, f"m:{number}", machine_arn=M, status=status, started_at=started_at
    )


PIPELINE, MACHINE = build(Pipeline, "p"), build(StateMachine, "m")
SEEN: dict[str, tuple[tuple[Resource, ...], list[tuple[int, int, bool]]]] = {
    "newest failed": (
        (PIPELINE, run("Succeeded", RECENT - DAY), run("Failed", number=2)),
        [(1, 1, True)],
    ),
    "newest succeeded": (
        (PIPELINE, run("Failed", RECENT - DAY), run("Succeeded", number=2)),
        [(1, 1, False)],
    ),
    "stopped or under way": ((PIPELINE, run("Stopped"), run("Executing", number=2)), []),
    "long ago": ((PIPELINE, run("Failed", OLD)), []),
    "state machine": (
        (MACHINE, execution("TIMED_OUT"), execution("FAILED", RECENT - DAY, 2)),
        [(0, 2, True)],
    ),
    "aborted": ((MACHINE, execution("ABORTED"), execution("SUCCEEDED", number=2)), [(1, 0, False)]),
}


@pytest.mark.parametrize(("resources", "expected"), SEEN.values(), ids=SEEN)
def test_how_runs_end(
    resources: tuple[Resource, ...], expected: list[tuple[int, int, bool]]
) -> None:
    found = flow_runs(view_of(*resources))
    assert [(each.succeeded, each.failed, each.newest_failed) for each in found.items] == expected
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("operation", "subject", "seen"),
    [
        ("sagemaker:ListPipelineExecutions", None, 0),
        ("sagemaker:ListPipelineExecutions", P, 1),
        ("stepfunctions:ListExecutions", M, 1),
        ("sagemaker:ListPipelines", None, 0),
    ],
)
def test_runs_that_could_not_be_seen_are_a_gap(
    operation: str, subject: str | None, seen: int
) -> None:
    resources = (PIPELINE, run("Succeeded"), MACHINE, execution("SUCCEEDED"))
    missing = gap(operation, subject)
    found = flow_runs(view_of(*resources, gaps=[missing]))
    assert missing in found.gaps
    assert len(found.items) == seen
