"""What stands between a trained model and its registration: tests, and conditions on them."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import ServedModel, served_models
from mlaudit.capabilities.workflows import Workflow, definitions, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import ModelPackage, Pipeline, PipelineRun, RunStep, StateMachine, Step
from mlaudit.sight import View

REGISTERS = frozenset({"registermodel"})
DEPLOYS = frozenset({"model", "endpoint"})
LEARNS = frozenset({"automl", "batch", "training", "tuning"})
TESTS = frozenset(
    {"batch", "clarifycheck", "emr", "inference", "lambda", "processing", "qualitycheck",
     "training", "transform"}
)  # fmt: skip
"""Kinds of steps that can test a model; functions of the SDK's ``@step`` appear as training."""
DECIDES = frozenset({"condition"})


@dataclass(frozen=True, slots=True)
class ModelGate:
    """A workflow that registers models, or deploys them without registering.

    Attributes:
        flow: The workflow.
        tests: The steps that work on a model after it is trained and before it is registered.
        stops: Whether a condition after such a step comes before registration.
    """

    flow: Workflow
    tests: tuple[str, ...]
    stops: bool


@provider
def model_gates(view: View) -> Evidence[ModelGate]:
    """The workflows of a workload that let models out, with what they ask of a model."""
    seen = view.once(workflows)
    found = (_gate(each) for each in seen.items)
    return Evidence(tuple(each for each in found if each), seen.gaps)


def _gate(flow: Workflow) -> ModelGate | None:
    lets_out = REGISTERS if flow.kinds() & REGISTERS else DEPLOYS
    exits = [step for step in flow.steps if step.kind in lets_out]
    if not exits:
        return None
    each_tested = [_tests_before(flow, step) for step in exits]
    tested = all(each_tested)
    names = {name for tests in each_tested for name in tests} if tested else set[str]()
    stops = all(
        _can_stop(flow, step, tests) for step, tests in zip(exits, each_tested, strict=True)
    )
    return ModelGate(flow, tuple(sorted(names)), stops)


def _tests_before(flow: Workflow, step: Step) -> frozenset[str]:
    """The steps before another that test a model: after training, where the workflow trains."""
    trains = bool(flow.kinds() & LEARNS)
    return frozenset(
        each.name
        for each in flow.before(step)
        if each.kind in TESTS
        and (not trains or any(earlier.kind in LEARNS for earlier in flow.before(each)))
    )


def _can_stop(flow: Workflow, step: Step, tests: frozenset[str]) -> bool:
    return any(
        earlier.name in tests
        for each in flow.before(step)
        if each.kind in DECIDES
        for earlier in flow.before(each)
    )


@dataclass(frozen=True, slots=True)
class ServedRegistration:
    """A model that serves, and whether it was registered behind a test that can stop it.

    Attributes:
        served: The model.
        registered: Whether what it holds is a registered version.
        gated: Whether a workflow with a gate registered it.
    """

    served: ServedModel
    registered: bool
    gated: bool


@provider
def served_registrations(view: View) -> Evidence[ServedRegistration]:
    """Every served model for which it is known what registered it, or that nothing did."""
    defined, seen = view.once(definitions), view.once(served_models)
    known = {each.arn for each in defined.items}
    gates = (_gate(each) for each in defined.items)
    gated = {each.flow.arn for each in gates if each and each.stops}
    items, unknown = [], []
    for each in seen.items:
        packages = view.lineage.upstream(each.model.arn, ModelPackage)
        named = {one.package_arn for one in each.model.containers if one.package_arn}
        by = {arn for package in packages for arn in _registered_by(view, package)}
        if by & gated:
            items.append(ServedRegistration(each, registered=True, gated=True))
        elif (by and by <= known) or not (packages or named):
            items.append(ServedRegistration(each, registered=bool(packages), gated=False))
        else:
            unknown.append(_unknown(view, each))
    gaps = (*seen.gaps, *defined.gaps, *view.gaps(ModelPackage, RunStep), *unknown)
    return Evidence(tuple(items) if view.sees(ModelPackage) else (), tuple(dict.fromkeys(gaps)))


def _registered_by(view: View, package: ModelPackage) -> set[str]:
    """The pipelines and state machines that registered a version."""
    runs = view.lineage.into(package.arn, PipelineRun)
    flows = {each.arn for each in view.lineage.into(package.arn, Pipeline)}
    flows |= {each.arn for each in view.lineage.upstream(package.arn, StateMachine)}
    generated = (package.generated_by or "").partition("/execution/")[0]
    named = {generated} if ":pipeline/" in generated else set[str]()
    return flows | named | {run.pipeline_arn for run in runs}


def _unknown(view: View, served: ServedModel) -> Gap:
    operation = "sagemaker:DescribeModelPackage"
    return Gap.unread(operation, view.region.name, "RegistrarNotFound", served.model.arn)
