"""What delivery pipelines do before production, and what their runs brought."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mlaudit.capabilities.delivery import deliveries, is_apart
from mlaudit.resources import DeliveryAction, DeliveryPipeline, DeliveryRun
from mlaudit.testing import RECENT, arn_of, build, gap, view_of

ARN = arn_of(DeliveryPipeline, "d")
HOUR = timedelta(hours=1)
RUN = build(
    DeliveryRun,
    arn=f"{ARN}#1",
    pipeline_arn=ARN,
    status="Succeeded",
    started_at=RECENT - HOUR,
    ended_at=RECENT + HOUR,
)


def pipeline(*actions: str) -> DeliveryPipeline:
    """One whose actions are written as ``stage/name:category``."""
    parts = [each.partition(":") for each in actions]
    found = [
        build(DeliveryAction, name.partition("/")[2], stage=name.partition("/")[0], category=kind)
        for name, _, kind in parts
    ]
    return build(DeliveryPipeline, "d", arn=ARN, actions=tuple(found))


STAGES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str | None]] = {
    "staging, approval, production": (
        ("Source/git:source", "Staging/out:deploy", "Staging/try:test", "Prod/ask:approval",
         "Prod/out:deploy"),
        ("Staging/out", "Staging/try"), ("Prod/ask",), "Prod/out",
    ),
    "by builds with telling names": (
        ("DeployQA/build:build", "Release/deploy:build"), ("DeployQA/build",), (), "Release/deploy",
    ),
    "straight": (("Build/build:build", "Deploy/out:deploy"), (), (), "Deploy/out"),
    "with tests of the code": (
        ("Build/UnitTest:test", "Build/lint:test", "Deploy/out:deploy"), (), (), "Deploy/out",
    ),
    "an approval after production": (
        ("Deploy/out:deploy", "Deploy/ask:approval"), (), (), "Deploy/out",
    ),
    "to staging alone": (("PreProd/out:deploy",), ("PreProd/out",), (), None),
    "of one that only builds": (("Build/build:build",), (), (), None),
}  # fmt: skip


@pytest.mark.parametrize(
    ("actions", "staged", "approvals", "production"), STAGES.values(), ids=STAGES
)
def test_what_stands_before_production(
    actions: tuple[str, ...],
    staged: tuple[str, ...],
    approvals: tuple[str, ...],
    production: str | None,
) -> None:
    (found,) = deliveries(view_of(pipeline(*actions))).items
    assert tuple(each.words for each in found.staged) == staged
    assert tuple(each.words for each in found.approvals) == approvals
    assert (found.production.words if found.production else None) == production


@pytest.mark.parametrize(
    ("run", "actions", "brought"),
    [
        ({}, "Deploy/out:deploy", True),
        ({}, "Build/build:build", False),
        ({"status": "Failed"}, "Deploy/out:deploy", False),
        ({"ended_at": RECENT - HOUR / 2}, "Deploy/out:deploy", False),
        ({"started_at": RECENT + HOUR / 2}, "Deploy/out:deploy", False),
    ],
)
def test_what_came_about_in_a_run_was_brought_by_it(
    run: dict[str, object], actions: str, *, brought: bool
) -> None:
    usual = {"arn": RUN.arn, "pipeline_arn": ARN, "status": RUN.status,
             "started_at": RUN.started_at, "ended_at": RUN.ended_at}  # fmt: skip
    (found,) = deliveries(view_of(pipeline(actions), build(DeliveryRun, **{**usual, **run}))).items
    assert found.brought(RECENT) is brought


def test_a_pipeline_whose_runs_are_hidden_is_a_gap_alone() -> None:
    hidden = gap("codepipeline:ListPipelineExecutions", ARN)
    found = deliveries(view_of(pipeline("Deploy/out:deploy"), gaps=[hidden]))
    assert (found.items, found.gaps) == ((), (hidden,))
    found = deliveries(view_of(pipeline("Deploy/out:deploy"), RUN, gaps=[hidden]))
    assert len(found.items) == 1


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("fraud-staging", True),
        ("DeployTest", True),
        ("pre-prod", True),
        ("qa", True),
        ("fraud", False),
        ("latest", False),
        ("production", False),
        ("contest-model", False),
    ],
)
def test_names_tell_what_is_not_production(name: str, *, apart: bool) -> None:
    assert is_apart(name) is apart
