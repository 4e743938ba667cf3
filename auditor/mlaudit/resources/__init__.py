"""What AWS holds, as typed frozen values that checks and capabilities read."""

from typing import get_args

from mlaudit.resources.jobs import (
    AutoMLJob,
    BatchJob,
    BatchQueue,
    Fleet,
    HostUse,
    ProcessingJob,
    TrainingJob,
    TransformJob,
    TuningJob,
)
from mlaudit.resources.orchestration import (
    AirflowEnvironment,
    Pipeline,
    PipelineRun,
    RunStep,
    StateMachine,
    StateMachineRun,
    Step,
    Trigger,
)
from mlaudit.resources.platform import (
    Alarm,
    Bucket,
    EventSourceMapping,
    Function,
    KafkaCluster,
    KinesisStream,
    LogGroup,
    LogStream,
    ResourceTags,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
)
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

__all__ = [
    "KINDS",
    "AirflowEnvironment",
    "Alarm",
    "AutoMLJob",
    "BatchJob",
    "BatchQueue",
    "Bucket",
    "Container",
    "DataCapture",
    "Endpoint",
    "EndpointConfig",
    "EventSourceMapping",
    "FeatureGroup",
    "Fleet",
    "Function",
    "HostUse",
    "InferenceComponent",
    "KafkaCluster",
    "KinesisStream",
    "LogGroup",
    "LogStream",
    "Model",
    "ModelPackage",
    "ModelPackageGroup",
    "MonitoringSchedule",
    "Pipeline",
    "PipelineRun",
    "ProcessingJob",
    "RecommendationJob",
    "Resource",
    "ResourceTags",
    "RunStep",
    "ScalableTarget",
    "ScalingPolicy",
    "ScheduledScaling",
    "StateMachine",
    "StateMachineRun",
    "Step",
    "Traffic",
    "TrainingJob",
    "TransformJob",
    "Trigger",
    "TuningJob",
    "UnusedEndpointConfig",
    "Variant",
]

Resource = (
    AirflowEnvironment
    | Alarm
    | AutoMLJob
    | BatchJob
    | BatchQueue
    | Bucket
    | Endpoint
    | EndpointConfig
    | EventSourceMapping
    | FeatureGroup
    | Function
    | HostUse
    | InferenceComponent
    | KafkaCluster
    | KinesisStream
    | LogGroup
    | LogStream
    | Model
    | ModelPackage
    | ModelPackageGroup
    | MonitoringSchedule
    | Pipeline
    | PipelineRun
    | ProcessingJob
    | RecommendationJob
    | ResourceTags
    | RunStep
    | ScalableTarget
    | ScalingPolicy
    | ScheduledScaling
    | StateMachine
    | StateMachineRun
    | Traffic
    | TrainingJob
    | TransformJob
    | Trigger
    | TuningJob
    | UnusedEndpointConfig
)
"""Every type a snapshot can hold. Each has an ``arn`` and a ``region``."""

KINDS: dict[str, type[Resource]] = {kind.__name__: kind for kind in get_args(Resource)}
"""The same types by name, as a snapshot file names them."""
