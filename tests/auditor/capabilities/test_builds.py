"""Test suites that build services ran, by the names of reports and actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.builds import built_suites, kind_of
from mlaudit.capabilities.repositories import (
    commit_starts,
    integration_tests,
    smoke_tests,
    unit_tests,
)
from mlaudit.evidence import exists
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import (
    BuildProject,
    DeliveryAction,
    DeliveryPipeline,
    DeliveryRun,
    Resource,
    TestReport,
)
from mlaudit.resources.repository import FactKind
from mlaudit.testing import RECENT, arn_of, build, gap, view_of

PIPELINE = arn_of(DeliveryPipeline, "d")
PROJECT = build(BuildProject, "ci", on_commit=True)
NO_REPOSITORY = Gap("repository:read", "eu-west-1", "NoRepository", GapReason.NO_CHECKOUT)


def report(name: str, project: str = "ci") -> TestReport:
    return build(TestReport, name, arn=f"arn:{name}", project=project, tests=7)


def delivery(*actions: tuple[str, str, str | None], provider: str = "GitHub") -> Resource:
    found = tuple(
        build(DeliveryAction, name, stage="S", category=kind, project=project, provider=provider)
        for name, kind, project in actions
    )
    return build(DeliveryPipeline, "d", arn=PIPELINE, actions=found)


def ran(trigger: str, status: str = "Succeeded") -> DeliveryRun:
    return build(
        DeliveryRun, arn=f"{PIPELINE}#1", pipeline_arn=PIPELINE, status=status, trigger=trigger,
        started_at=RECENT, ended_at=RECENT + timedelta(hours=1),
    )  # fmt: skip


OUT = ("out", "deploy", None)
FOUND: dict[str, tuple[tuple[Resource, ...], FactKind, list[bool]]] = {
    "a report of a hooked project": ((PROJECT, report("ci-unit")), FactKind.UNIT_TESTS, [True]),
    "a report of another kind": ((PROJECT, report("ci-unit")), FactKind.SMOKE_TESTS, []),
    "a report of another project": (
        (PROJECT, report("other-unit", "other")), FactKind.UNIT_TESTS, [],
    ),
    "a report of a project by hand": (
        (build(BuildProject, "ci"), report("ci-smoke")), FactKind.SMOKE_TESTS, [False],
    ),
    "a report of a project that a delivery runs": (
        (delivery(("b", "build", "x")), ran("WebhookV2"), report("x-unit", "x")),
        FactKind.UNIT_TESTS, [True],
    ),
    "an action after a deployment": (
        (delivery(OUT, ("call", "test", None)), ran("Webhook")),
        FactKind.INTEGRATION_TESTS, [True],
    ),
    "an action before any deployment": (
        (delivery(("call", "test", None), OUT), ran("Webhook")), FactKind.INTEGRATION_TESTS, [],
    ),
    "an action of a name": (
        (delivery(("SmokeTest", "test", None)), ran("Webhook")), FactKind.SMOKE_TESTS, [True],
    ),
    "an action that a person starts": (
        (delivery(("SmokeTest", "test", None)), ran("StartPipelineExecution")),
        FactKind.SMOKE_TESTS, [False],
    ),
    "an action that an event of CodeCommit starts": (
        (delivery(("SmokeTest", "test", None), provider="CodeCommit"), ran("CloudWatchEvent")),
        FactKind.SMOKE_TESTS, [True],
    ),
    "an action that an event starts": (
        (delivery(("SmokeTest", "test", None)), ran("CloudWatchEvent")),
        FactKind.SMOKE_TESTS, [False],
    ),
    "an action that failed": (
        (delivery(("SmokeTest", "test", None)), ran("Webhook", "Failed")), FactKind.SMOKE_TESTS, [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("resources", "kind", "expected"), FOUND.values(), ids=FOUND)
def test_suites_are_told_by_reports_and_actions(
    resources: tuple[Resource, ...], kind: FactKind, expected: list[bool]
) -> None:
    found = built_suites(view_of(*resources), kind)
    assert [each.on_commit for each in found] == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ci-unit", FactKind.UNIT_TESTS),
        ("ci-integration", FactKind.INTEGRATION_TESTS),
        ("EndToEndTests", FactKind.INTEGRATION_TESTS),
        ("integrity", FactKind.UNIT_TESTS),
        ("Smoke", FactKind.SMOKE_TESTS),
    ],
)
def test_names_tell_the_kind(name: str, kind: FactKind) -> None:
    assert kind_of(name) is kind


def test_a_team_on_codebuild_needs_no_checkout() -> None:
    found = unit_tests(view_of(PROJECT, report("ci-unit")))
    assert found.gaps == (NO_REPOSITORY,)
    verdict = exists(found, lambda each: each.practice.observed())
    assert (verdict.status, verdict.summary) == (
        Status.PASS, "unit tests of build project ci, 7 in ci-unit, on every commit",
    )  # fmt: skip


@pytest.mark.parametrize("provider", [unit_tests, integration_tests, smoke_tests])
@pytest.mark.parametrize(
    "operation",
    [
        "codebuild:ListProjects",
        "codebuild:BatchGetReports",
        "codepipeline:GetPipeline",
        "codepipeline:ListPipelineExecutions",
    ],
)
def test_what_is_not_seen_is_a_gap(operation: str, provider: Any) -> None:
    unseen = gap(operation)
    assert unseen in provider(view_of(gaps=[unseen])).gaps


STARTS: dict[str, tuple[tuple[Resource, ...], list[bool | None]]] = {
    "a hooked project that reported": ((PROJECT, report("ci-unit")), [True]),
    "a hooked project that did not": ((PROJECT,), [None]),
    "a project by hand": ((build(BuildProject, "ci"), report("ci-unit")), []),
    "a delivery by a push": ((delivery(OUT), ran("WebhookV2")), [True]),
    "a delivery by a push that failed": ((delivery(OUT), ran("WebhookV2", "Failed")), [False]),
    "a delivery by hand": ((delivery(OUT), ran("StartPipelineExecution")), [False]),
}


@pytest.mark.parametrize(("resources", "started"), STARTS.values(), ids=list(STARTS))
def test_a_push_starts_builds_and_deliveries(
    resources: tuple[Resource, ...], started: list[bool | None]
) -> None:
    found = commit_starts(view_of(*resources))
    assert [each.started for each in found.items] == started
    assert found.gaps == (NO_REPOSITORY,)
