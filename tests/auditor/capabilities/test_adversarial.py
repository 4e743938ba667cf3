"""Which jobs attacked a model that serves."""

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.adversarial import attacked_models
from mlaudit.capabilities.detectors import CONTROL_TAG
from mlaudit.evidence import Evidence
from mlaudit.resources import Container, ProcessingJob, Resource
from mlaudit.testing import NOW, OLD, RECENT, build, gap, serving, view_of

ARTEFACT = "s3://b/out/model.tar.gz"
SERVES = serving(
    "e", build(Container, model_data=ARTEFACT), model={"created_at": NOW - timedelta(days=9)}
)
EARLY = NOW - timedelta(days=20)


def job(name: str = "attack", /, **values: Any) -> ProcessingJob:
    return build(ProcessingJob, name, **{"tags": {CONTROL_TAG: "adversarial"}, **values})


Names = tuple[str | None, str | None]
CASES: dict[str, tuple[tuple[Resource, ...], Names | None]] = {
    "no job": ((), None),
    "an ordinary job": ((job(tags={}),), None),
    "a tagged job": ((job(),), ("attack", None)),
    "a job by name": ((job("red-team-7", tags={}),), ("red-team-7", None)),
    "a job by image": ((job("j", tags={}, image="r/garak:1"),), ("j", None)),
    "a job of another name": ((job("margarak", tags={}),), None),
    "a job that failed": ((job(status="Failed"),), None),
    "a job that runs": ((job(status="InProgress", ended_at=None),), None),
    "a job before the window": ((job(ended_at=OLD, inputs=(ARTEFACT,)),), None),
    "a job before the model": ((job(ended_at=EARLY),), (None, "attack")),
    "a job before the model, on its artefact": (
        (job(ended_at=EARLY, inputs=(ARTEFACT,)),),
        ("attack", None),
    ),
    "both": (
        (job("a-red-team", ended_at=EARLY), job("b-red-team", ended_at=RECENT)),
        ("b-red-team", "a-red-team"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_attacks(case: str) -> None:
    resources, names = CASES[case]
    found = attacked_models(view_of(*SERVES, *resources))
    assert [(each.job, each.before) for each in found.items] == ([names] if names else [])
    assert [each.code for each in found.gaps] == ([] if names else ["AttackedElsewhere"])


def test_the_newest_attack_is_named_with_its_date() -> None:
    late = job("z-red-team", ended_at=NOW - timedelta(days=2))
    (found,) = attacked_models(view_of(*SERVES, late, job("a-red-team"))).items
    assert (found.job, found.at) == ("a-red-team", RECENT)


def test_an_attack_on_this_version_may_be_out_of_sight() -> None:
    denied = gap("sagemaker:ListProcessingJobs")
    found = attacked_models(view_of(*SERVES, job(ended_at=EARLY), gaps=[denied]))
    assert found.items == ()
    assert denied in found.gaps


@pytest.mark.parametrize("operation", ["sagemaker:ListModels", "sagemaker:ListEndpoints"])
def test_models_out_of_sight_are_gaps(operation: str) -> None:
    assert gap(operation) in attacked_models(view_of(*SERVES, job(), gaps=[gap(operation)])).gaps


def test_where_nothing_serves_there_is_nothing_to_attack() -> None:
    assert attacked_models(view_of(job())) == Evidence()
