from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.registered import RegisteredVersion
from mlaudit.capabilities.registry import ServedVersion
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Status, Verdict
from mlaudit.resources import ModelPackage
from mlaudit.testing import gap
from mlaudit_checks.s3_observability.c3_1_model_registry import model_registry

DENIED = gap("sagemaker:ListModelPackages")
Make = Callable[..., ServedVersion]


def judged(*versions: ServedVersion, gaps: tuple[Gap, ...] = ()) -> Verdict:
    return model_registry(Evidence(tuple(RegisteredVersion(each) for each in versions), gaps))


def changed(package: ModelPackage, **values: Any) -> dict[str, Any]:
    return {"package": replace(package, **values)}


def test_a_version_with_all_on_record_passes(version: Make) -> None:
    assert judged(version()).status is Status.PASS


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"quality_uri": None}, "evaluation"),
        ({"commit": None}, "code"),
        ({"containers": ()}, "model"),
    ],
)
def test_a_version_with_less_on_record_is_partial(
    version: Make, package: ModelPackage, values: dict[str, Any], kind: str
) -> None:
    found = judged(version(**changed(package, **values)))
    assert found.status is Status.PARTIAL
    assert found.summary == (
        f"model fraud on endpoint fraud is version fraud/2, with nothing on record of its {kind}"
    )


def test_without_a_job_nothing_is_on_record_of_the_data(version: Make) -> None:
    found = judged(version(jobs=()))
    assert found.status is Status.PARTIAL
    assert found.summary.endswith("nothing on record of its data")


def test_customer_metadata_speaks_too(version: Make, package: ModelPackage) -> None:
    keys = ("DatasetVersion", "git_sha", "validation_auc")
    told = changed(package, quality_uri=None, commit=None, metadata_keys=keys)
    assert judged(version(**told, jobs=())).status is Status.PASS


def test_a_package_without_a_group_has_no_versions(version: Make, package: ModelPackage) -> None:
    alone = version(**changed(package, version=None, group_name=None))
    assert judged(alone).status is Status.PARTIAL


def test_what_is_in_no_registry_fails(version: Make) -> None:
    outside = version(package=None, jobs=(), approved=())
    found = judged(outside)
    assert found.status is Status.FAIL
    assert found.summary == "model fraud on endpoint fraud is no version of a registry"
    assert judged(outside, version()).status is Status.PARTIAL


def test_unseen_is_neither_missing_nor_fine(version: Make) -> None:
    assert judged(gaps=(DENIED,)).status is Status.NOT_ASSESSED
    assert judged(version(), gaps=(DENIED,)).status is Status.NOT_ASSESSED


def test_nothing_that_serves_needs_no_registry() -> None:
    assert judged().status is Status.NOT_APPLICABLE
