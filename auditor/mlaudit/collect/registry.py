"""Collect the model registry and the feature store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc, without_login
from mlaudit.collect.whole import Searchable, searchable, whole
from mlaudit.resources import Container, FeatureGroup, ModelPackage, ModelPackageGroup

GATE_NOTE = "mlaudit gate"
"""How a note begins that mlaudit leaves with a version: it is nobody's reason to approve it."""

GROUPS = searchable("ModelPackageGroup")
FEATURE_GROUPS = searchable("FeatureGroup")
PACKAGES = Searchable(
    path=("ModelPackage",),
    listing=lists("sagemaker", "ListModelPackages", "ModelPackageSummaryList"),
    describing=Operation("sagemaker", "DescribeModelPackage"),
    name="ModelPackageArn",
    parameter="ModelPackageName",
    arn="ModelPackageArn",
    asked=(("ModelPackageType", "Both"),),
)


@collector(*GROUPS.operations)
def model_package_groups(reader: Reader) -> Iterator[ModelPackageGroup]:
    """Every model package group."""

    def read(record: Record, tags: Mapping[str, str]) -> ModelPackageGroup:
        return ModelPackageGroup(
            arn=record["ModelPackageGroupArn"],
            region=reader.region,
            name=record["ModelPackageGroupName"],
            tags=tags,
            status=record["ModelPackageGroupStatus"],
            created_at=utc(record["CreationTime"]),
        )

    yield from whole(reader, GROUPS, read)


@collector(*PACKAGES.operations)
def model_packages(reader: Reader) -> Iterator[ModelPackage]:
    """Every version of every group."""

    def read(record: Record, tags: Mapping[str, str]) -> ModelPackage:
        arn = record["ModelPackageArn"]
        source = record.get("MetadataProperties") or {}
        metrics = record.get("ModelMetrics") or {}
        return ModelPackage(
            arn=arn,
            region=reader.region,
            name=arn.partition(":model-package/")[2],
            tags=tags,
            group_name=record.get("ModelPackageGroupName"),
            version=record.get("ModelPackageVersion"),
            status=record["ModelPackageStatus"],
            approval=record.get("ModelApprovalStatus"),
            containers=tuple(
                container(each)
                for each in (record.get("InferenceSpecification") or {}).get("Containers", ())
            ),
            generated_by=source.get("GeneratedBy"),
            commit=source.get("CommitId"),
            repository=without_login(source.get("Repository")),
            metadata_keys=tuple(sorted(record.get("CustomerMetadataProperties") or {})),
            quality_uri=_report(metrics, "ModelQuality", *_MEASURED),
            data_quality_uri=_report(metrics, "ModelDataQuality", *_MEASURED),
            data_bias_uri=_report(metrics, "Bias", "PreTrainingReport"),
            bias_uri=_report(metrics, "Bias", "PostTrainingReport", "Report"),
            explainability_uri=_report(metrics, "Explainability", "Report"),
            baselines=_baselines(record.get("DriftCheckBaselines") or {}),
            created_by=_principal(record.get("CreatedBy")),
            modified_by=_principal(record.get("LastModifiedBy")),
            approval_note=_by_a_person(record.get("ApprovalDescription")),
            card_status=(record.get("ModelCard") or {}).get("ModelCardStatus"),
            created_at=utc(record["CreationTime"]),
        )

    yield from whole(reader, PACKAGES, read)


_MEASURED = ("Statistics", "Constraints")
_COMPARED = (*reversed(_MEASURED), "PostTrainingConstraints", "PreTrainingConstraints")


def _report(metrics: Mapping[str, Any], kind: str, *members: str) -> str | None:
    """Where the first of some reports of one kind lies."""
    of_kind = metrics.get(kind) or {}
    found = ((of_kind.get(member) or {}).get("S3Uri") for member in members)
    return next((str(uri) for uri in found if uri), None)


def _baselines(baselines: Mapping[str, Any]) -> dict[str, str]:
    found = {kind: _report(baselines, kind, *_COMPARED) for kind in baselines}
    return {kind: uri for kind, uri in found.items() if uri}


def _by_a_person(note: str | None) -> bool:
    return bool(note) and not str(note).startswith(GATE_NOTE)


def _principal(context: Mapping[str, Any] | None) -> str | None:
    """Who did something: the IAM identity, or the profile of a Studio user."""
    context = context or {}
    identity = context.get("IamIdentity") or {}
    return identity.get("Arn") or context.get("UserProfileArn")


@collector(*FEATURE_GROUPS.operations)
def feature_groups(reader: Reader) -> Iterator[FeatureGroup]:
    """Every feature group."""

    def read(record: Record, tags: Mapping[str, str]) -> FeatureGroup:
        offline = record.get("OfflineStoreConfig") or {}
        return FeatureGroup(
            arn=record["FeatureGroupArn"],
            region=reader.region,
            name=record["FeatureGroupName"],
            tags=tags,
            status=record.get("FeatureGroupStatus"),
            described=bool(record.get("Description")),
            online=bool((record.get("OnlineStoreConfig") or {}).get("EnableOnlineStore")),
            offline_uri=(offline.get("S3StorageConfig") or {}).get("S3Uri"),
            created_at=utc(record["CreationTime"]),
        )

    yield from whole(reader, FEATURE_GROUPS, read)


def container(record: Mapping[str, Any]) -> Container:
    """Map one container of a model or a package; its environment is never read."""
    source = ((record.get("ModelDataSource") or {}).get("S3DataSource") or {}).get("S3Uri")
    return Container(
        image=record.get("Image"),
        image_digest=record.get("ImageDigest"),
        model_data=record.get("ModelDataUrl") or source,
        package_arn=record.get("ModelPackageName"),
        multi_model=record.get("Mode") == "MultiModel",
        framework=record.get("Framework"),
        framework_version=record.get("FrameworkVersion"),
    )
