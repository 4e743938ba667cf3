"""The way of a version to where it serves, and its runbook."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.promotion import Promotion, promotion_runbooks, promotions
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Container,
    DeliveryAction,
    DeliveryPipeline,
    DeliveryRun,
    EndpointConfig,
    Model,
    ModelPackage,
    Pipeline,
    PipelineRun,
    Resource,
    Runbook,
    RunStep,
    StateMachine,
    StateMachineRun,
    Step,
)
from mlaudit.resources.repository import FactKind, RepositoryFact
from mlaudit.testing import OLD, RECENT, REGION, arn_of, build, gap, serving, view_of

MODEL, PACKAGE = arn_of(Model, "m"), arn_of(ModelPackage, "g/1")
HOUR = timedelta(hours=1)
SPAN = {"started_at": RECENT - HOUR, "ended_at": RECENT + HOUR}


def served(approval: str = "Approved", **package: Any) -> tuple[Resource, ...]:
    usual = {"group_name": "g", "version": 1, "approval": approval, "created_by": "arn:author"}
    named = build(Container, package_arn=PACKAGE)
    return (
        *serving("m", named, endpoint={"created_at": OLD}),
        build(ModelPackage, "g/1", arn=PACKAGE, **{**usual, **package}),
    )


def pipeline(*kinds: str, name: str = "p") -> Pipeline:
    steps = tuple(
        Step(f"s{at}", kind, (f"s{at - 1}",) if at else (), None, None, (), ())
        for at, kind in enumerate(kinds)
    )
    return build(Pipeline, name, steps=steps)


def made(by: Pipeline, *arns: str) -> tuple[Resource, ...]:
    run = f"{by.arn}/execution/1"
    steps = (
        build(RunStep, f"s{at}", arn=f"{run}#{at}", run_arn=run, made_arn=arn)
        for at, arn in enumerate(arns)
    )
    return (by, build(PipelineRun, arn=run, pipeline_arn=by.arn), *steps)


def delivery(*stages: tuple[str, str]) -> tuple[Resource, ...]:
    arn = arn_of(DeliveryPipeline, "d")
    actions = tuple(build(DeliveryAction, "x", stage=name, category=kind) for name, kind in stages)
    run = {"arn": f"{arn}#1", "pipeline_arn": arn, "status": "Succeeded", **SPAN}
    return build(DeliveryPipeline, "d", arn=arn, actions=actions), build(DeliveryRun, **run)


STAGED = delivery(("Staging", "deploy"), ("Gate", "approval"), ("Prod", "deploy"))
GATED = made(pipeline("training", "processing", "condition", "registermodel"), PACKAGE)
UNGATED = made(pipeline("training", "registermodel"), PACKAGE)
CONFIG = arn_of(EndpointConfig, "m")
DEPLOYS = made(pipeline("endpointconfig", "endpoint", name="q"), CONFIG)
MACHINE = build(
    StateMachine,
    "f",
    steps=(
        Step("try", "lambda", (), None, None, (), ()),
        Step("if", "condition", ("try",), None, None, (), ()),
        Step("ask", "activity", ("if",), None, None, (), ()),
        Step("out", "endpoint", ("ask",), None, None, (), ()),
    ),
)
MACHINE_RUN = build(StateMachineRun, "f:1", machine_arn=MACHINE.arn, **SPAN)

WAYS: dict[str, tuple[tuple[Resource, ...], tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "by a delivery pipeline": (
        (*served(created_by="arn:author"), *UNGATED, *STAGED),
        (("Staging/x",), ("Gate/x",)),
    ),
    "by a delivery pipeline of one stage": (
        (*served(), *UNGATED, *delivery(("Prod", "deploy"))),
        ((), ()),
    ),
    "tested before registration, approved in the registry": (
        (*served(modified_by="arn:other"), *GATED),
        (("its test before registration",), ("its approval in the registry",)),
    ),
    "approved in the registry, deployed by a pipeline without a test": (
        (*served(modified_by="arn:other"), *UNGATED, *DEPLOYS),
        ((), ("its approval in the registry",)),
    ),
    "straight": ((*served(), *UNGATED, *DEPLOYS), ((), ())),
    "by a state machine that tests and asks": (
        (*served("PendingManualApproval"), *UNGATED, MACHINE, MACHINE_RUN),
        (("try",), ("ask",)),
    ),
}


@pytest.mark.parametrize(("resources", "expected"), WAYS.values(), ids=WAYS)
def test_the_way_of_a_version(
    resources: tuple[Resource, ...], expected: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    (found,) = promotions(view_of(*resources)).items
    assert (found.arn, found.words) == (MODEL, "model m on endpoint m")
    assert (found.tested, found.approved) == expected
    assert found.placed_at == RECENT


def codes(found: Evidence[Promotion]) -> list[tuple[str, str | None]]:
    return [(each.code, each.subject) for each in found.gaps]


UNKNOWN: dict[str, tuple[Resource, ...]] = {
    "nothing shows what deployed it": (*served(modified_by="arn:other"), *UNGATED),
    "nothing shows who approved it": (*served(created_by=None), *UNGATED, *DEPLOYS),
    "a delivery that ended before": (
        *served(),
        *UNGATED,
        STAGED[0],
        build(DeliveryRun, arn="r", pipeline_arn=STAGED[0].arn, status="Succeeded",
              started_at=RECENT - 2 * HOUR, ended_at=RECENT - HOUR),
    ),
    "a delivery that failed": (
        *served(),
        *UNGATED,
        STAGED[0],
        build(DeliveryRun, arn="r", pipeline_arn=STAGED[0].arn, status="Failed", **SPAN),
    ),
}  # fmt: skip


@pytest.mark.parametrize("resources", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_way_is_a_gap(resources: tuple[Resource, ...]) -> None:
    found = promotions(view_of(*resources))
    assert found.items == ()
    assert ("DeployedByUnknown", MODEL) in codes(found)


def test_a_registrar_matters_only_where_nothing_else_tells() -> None:
    unregistered = served()
    found = promotions(view_of(*unregistered, *STAGED))
    assert len(found.items) == 1
    assert found.gaps == ()
    found = promotions(view_of(*unregistered, *DEPLOYS))
    assert found.items == ()
    assert ("RegistrarNotFound", MODEL) in codes(found)


def test_what_came_before_the_window_has_no_time() -> None:
    old = serving(
        "m",
        build(Container, package_arn=PACKAGE),
        config={"created_at": OLD},
        endpoint={"created_at": OLD},
        model={"created_at": OLD},
    )
    package = served(modified_by="arn:other")[-1]
    (found,) = promotions(view_of(*old, package, *GATED)).items
    assert found.placed_at is None


@pytest.mark.parametrize(
    "operation",
    [
        "codepipeline:ListPipelines",
        "codepipeline:ListPipelineExecutions",
        "sagemaker:ListPipelines",
        "sagemaker:ListPipelineExecutionSteps",
        "stepfunctions:ListExecutions",
    ],
)
def test_a_way_that_may_be_hidden_is_not_called_straight(operation: str) -> None:
    unseen = gap(operation)
    found = promotions(view_of(*WAYS["straight"][0], gaps=[unseen]))
    assert found.items == ()
    assert unseen in found.gaps


RUNBOOK = build(Runbook, "promote", arn="arn:doc")
FILE = RepositoryFact(
    arn="repo://a/runbook.md",
    region=REGION,
    repository="a",
    workload=None,
    kind=FactKind.RUNBOOK,
    tool="",
    path="runbook.md",
    line=0,
    on_commit=False,
    local=False,
)


@pytest.mark.parametrize(
    ("resource", "words"),
    [(RUNBOOK, "automation document promote"), (FILE, "runbook a/runbook.md")],
)
def test_runbooks_are_documents_and_files(resource: Any, words: str) -> None:
    found = promotion_runbooks(view_of(*served(), resource))
    assert [each.words for each in found.items] == [words]
    assert found.gaps == ()


def test_a_runbook_that_is_not_seen_may_be_elsewhere() -> None:
    unseen = gap("ssm:ListDocuments")
    (denied, elsewhere) = promotion_runbooks(view_of(*served(), gaps=[unseen])).gaps
    assert (denied, elsewhere.code) == (unseen, "RunbookElsewhere")
    assert elsewhere.words == "whether a runbook for model/m is kept elsewhere"
    assert promotion_runbooks(view_of()) == Evidence()
