from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.searches import OriginOfModel
from mlaudit.capabilities.serving import ServedModel
from mlaudit.capabilities.training import TuningRun, TuningStrategies
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status, Verdict
from mlaudit.resources import Step
from mlaudit_checks.s4_pipelines.c4_3_hyperparameter_tuning import hyperparameter_tuning

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DENIED = Gap("sagemaker:ListPipelines", "eu-west-1", "AccessDenied", GapReason.DENIED)


def flow(kind: str, succeeded_at: datetime | None = NOW) -> Workflow:
    step = Step("work", kind, (), None, None, (), ())
    return Workflow(f"arn:pipeline/{kind}", "train", Engine.PIPELINES, (step,), succeeded_at)


def run(strategy: str, *, completed: bool = True, recent: bool = True) -> TuningRun:
    return TuningRun(f"arn:tuning-job/{strategy}", strategy, completed, recent, NOW)


TUNES = Evidence((flow("tuning"),))
NEVER_RAN = Evidence((flow("tuning", None),))
ONLY_TRAINS = Evidence((flow("training"),))
BAYESIAN = Evidence((run("Bayesian"),))
OLD = Evidence((run("Bayesian", recent=False),))
STOPPED = Evidence((run("Bayesian", completed=False),))
HYPERBAND = Evidence((run("Hyperband"),))
TWO = Evidence((TuningStrategies(("Bayesian", "Random"), "arn:tuning-job/a"),))
ONE = Evidence((TuningStrategies(("Bayesian",), "arn:tuning-job/a"),))


Parts = tuple[Evidence[Workflow], Evidence[bool], Evidence[TuningRun], Evidence[TuningStrategies]]
"""What the check is given, the models that serve as whether each of them was tuned."""


def judged(served: ServedModel, parts: Parts) -> Verdict:
    flows, tuned, runs, strategies = parts
    models = tuple(
        OriginOfModel(replace(served, tuned_by=("arn:tuning-job/a",) if each else ()))
        for each in tuned.items
    )
    return hyperparameter_tuning(flows, Evidence(models, tuned.gaps), runs, strategies)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ((TUNES, Evidence((True,)), BAYESIAN, TWO), Status.PASS),
        # nothing serves: the rest decides
        ((TUNES, Evidence(), BAYESIAN, TWO), Status.PASS),
        ((NEVER_RAN, Evidence((True,)), BAYESIAN, TWO), Status.PARTIAL),
        ((ONLY_TRAINS, Evidence((True,)), BAYESIAN, TWO), Status.PARTIAL),
        ((Evidence(), Evidence((True,)), BAYESIAN, TWO), Status.PARTIAL),
        ((TUNES, Evidence((True, False)), BAYESIAN, TWO), Status.PARTIAL),
        ((TUNES, Evidence((True,)), HYPERBAND, TWO), Status.PARTIAL),
        ((TUNES, Evidence((True,)), OLD, TWO), Status.PARTIAL),
        ((TUNES, Evidence((True,)), STOPPED, TWO), Status.PARTIAL),
        ((TUNES, Evidence((True,)), Evidence(), TWO), Status.PARTIAL),
        ((TUNES, Evidence((True,)), BAYESIAN, ONE), Status.PARTIAL),
        ((TUNES, Evidence((True,)), BAYESIAN, Evidence()), Status.PARTIAL),
        # what serves untuned fails, whatever else tunes
        ((TUNES, Evidence((False,)), BAYESIAN, TWO), Status.FAIL),
        ((ONLY_TRAINS, Evidence(), Evidence(), Evidence()), Status.FAIL),
        ((Evidence(), Evidence(), Evidence(), Evidence()), Status.FAIL),
        ((Evidence((), (DENIED,)), Evidence((True,)), BAYESIAN, TWO), Status.NOT_ASSESSED),
        ((TUNES, Evidence((True,), (DENIED,)), BAYESIAN, TWO), Status.NOT_ASSESSED),
        ((TUNES, Evidence((True,)), Evidence((), (DENIED,)), TWO), Status.NOT_ASSESSED),
        ((TUNES, Evidence((True,)), BAYESIAN, Evidence((), (DENIED,))), Status.NOT_ASSESSED),
        # the model that was not seen may be the tuned one
        ((TUNES, Evidence((False,), (DENIED,)), BAYESIAN, TWO), Status.NOT_ASSESSED),
        # what was not seen cannot change it
        ((Evidence((), (DENIED,)), Evidence((True, False)), BAYESIAN, TWO), Status.PARTIAL),
        ((Evidence((), (DENIED,)), Evidence((False,)), BAYESIAN, TWO), Status.FAIL),
    ],
)
def test_status(served: ServedModel, parts: Parts, status: Status) -> None:
    assert judged(served, parts).status is status


def test_words(served: ServedModel) -> None:
    assert judged(served, (NEVER_RAN, Evidence((True, False)), BAYESIAN, TWO)).summary == (
        "SageMaker pipeline train has a tuning step and no success in the window; "
        "model fraud on endpoint fraud was trained without tuning"
    )
    assert judged(served, (TUNES, Evidence((True,)), HYPERBAND, TWO)).summary == (
        "tuning job Hyperband used the Hyperband strategy"
    )
