"""What the collector keeps of a registered model version."""

from datetime import UTC, datetime
from typing import Any

from mlaudit.collect.registry import model_packages
from mlaudit.resources import ModelPackage

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/fraud/2"
BARE = {
    "ModelPackageArn": ARN,
    "ModelPackageStatus": "Completed",
    "CreationTime": datetime(2026, 5, 20, tzinfo=UTC),
}


def at(name: str) -> dict[str, str]:
    return {"ContentType": "application/json", "S3Uri": f"s3://b/{name}"}


FULL = {
    **BARE,
    "CustomerMetadataProperties": {"git": "secret", "dataset": "secret"},
    "ModelMetrics": {
        "ModelQuality": {"Statistics": at("quality"), "Constraints": at("limits")},
        "ModelDataQuality": {"Constraints": at("data")},
        "Bias": {"Report": at("bias"), "PreTrainingReport": at("before")},
        "Explainability": {"Report": at("explained")},
    },
    "DriftCheckBaselines": {
        "ModelQuality": {"Statistics": at("old"), "Constraints": at("compare")},
        "Bias": {"ConfigFile": at("config")},
    },
    "CreatedBy": {"IamIdentity": {"Arn": "arn:aws:sts::1:assumed-role/build/1"}},
    "LastModifiedBy": {"UserProfileArn": "arn:aws:sagemaker:eu-west-1:1:user-profile/d/ana"},
    "ApprovalDescription": "free text",
}


def read(record: dict[str, Any], reader_of: Any, answers: Any) -> ModelPackage:
    api = answers(Search={"Results": [{"ModelPackage": record}]})
    reader = reader_of(api)
    api.replies["ListModelPackages"] = {"ModelPackageSummaryList": [record]}
    (package,) = model_packages.run(reader)
    assert isinstance(package, ModelPackage)
    return package


def test_reports_and_baselines_are_kept_by_where_they_lie(reader_of: Any, answers: Any) -> None:
    package = read(FULL, reader_of, answers)
    assert package.quality_uri == "s3://b/quality"
    assert package.data_quality_uri == "s3://b/data"
    assert package.data_bias_uri == "s3://b/before"
    assert package.bias_uri == "s3://b/bias"
    assert package.explainability_uri == "s3://b/explained"
    assert package.baselines == {"ModelQuality": "s3://b/compare"}


def test_free_text_is_kept_by_its_presence_alone(reader_of: Any, answers: Any) -> None:
    package = read(FULL, reader_of, answers)
    assert package.metadata_keys == ("dataset", "git")
    assert package.approval_note
    assert "secret" not in repr(package)
    assert "free text" not in repr(package)


def test_the_note_of_a_withdrawal_is_nobodys_reason(reader_of: Any, answers: Any) -> None:
    package = read({**FULL, "ApprovalDescription": "mlaudit gate: closed."}, reader_of, answers)
    assert not package.approval_note


def test_who_acted_is_a_principal(reader_of: Any, answers: Any) -> None:
    package = read(FULL, reader_of, answers)
    assert package.created_by == "arn:aws:sts::1:assumed-role/build/1"
    assert package.modified_by == "arn:aws:sagemaker:eu-west-1:1:user-profile/d/ana"


def test_a_version_may_say_nothing_of_all_that(reader_of: Any, answers: Any) -> None:
    package = read(BARE, reader_of, answers)
    assert package.metadata_keys == ()
    assert package.baselines == {}
    assert (package.quality_uri, package.bias_uri, package.explainability_uri) == (None,) * 3
    assert (package.created_by, package.modified_by, package.approval_note) == (None, None, False)
