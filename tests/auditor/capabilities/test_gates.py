"""What a model passes before it is registered, and what serves without having passed it."""

from __future__ import annotations

import pytest

from mlaudit.capabilities.gates import model_gates, served_registrations
from mlaudit.model import Gap
from mlaudit.resources import (
    Container,
    Model,
    ModelPackage,
    Pipeline,
    PipelineRun,
    Resource,
    RunStep,
    Step,
)
from mlaudit.testing import OLD, arn_of, build, gap, serving, view_of

PIPELINE, PACKAGE = arn_of(Pipeline, "p"), arn_of(ModelPackage, "g/1")


def chain(*kinds: str) -> Pipeline:
    steps = (
        Step(f"s{at}", kind, (f"s{at - 1}",) if at else (), None, None, (), ())
        for at, kind in enumerate(kinds)
    )
    return build(Pipeline, "p", steps=tuple(steps))


GATES: dict[str, tuple[tuple[str, ...], list[tuple[tuple[str, ...], bool]]]] = {
    "with a test and a condition": (
        ("processing", "training", "processing", "condition", "registermodel"),
        [(("s2",), True)],
    ),
    "with a test in a function of the SDK": (
        ("training", "training", "condition", "registermodel"),
        [(("s1",), True)],
    ),
    "with a test and no condition": (
        ("training", "processing", "registermodel"),
        [(("s1",), False)],
    ),
    "with a condition on the data alone": (
        ("processing", "condition", "training", "processing", "registermodel"),
        [(("s3",), False)],
    ),
    "without a test of the model": (
        ("processing", "training", "condition", "registermodel"),
        [((), False)],
    ),
    "of a model trained elsewhere": (
        ("lambda", "condition", "registermodel"),
        [(("s0",), True)],
    ),
    "that deploys without registering": (
        ("training", "processing", "condition", "model"),
        [(("s1",), True)],
    ),
    "that lets nothing out": (("training", "processing", "condition"), []),
}


@pytest.mark.parametrize(("kinds", "expected"), GATES.values(), ids=GATES)
def test_a_workflow_has_a_gate_or_not(
    kinds: tuple[str, ...], expected: list[tuple[tuple[str, ...], bool]]
) -> None:
    evidence = model_gates(view_of(chain(*kinds)))
    assert [(each.tests, each.stops) for each in evidence.items] == expected
    assert evidence.gaps == ()


def test_every_way_out_needs_a_gate() -> None:
    gated = chain("training", "processing", "condition", "registermodel").steps
    bypass = Step("bypass", "registermodel", ("s0",), None, None, (), ())
    (found,) = model_gates(view_of(build(Pipeline, "p", steps=(*gated, bypass)))).items
    assert (found.tests, found.stops) == ((), False)


GATED = chain("training", "processing", "condition", "registermodel")
OPEN = chain("training", "registermodel")
RUN = build(PipelineRun, "p/execution/1", pipeline_arn=PIPELINE)
STEP = build(RunStep, arn=f"{RUN.arn}#s3", run_arn=RUN.arn, made_arn=PACKAGE)
VERSION = build(ModelPackage, "g/1")
BY_PACKAGE = serving("e", build(Container, package_arn=PACKAGE))
BARE = serving("e", build(Container, model_data="s3://bucket/model.tar.gz"))

SERVED: dict[str, tuple[tuple[Resource, ...], list[tuple[bool, bool]], int]] = {
    "through a gate": ((*BY_PACKAGE, VERSION, GATED, RUN, STEP), [(True, True)], 0),
    "through no gate": ((*BY_PACKAGE, VERSION, OPEN, RUN, STEP), [(True, False)], 0),
    "through a gate long ago": (
        (
            *BY_PACKAGE,
            build(ModelPackage, "g/1", generated_by=f"{PIPELINE}/execution/0", created_at=OLD),
            GATED,
        ),
        [(True, True)],
        0,
    ),
    "from a pipeline that is gone": (
        (*BY_PACKAGE, build(ModelPackage, "g/1", generated_by=f"{PIPELINE}/execution/0")),
        [],
        1,
    ),
    "registered by somebody": ((*BY_PACKAGE, VERSION, GATED), [], 1),
    "from a registry elsewhere": ((*BY_PACKAGE, GATED), [], 1),
    "without a registry": ((*BARE, GATED), [(False, False)], 0),
}


@pytest.mark.parametrize(("resources", "expected", "unknown"), SERVED.values(), ids=SERVED)
def test_what_serves_passed_a_gate_or_not(
    resources: tuple[Resource, ...], expected: list[tuple[bool, bool]], unknown: int
) -> None:
    evidence = served_registrations(view_of(*resources))
    assert [(each.registered, each.gated) for each in evidence.items] == expected
    assert [each.code for each in evidence.gaps] == ["RegistrarNotFound"] * unknown
    assert all(each.subject == arn_of(Model, "e") for each in evidence.gaps)


@pytest.mark.parametrize(
    "missing",
    [
        gap("sagemaker:DescribeModelPackage"),
        gap("sagemaker:DescribePipeline"),
        gap("sagemaker:DescribeModel"),
        gap("sagemaker:ListPipelineExecutionSteps"),
    ],
)
def test_what_hides_a_registration_is_a_gap(missing: Gap) -> None:
    assert missing in served_registrations(view_of(*BARE, gaps=[missing])).gaps


def test_a_bare_model_is_not_called_unregistered_while_versions_are_unseen() -> None:
    missing = gap("sagemaker:DescribeModelPackage")
    assert served_registrations(view_of(*BARE, gaps=[missing])).items == ()
