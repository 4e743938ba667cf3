"""One idea, several providers: checks ask for what a system can do, not for a service."""

from collections.abc import Callable, Mapping
from typing import Any

from mlaudit.capabilities.alarms import (
    AlarmedPlace,
    AlarmReach,
    WatchedPlace,
    alarm_reaches,
    alarmed_places,
    watched_places,
)
from mlaudit.capabilities.comparisons import (
    ShadowUse,
    TrafficSplit,
    shadow_uses,
    traffic_splits,
)
from mlaudit.capabilities.composition import (
    ChainedModels,
    ParallelModels,
    chained_models,
    parallel_models,
)
from mlaudit.capabilities.data import (
    DataStore,
    FeatureStore,
    TrainingData,
    data_stores,
    feature_stores,
    training_data,
)
from mlaudit.capabilities.detectors import (
    ConceptDriftControl,
    DataDriftControl,
    DataQualityControl,
    ModelQualityControl,
    concept_drift_controls,
    data_drift_controls,
    data_quality_controls,
    model_quality_controls,
)
from mlaudit.capabilities.fairness import FairnessReports, fairness_reports
from mlaudit.capabilities.frameworks import FrameworkRange, framework_range
from mlaudit.capabilities.gates import (
    ModelGate,
    ServedRegistration,
    model_gates,
    served_registrations,
)
from mlaudit.capabilities.governance import SignOff, sign_offs
from mlaudit.capabilities.logging import InferenceRecord, StepLogs, inference_records, step_logs
from mlaudit.capabilities.provenance import (
    Provenance,
    RunOfModel,
    TrainingRecord,
    provenances,
    runs_of_models,
    training_records,
)
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.capabilities.registry_use import (
    BaselineUse,
    RollbackVersion,
    baseline_uses,
    rollback_versions,
)
from mlaudit.capabilities.repositories import (
    CodeAnalysis,
    ExtremeTests,
    IntegrationTests,
    LocalChecks,
    SmokeTests,
    UnitTests,
    code_analyses,
    extreme_tests,
    integration_tests,
    local_checks,
    smoke_tests,
    unit_tests,
)
from mlaudit.capabilities.retraining import RetrainSchedule, retrain_schedules
from mlaudit.capabilities.rollouts import Rollout, WayBack, rollouts, ways_back
from mlaudit.capabilities.serving import (
    OriginOfModel,
    RealTimeVariant,
    Scaling,
    VerticalPath,
    origins,
    real_time_variants,
    scalings,
    vertical_paths,
)
from mlaudit.capabilities.streaming import StreamingGate, StreamPath, stream_paths
from mlaudit.capabilities.tracking import (
    DeclaredWorkflow,
    RunTracking,
    SourceOfModel,
    declared_workflows,
    run_tracking,
    sources_of_models,
)
from mlaudit.capabilities.training import (
    ParallelTraining,
    TrainingShapes,
    TuningRun,
    TuningStrategies,
    parallel_training,
    training_shapes,
    tuning_runs,
    tuning_strategies,
)
from mlaudit.capabilities.transforms import (
    LEARNS,
    PREPARES,
    PostProcessing,
    SharedPreparation,
    post_processing,
    shared_preparation,
)
from mlaudit.capabilities.workflows import (
    AutoMLOption,
    BatchScoring,
    Workflow,
    auto_ml_options,
    batch_scorings,
    workflows,
)
from mlaudit.evidence import Evidence
from mlaudit.sight import View

__all__ = [
    "LEARNS",
    "PREPARES",
    "PROVIDERS",
    "AutoMLOption",
    "BatchScoring",
    "ChainedModels",
    "FrameworkRange",
    "InferenceRecord",
    "OriginOfModel",
    "ParallelModels",
    "ParallelTraining",
    "PostProcessing",
    "RealTimeVariant",
    "Scaling",
    "SharedPreparation",
    "StepLogs",
    "StreamPath",
    "StreamingGate",
    "TrainingShapes",
    "TuningRun",
    "TuningStrategies",
    "VerticalPath",
    "Workflow",
]

PROVIDERS: Mapping[type, Callable[[View], Evidence[Any]]] = {
    CodeAnalysis: code_analyses,
    ExtremeTests: extreme_tests,
    IntegrationTests: integration_tests,
    LocalChecks: local_checks,
    SmokeTests: smoke_tests,
    UnitTests: unit_tests,
    BaselineUse: baseline_uses,
    Provenance: provenances,
    RollbackVersion: rollback_versions,
    RunOfModel: runs_of_models,
    ServedVersion: served_versions,
    TrainingRecord: training_records,
    FairnessReports: fairness_reports,
    AlarmReach: alarm_reaches,
    AlarmedPlace: alarmed_places,
    AutoMLOption: auto_ml_options,
    BatchScoring: batch_scorings,
    ChainedModels: chained_models,
    DataStore: data_stores,
    DeclaredWorkflow: declared_workflows,
    FeatureStore: feature_stores,
    ConceptDriftControl: concept_drift_controls,
    DataDriftControl: data_drift_controls,
    DataQualityControl: data_quality_controls,
    FrameworkRange: framework_range,
    InferenceRecord: inference_records,
    ModelGate: model_gates,
    ModelQualityControl: model_quality_controls,
    OriginOfModel: origins,
    ParallelModels: parallel_models,
    ParallelTraining: parallel_training,
    PostProcessing: post_processing,
    RealTimeVariant: real_time_variants,
    RetrainSchedule: retrain_schedules,
    Rollout: rollouts,
    Scaling: scalings,
    ShadowUse: shadow_uses,
    ServedRegistration: served_registrations,
    RunTracking: run_tracking,
    SharedPreparation: shared_preparation,
    SignOff: sign_offs,
    SourceOfModel: sources_of_models,
    StepLogs: step_logs,
    StreamPath: stream_paths,
    TrafficSplit: traffic_splits,
    TrainingData: training_data,
    TrainingShapes: training_shapes,
    TuningRun: tuning_runs,
    TuningStrategies: tuning_strategies,
    VerticalPath: vertical_paths,
    WayBack: ways_back,
    WatchedPlace: watched_places,
    Workflow: workflows,
}
"""What makes each capability from what can be seen."""
