"""What of the models that serve is in a registry, and what may be in one out of sight."""

import pytest

from mlaudit.capabilities.registered import registered_versions
from mlaudit.resources import Container, Model, ModelPackage, Resource, TrainingJob
from mlaudit.testing import arn_of, build, gap, serving, view_of

DATA, OTHER = "s3://b/fit/output/model.tar.gz", "s3://mlflow/1/abc/artifacts/model.tar.gz"
JOB = build(TrainingJob, "fit", artifact=DATA)
PACKAGE = build(ModelPackage, "g/1", containers=(build(Container, model_data=OTHER),))
PROVIDED = "s3://jumpstart-cache-prod-eu-west-1/llm/model.tar.gz"


def holding(*data: str | None) -> tuple[Resource, ...]:
    return serving("e", *(build(Container, model_data=each) for each in data))


MODELS: dict[str, tuple[tuple[Resource, ...], bool]] = {
    "straight from a training job": ((*holding(DATA), JOB), False),
    "from a job that is not in sight": (holding(DATA), True),
    "from another place": ((*holding(OTHER), JOB), True),
    "one of two from another place": ((*holding(DATA, OTHER), JOB), True),
    "from another place, and registered": ((*holding(OTHER), PACKAGE), False),
    "provided by AWS": (holding(PROVIDED), False),
    "with no artefact": (holding(None), True),
}


@pytest.mark.parametrize(("resources", "hidden"), MODELS.values(), ids=MODELS)
def test_a_model_may_come_from_a_registry_out_of_sight(
    resources: tuple[Resource, ...],
    hidden: bool,  # noqa: FBT001 - a table
) -> None:
    evidence = registered_versions(view_of(*resources))
    unread = [(each.code, each.subject) for each in evidence.gaps]
    assert unread == [("RegistryElsewhere", arn_of(Model, "e"))] * hidden
    assert len(evidence.items) == (not hidden)


def test_an_unseen_registry_is_a_gap() -> None:
    denied = gap("sagemaker:ListModelPackages")
    evidence = registered_versions(view_of(*holding(DATA), JOB, gaps=[denied]))
    assert (evidence.items, evidence.gaps) == ((), (denied,))
