"""What AWS holds, as typed frozen values that checks and capabilities read."""

from dataclasses import fields, is_dataclass
from typing import Any

from mlaudit.resources.builds import BuildProject, TestReport
from mlaudit.resources.dashboards import Dashboard
from mlaudit.resources.data import CatalogDatabase, CatalogTable, DataArtifact
from mlaudit.resources.delivery import (
    DeliveryAction,
    DeliveryPipeline,
    DeliveryRun,
    Runbook,
)
from mlaudit.resources.deployments import ApiCall, Deployment, ShadowTest
from mlaudit.resources.edge import CoreDevice
from mlaudit.resources.environments import RunningEditor, WorkEnvironment
from mlaudit.resources.gateways import ApiMethod, ApiStage
from mlaudit.resources.governance import DatasetLineage, PersonalDataScan
from mlaudit.resources.images import ImageRepository, StoredImage
from mlaudit.resources.jobs import (
    AutoMLJob,
    BatchJob,
    BatchQueue,
    Fleet,
    HostUse,
    ProcessingJob,
    TrainingJob,
    TrainingTools,
    TransformJob,
    TuningJob,
)
from mlaudit.resources.labeling import LabelingJob
from mlaudit.resources.load import Benchmark, LoadRun
from mlaudit.resources.monitoring import (
    AnomalyDetector,
    CapturedRecords,
    CompositeAlarm,
    LogAnomalyDetector,
    MonitorDetails,
    Topic,
    WatchedMetric,
)
from mlaudit.resources.orchestration import (
    AirflowEnvironment,
    Pipe,
    Pipeline,
    PipelineRun,
    RuleUse,
    RunStart,
    RunStep,
    StateMachine,
    StateMachineRun,
    Step,
    Trigger,
)
from mlaudit.resources.platform import (
    Alarm,
    Bucket,
    ComponentTraffic,
    EventSourceMapping,
    Function,
    InstanceQuota,
    KafkaCluster,
    KinesisStream,
    LogGroup,
    LogStream,
    ResourceTags,
    RolePermissions,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
)
from mlaudit.resources.protection import BucketProtection
from mlaudit.resources.quality import DataQualityResult, DataQualityRuleset
from mlaudit.resources.records import CallLog, ConfigRecorder, ModelCard
from mlaudit.resources.resource import Resource
from mlaudit.resources.retention import BucketRetention, Expiry
from mlaudit.resources.sagemaker import (
    Container,
    DataCapture,
    Endpoint,
    EndpointConfig,
    FeatureGroup,
    InferenceComponent,
    Model,
    ModelPackage,
    ModelPackageGroup,
    MonitoringSchedule,
    RecommendationJob,
    UnusedEndpointConfig,
    Variant,
)
from mlaudit.resources.tracking import TrackedRun, Tracker

__all__ = [
    "KINDS",
    "AirflowEnvironment",
    "Alarm",
    "AnomalyDetector",
    "ApiCall",
    "ApiMethod",
    "ApiStage",
    "AutoMLJob",
    "BatchJob",
    "BatchQueue",
    "Benchmark",
    "Bucket",
    "BucketProtection",
    "BucketRetention",
    "BuildProject",
    "CallLog",
    "CapturedRecords",
    "CatalogDatabase",
    "CatalogTable",
    "ComponentTraffic",
    "CompositeAlarm",
    "ConfigRecorder",
    "Container",
    "CoreDevice",
    "Dashboard",
    "DataArtifact",
    "DataCapture",
    "DataQualityResult",
    "DataQualityRuleset",
    "DatasetLineage",
    "DeliveryAction",
    "DeliveryPipeline",
    "DeliveryRun",
    "Deployment",
    "Endpoint",
    "EndpointConfig",
    "EventSourceMapping",
    "Expiry",
    "FeatureGroup",
    "Fleet",
    "Function",
    "HostUse",
    "ImageRepository",
    "InferenceComponent",
    "InstanceQuota",
    "KafkaCluster",
    "KinesisStream",
    "LabelingJob",
    "LoadRun",
    "LogAnomalyDetector",
    "LogGroup",
    "LogStream",
    "Model",
    "ModelCard",
    "ModelPackage",
    "ModelPackageGroup",
    "MonitorDetails",
    "MonitoringSchedule",
    "PersonalDataScan",
    "Pipe",
    "Pipeline",
    "PipelineRun",
    "ProcessingJob",
    "RecommendationJob",
    "Resource",
    "ResourceTags",
    "RolePermissions",
    "RuleUse",
    "RunStart",
    "RunStep",
    "Runbook",
    "RunningEditor",
    "ScalableTarget",
    "ScalingPolicy",
    "ScheduledScaling",
    "ShadowTest",
    "StateMachine",
    "StateMachineRun",
    "Step",
    "StoredImage",
    "TestReport",
    "Topic",
    "TrackedRun",
    "Tracker",
    "Traffic",
    "TrainingJob",
    "TrainingTools",
    "TransformJob",
    "Trigger",
    "TuningJob",
    "UnusedEndpointConfig",
    "Variant",
    "WatchedMetric",
    "WorkEnvironment",
]


def _kinds() -> dict[str, type[Resource]]:
    exported: list[Any] = [globals()[name] for name in __all__ if name != "KINDS"]
    found: list[Any] = [each for each in exported if is_dataclass(each)]
    return {each.__name__: each for each in found if {"arn", "region"} <= _names(each)}


def _names(kind: Any) -> set[str]:
    return {each.name for each in fields(kind)}


KINDS = _kinds()
"""Every type a snapshot can hold, by name, as a snapshot file names them."""
