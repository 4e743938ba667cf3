"""What training leaves on record: versions, runs, and features."""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.definitions import places
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    NOTHING,
    Properties,
    allow,
    arn,
    att,
    resource,
    role,
    sub,
)

GROUP = "ModelGroup"
TRACKING = "TrackingApp"
FEATURES = "FeatureGroup"
RUNS = "tracking/"
"""Where the tracking app keeps artefacts in the artifact bucket."""


def records(manifest: Manifest) -> dict[str, Properties]:
    """The group of versions; the tracking app and the feature group where they are wanted."""
    return {
        GROUP: _group(manifest),
        **(_tracking(manifest) if manifest.training.tracking else {}),
        **(_features(manifest) if manifest.features.store else {}),
    }


def _group(manifest: Manifest) -> Properties:
    """Versions outlive the stack: what has served must be on record (guide item 9.3)."""
    return resource(
        "AWS::SageMaker::ModelPackageGroup",
        {
            "ModelPackageGroupName": names.model_group(manifest),
            "ModelPackageGroupDescription": f"Versions of {manifest.name}, of {manifest.owner}",
        },
        keep=manifest.data.retain,
    )


def _tracking(manifest: Manifest) -> dict[str, Properties]:
    """An MLflow app: it costs nothing while nobody logs to it (guide item 2.3)."""
    bucket = shared.artifact_bucket(manifest)
    may = [
        *shared.read_objects(bucket, RUNS),
        *shared.write_objects(bucket, RUNS),
        *shared.use_key(manifest),
    ]
    app = resource(
        "AWS::SageMaker::MlflowApp",
        {
            "Name": names.tracking_app(manifest),
            "ArtifactStoreUri": sub(f"s3://${{Bucket}}/{RUNS.rstrip('/')}", {"Bucket": bucket}),
            "ModelRegistrationMode": "AutoModelRegistrationDisabled",
            "RoleArn": att("TrackingRole"),
        },
    )
    about = "Lets the MLflow app keep artefacts of runs"
    return {TRACKING: app, "TrackingRole": role("sagemaker.amazonaws.com", may, about=about)}


def _features(manifest: Manifest) -> dict[str, Properties]:
    """The feature group; its offline store is in the data bucket, catalogued in Glue (1.6)."""
    bucket = shared.data_bucket(manifest)
    key = shared.key(manifest)
    online = {"EnableOnlineStore": True, "SecurityConfig": _online_key(manifest)}
    group = resource(
        "AWS::SageMaker::FeatureGroup",
        {
            "FeatureGroupName": names.feature_group(manifest),
            "Description": f"What {manifest.name} knows of a record when it came about",
            "RecordIdentifierFeatureName": manifest.data.record_id,
            "EventTimeFeatureName": manifest.data.event_time,
            "FeatureDefinitions": _definitions(manifest),
            "OfflineStoreConfig": {
                "S3StorageConfig": {
                    "S3Uri": sub(
                        f"s3://${{Bucket}}/{places.FEATURES.rstrip('/')}", {"Bucket": bucket}
                    ),
                    "KmsKeyId": key,
                },
            },
            "OnlineStoreConfig": online if manifest.features.online else NOTHING,
            "RoleArn": att("FeatureStoreRole"),
        },
    )
    return {FEATURES: group, "FeatureStoreRole": _store_role(manifest)}


def _online_key(manifest: Manifest) -> Properties:
    key = shared.key(manifest)
    return {"KmsKeyId": key} if manifest.encryption == "kms" else NOTHING


def _definitions(manifest: Manifest) -> list[Properties]:
    text = (manifest.data.record_id, manifest.data.event_time)
    kinds = {
        **dict.fromkeys((*text, *manifest.features.categorical), "String"),
        **dict.fromkeys(manifest.features.numeric, "Fractional"),
        manifest.data.protected.attribute: "String",
        manifest.data.label: "Integral",
    }
    return [{"FeatureName": name, "FeatureType": kind} for name, kind in kinds.items()]


def _store_role(manifest: Manifest) -> Properties:
    """What the feature store asks of its role; its tables have a database of their own in Glue."""
    bucket = shared.data_bucket(manifest)
    may = [
        *shared.read_objects(bucket, places.FEATURES),
        *shared.write_objects(bucket, places.FEATURES),
        allow(("s3:PutObjectAcl",), [shared.objects(bucket, places.FEATURES)]),
        allow(("s3:GetBucketAcl", "s3:GetBucketLocation"), [shared.bucket_arn(bucket)]),
        allow(
            ("glue:CreateDatabase", "glue:CreateTable", "glue:GetTable", "glue:UpdateTable"),
            [
                arn("glue", "catalog"),
                arn("glue", "database/sagemaker_featurestore"),
                arn("glue", "table/sagemaker_featurestore/*"),
            ],
        ),
        *shared.use_key(manifest),
    ]
    about = "Lets the feature store write its offline store"
    return role("sagemaker.amazonaws.com", may, about=about)
